package dev.converge.agent;

import java.time.Duration;

/**
 * How far somebody gets who does not get in.
 *
 * @param time from the connection to the login
 * @param firstDelay before the answer to the first wrong password; doubled for each one after it
 * @param lastDelay the longest delay
 * @param failures how many failed logins, on all connections, lead to a refusal of everybody
 * @param window how long a failure counts
 * @param refusal how long nobody is let in
 */
record LoginLimits(
    Duration time,
    Duration firstDelay,
    Duration lastDelay,
    int failures,
    Duration window,
    Duration refusal) {
  static final LoginLimits USUAL =
      new LoginLimits(
          Duration.ofSeconds(30),
          Duration.ofMillis(500),
          Duration.ofSeconds(4),
          20,
          Duration.ofMinutes(1),
          Duration.ofMinutes(1));

  /** Before the answer to the {@code count}th failure of a window. */
  Duration delay(int count) {
    Duration delay = firstDelay;
    for (int i = 1; i < count && delay.compareTo(lastDelay) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(lastDelay) < 0 ? delay : lastDelay;
  }
}
