package dev.converge.tunnel;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** The time between the loss of a path and the peer's answer on another one. */
final class Outage {
  private static final int LONGEST_PAUSE = 20;
  private static final long SECOND = 1_000_000_000;
  private static final long MOST_WISHED = 30 * SECOND;

  private final Resumption terms;
  private final long since;
  private final String reason;
  private String failure;
  private int failures;
  private long wished;

  /**
   * @param failures how many attempts have failed already; the next is at once if there is none
   */
  Outage(Resumption terms, String reason, int failures, long now) {
    this.terms = terms;
    this.reason = reason;
    this.failures = failures;
    since = now;
    failure = reason;
  }

  int failures() {
    return failures;
  }

  /** For how many nanoseconds it may go on. */
  long left(long now) {
    return terms.window().toNanos() - (now - since);
  }

  /**
   * An attempt to end it has failed.
   *
   * @param retryAfter what the relay asks for, in seconds; 0 if it asks for nothing
   */
  void failed(String why, int retryAfter) {
    failure = why;
    failures++;
    wished = retryAfter * SECOND;
  }

  /** How many nanoseconds before the next attempt; others have lost the same relay. */
  long pause() {
    if (failures == 0) {
      return 0;
    }
    long longest = LONGEST_PAUSE * terms.pause().toNanos();
    long pause = Math.min(longest, terms.pause().toNanos() << Math.min(failures - 1, 6));
    double jitter = ThreadLocalRandom.current().nextDouble(0.8, 1.2);
    return Math.max((long) (pause * jitter), Math.min(MOST_WISHED, wished));
  }

  String beginning() {
    return "connection lost (" + reason + "); reconnecting for up to " + text(terms.window());
  }

  String ending(long now) {
    long seconds = Math.max(1, Math.round((double) (now - since) / SECOND));
    return "reconnected after " + text(Duration.ofSeconds(seconds));
  }

  /** Why there is nothing left to be tried. */
  String epitaph() {
    return "the session was not resumed within " + text(terms.window()) + ": " + failure;
  }

  private static String text(Duration time) {
    long seconds = time.toSeconds();
    boolean minutes = seconds > 0 && seconds % 60 == 0;
    return minutes ? seconds / 60 + " min" : seconds + " s";
  }
}
