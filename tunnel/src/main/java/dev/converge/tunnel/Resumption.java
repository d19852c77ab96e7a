package dev.converge.tunnel;

import java.time.Duration;

/**
 * How a lost connection is made good.
 *
 * @param window how long it is tried, from each loss on
 * @param pause before the second attempt, and twice as long before each further one, up to 20 times
 *     as long
 * @param limits of the stream that outlives its connections
 * @param notices tells the user
 */
public record Resumption(Duration window, Duration pause, StreamLimits limits, Notices notices) {
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration MOST = Duration.ofDays(1);

  public Resumption {
    if (window.compareTo(MOST) > 0) {
      throw new IllegalArgumentException("resume window: " + window + " (expected: at most P1D)");
    }
  }

  /** What everyone uses. */
  public Resumption(Duration window, Notices notices) {
    this(window, PAUSE, StreamLimits.DEFAULT, notices);
  }
}
