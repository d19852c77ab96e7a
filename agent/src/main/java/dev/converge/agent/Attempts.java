package dev.converge.agent;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failed logins at this agent, whatever connections they came on: after too many of them nobody
 * is let in for a while, so that guessing does not get quicker by many connections.
 */
final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  private final LoginLimits limits;
  private final LongSupplier nanos;
  private final Deque<Long> failures = new ArrayDeque<>();
  private long refusedSince;
  private boolean refusing;

  /**
   * @param nanos nanoseconds from any fixed point
   */
  Attempts(LoginLimits limits, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
  }

  enum Outcome {
    RIGHT,
    WRONG,
    /** It was not even looked at. */
    REFUSED
  }

  /**
   * What became of a guess.
   *
   * @param time for a wrong one, how long to keep the answer back; for a refused one, how long
   *     nobody is let in yet
   */
  record Verdict(Outcome outcome, Duration time) {}

  /** Looks at a guess: one at a time, or many at once would all be looked at before one counts. */
  synchronized Verdict guess(BooleanSupplier right) {
    Duration refused = refusedFor();
    if (!refused.isZero()) {
      return new Verdict(Outcome.REFUSED, refused);
    }
    return right.getAsBoolean()
        ? new Verdict(Outcome.RIGHT, Duration.ZERO)
        : new Verdict(Outcome.WRONG, failed());
  }

  /** Counts a failure; returns how long to keep the answer back. */
  synchronized Duration failed() {
    long now = nanos.getAsLong();
    forget(now);
    failures.add(now);
    Duration delay = limits.delay(failures.size());
    if (failures.size() >= limits.failures() && refusedFor().isZero()) {
      LOG.warn(
          "{} failed logins within {}: nobody is let in for {}",
          failures.size(),
          Spoken.duration(limits.window()),
          Spoken.duration(limits.refusal()));
      refusing = true;
      refusedSince = now;
      failures.clear();
    }
    return delay;
  }

  /** How long nobody is let in yet; zero if logins are looked at. */
  synchronized Duration refusedFor() {
    Duration left = limits.refusal().minusNanos(nanos.getAsLong() - refusedSince);
    refusing = refusing && !left.isNegative() && !left.isZero();
    return refusing ? left : Duration.ZERO;
  }

  private void forget(long now) {
    while (!failures.isEmpty() && now - failures.peek() >= limits.window().toNanos()) {
      failures.remove();
    }
  }
}
