package dev.converge.relay;

import java.time.Duration;

/**
 * Lets pass so many a second, and some seconds' worth at once. The times are nanoseconds of any one
 * clock, such as {@link System#nanoTime}. Not safe for use by many threads.
 */
final class TokenBucket {
  private static final long SECOND = 1_000_000_000L;

  private final long rate;
  private final long depth;
  private long fullAt;

  /**
   * A full bucket.
   *
   * @param rate how many come in a second; at least 1
   * @param burst how long it takes to fill
   */
  TokenBucket(long rate, Duration burst, long now) {
    this.rate = rate;
    depth = burst.toNanos();
    fullAt = now;
  }

  /** Takes one; false if there is none. */
  boolean take(long now) {
    if (missing(now) + SECOND / rate > depth) {
      return false;
    }
    spend(1, now);
    return true;
  }

  /** Takes {@code count}, on credit if need be; returns how long it takes to pay that back. */
  long spend(long count, long now) {
    fullAt = now + missing(now) + count * SECOND / rate;
    return Math.max(0, missing(now) - depth);
  }

  boolean isFull(long now) {
    return missing(now) == 0;
  }

  /** What is missing, as the time in which it comes. */
  private long missing(long now) {
    return Math.max(0, fullAt - now);
  }
}
