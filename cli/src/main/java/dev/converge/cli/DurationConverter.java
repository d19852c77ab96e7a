package dev.converge.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Durations as {@code PT10M} (ISO 8601) or in short as {@code 90s}, {@code 10m}, {@code 2h30m}. */
public final class DurationConverter implements Converter<Duration> {
  private static final String SHORT = "(\\d+d)?((\\d+h)?(\\d+m)?(\\d+(\\.\\d+)?s)?)";

  @Override
  public Duration convert(String text) {
    try {
      Duration duration = Duration.parse(iso(text));
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // Falls through to the one message for all that is not a duration.
    }
    throw new IllegalArgumentException("'" + text + "' is not a duration (expected: PT10M or 10m)");
  }

  private static String iso(String text) {
    var parts = Pattern.compile(SHORT).matcher(text);
    if (!parts.matches()) {
      return text.toUpperCase(Locale.ROOT);
    }
    String days = parts.group(1) == null ? "" : parts.group(1);
    return ("P" + days + (parts.group(2).isEmpty() ? "" : "T" + parts.group(2)))
        .toUpperCase(Locale.ROOT);
  }
}
