package dev.converge.tunnel;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the replay buffers of one program share: each has {@link #OWN} bytes whatever the
 * others have, and what it holds beyond that it takes from here. Safe for threads.
 */
public final class ReplayBudget {
  /** Enough for acknowledgements to come by amount and not by time, see {@link StreamLimits}. */
  static final int OWN = 1 << 20;

  private final long shared;
  private final AtomicLong left;

  /**
   * A budget.
   *
   * @param shared in bytes
   */
  public ReplayBudget(long shared) {
    this.shared = shared;
    left = new AtomicLong(shared);
  }

  /** For who has few streams. */
  public static ReplayBudget unlimited() {
    return new ReplayBudget(Long.MAX_VALUE);
  }

  /** Whether a buffer may hold {@code larger} bytes in the place of {@code held}: it has them. */
  boolean take(int held, int larger) {
    long more = beyondOwn(larger) - beyondOwn(held);
    boolean enough = left.addAndGet(-more) >= 0;
    if (!enough) {
      left.addAndGet(more);
    }
    return enough;
  }

  /** Whether {@link #take} would have a chance. */
  boolean allows(int held, int larger) {
    return left.get() >= beyondOwn(larger) - beyondOwn(held);
  }

  /** A buffer holds {@code smaller} bytes now in the place of {@code held}. */
  void giveBack(int held, int smaller) {
    left.addAndGet(beyondOwn(held) - beyondOwn(smaller));
  }

  /** Whether more than half is taken, so that nobody should keep what he does not use. */
  boolean isScarce() {
    return left.get() < shared / 2;
  }

  private static long beyondOwn(int length) {
    return Math.max(0, length - OWN);
  }
}
