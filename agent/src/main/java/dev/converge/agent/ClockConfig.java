package dev.converge.agent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the session ends.
 *
 * @param expiry how long it lives without input
 * @param linger how long it lives when those who count have left
 * @param warning how long before its end the shells are warned; zero means not at all
 * @param maxDuration how long it lives at most; none means that input extends it for ever
 * @param exitOn who counts
 */
record ClockConfig(
    Duration expiry,
    Duration linger,
    Duration warning,
    @Nullable Duration maxDuration,
    ExitOn exitOn) {
  private static final Duration LONGEST = Duration.ofDays(3650);

  ClockConfig {
    positive("expiry", expiry);
    if (maxDuration != null) {
      positive("max-duration", maxDuration);
    }
    atMostLongest("linger", linger);
    atMostLongest("warning", warning);
  }

  private static void positive(String name, Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(name + ": " + duration + " (expected: more than 0)");
    }
    atMostLongest(name, duration);
  }

  private static void atMostLongest(String name, Duration duration) {
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + ": " + duration + " (expected: at most 10 years)");
    }
  }
}
