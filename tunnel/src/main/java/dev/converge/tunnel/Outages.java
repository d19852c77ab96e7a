package dev.converge.tunnel;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The outages of a link, one after the other, and what the user is to be told of them. Guarded by
 * the {@link LinkState} that has them.
 */
final class Outages {
  private final Resumption terms;
  private final Queue<String> untold = new ArrayDeque<>();
  private @Nullable Outage current;

  /** The failures before the path, which go on to count if it was not worth having. */
  private int failures;

  /** Whether anything has arrived on the path behind the peer's hello. */
  private boolean fruitful;

  Outages(Resumption terms) {
    this.terms = terms;
  }

  /** The outage that goes on; null if none does. */
  @Nullable Outage current() {
    return current;
  }

  /**
   * A path is lost, or another attempt.
   *
   * @return the outage if it begins now, and there is time to end it
   */
  @Nullable Outage lost(String why, long now) {
    Outage before = current;
    if (before != null) {
      before.failed(why, 0);
      return null;
    }
    Outage begun = new Outage(terms, why, fruitful ? 0 : failures, now);
    current = begun;
    if (begun.left(now) <= 0) {
      return null;
    }
    untold.add(begun.beginning());
    return begun;
  }

  /** The peer has answered on a path. */
  void answered(long now) {
    Outage over = current;
    current = null;
    fruitful = false;
    failures = over == null ? 0 : over.failures() + 1;
    if (over != null) {
      untold.add(over.ending(now));
    }
  }

  /** Something has arrived behind the answer. */
  void arrived() {
    fruitful = true;
  }

  /** The next line that the user has not been told; null if there is none. */
  @Nullable String untold() {
    return untold.poll();
  }
}
