package dev.converge.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Durations as one says them. */
final class Spoken {
  private Spoken() {}

  /** The two largest units of a duration, such as {@code 1 hour 5 minutes}. */
  static String duration(Duration duration) {
    Duration rounded = Duration.ofSeconds(duration.plusMillis(500).toSeconds());
    List<String> parts = new ArrayList<>();
    add(parts, rounded.toDays(), "day");
    add(parts, rounded.toHoursPart(), "hour");
    add(parts, rounded.toMinutesPart(), "minute");
    add(parts, rounded.toSecondsPart(), "second");
    return parts.isEmpty()
        ? "0 seconds"
        : String.join(" ", parts.subList(0, Math.min(2, parts.size())));
  }

  private static void add(List<String> parts, long count, String unit) {
    if (count > 0) {
      parts.add(count + " " + unit + (count == 1 ? "" : "s"));
    }
  }
}
