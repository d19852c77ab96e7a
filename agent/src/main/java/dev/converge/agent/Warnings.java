package dev.converge.agent;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which warnings are due before the session ends: one at each lead, once per approach. An end that
 * moves away is approached anew.
 */
final class Warnings {
  private static final Duration LAST_LEAD = Duration.ofSeconds(30);

  /** An end that moves by less than this has not moved: the two clocks drift against each other. */
  private static final Duration DRIFT = Duration.ofSeconds(1);

  private final List<Duration> leads;
  private @Nullable Duration lastWarned;

  /**
   * @param first how long before the end the first warning comes; zero means no warnings
   */
  Warnings(Duration first) {
    leads =
        first.isZero()
            ? List.of()
            : first.compareTo(LAST_LEAD) > 0 ? List.of(first, LAST_LEAD) : List.of(first);
  }

  /** Whether to warn now; if so, it counts as done. */
  boolean due(Duration now, Duration end) {
    boolean due = leads.stream().map(end::minus).anyMatch(at -> isDue(at, now));
    if (due) {
      lastWarned = now;
    }
    return due;
  }

  private boolean isDue(Duration at, Duration now) {
    return at.compareTo(now) <= 0
        && (lastWarned == null || lastWarned.plus(DRIFT).compareTo(at) < 0);
  }

  /** When the next warning will be due; {@code end} itself if there is none before. */
  Duration next(Duration now, Duration end) {
    return leads.stream()
        .map(end::minus)
        .filter(at -> at.compareTo(now) > 0)
        .min(Duration::compareTo)
        .orElse(end);
  }
}
