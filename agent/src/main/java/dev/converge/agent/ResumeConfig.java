package dev.converge.agent;

import dev.converge.tunnel.StreamLimits;
import java.time.Duration;

/**
 * What is done for clients that lose their connection.
 *
 * @param window how long a session waits for its client to come back; zero means not at all
 * @param greeting how long a client that may speak of that may say nothing at first
 * @param limits of each stream
 */
record ResumeConfig(Duration window, Duration greeting, StreamLimits limits) {
  private static final Duration LONGEST = Duration.ofDays(3650);

  ResumeConfig {
    if (window.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "resume-window: " + window + " (expected: at most 10 years)");
    }
  }

  static ResumeConfig within(Duration window) {
    return new ResumeConfig(window, LoginLimits.USUAL.time(), StreamLimits.DEFAULT);
  }
}
