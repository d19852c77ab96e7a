package dev.converge.agent;

import dev.converge.tunnel.StreamLimits;
import java.time.Duration;

/**
 * What is done for clients that lose their connection.
 *
 * @param window how long a session waits for its client to come back; zero means not at all
 * @param greeting how long a client that may speak of that may say nothing at first
 * @param limits of each stream
 * @param replay bytes that all streams together may keep for clients beyond what each has its own
 */
record ResumeConfig(Duration window, Duration greeting, StreamLimits limits, long replay) {
  private static final Duration LONGEST = Duration.ofDays(3650);

  ResumeConfig {
    if (window.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "resume-window: " + window + " (expected: at most 10 years)");
    }
  }

  static ResumeConfig within(Duration window) {
    long replay = Runtime.getRuntime().maxMemory() / 4;
    return new ResumeConfig(window, LoginLimits.USUAL.time(), StreamLimits.DEFAULT, replay);
  }
}
