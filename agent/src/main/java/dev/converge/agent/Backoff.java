package dev.converge.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: doubling, with jitter, so that a crowd spreads out. */
final class Backoff {
  private final Duration shortest;
  private final RandomGenerator random;
  private int failures;

  Backoff(Duration shortest, RandomGenerator random) {
    this.shortest = shortest;
    this.random = random;
  }

  /**
   * Between half and all of the shortest time, doubled for each failure before up to the longest.
   */
  Duration next(Duration longest) {
    Duration full = shortest.multipliedBy(1L << Math.min(failures++, 20));
    Duration bounded = full.compareTo(longest) < 0 ? full : longest;
    return Duration.ofNanos(bounded.toNanos() / 2 + random.nextLong(bounded.toNanos() / 2 + 1));
  }

  /** All is well again. */
  void reset() {
    failures = 0;
  }
}
