package dev.converge.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as {@code PT10M} (ISO 8601) or in short as {@code 90s}, {@code 10m}, {@code 2h30m}. */
final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern SHORT =
      Pattern.compile("(\\d+d)?((\\d+h)?(\\d+m)?(\\d+(\\.\\d+)?s)?)");

  @Override
  public Duration convert(String value) {
    try {
      Duration duration = Duration.parse(iso(value.toUpperCase(Locale.ROOT), value));
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // Falls through to the one message for all that is not a duration.
    }
    throw new TypeConversionException("'" + value + "' is not a duration (expected: PT10M or 10m)");
  }

  private static String iso(String upper, String value) {
    var parts = SHORT.matcher(value);
    if (!parts.matches()) {
      return upper;
    }
    String days = parts.group(1) == null ? "" : parts.group(1);
    return ("P" + days + (parts.group(2).isEmpty() ? "" : "T" + parts.group(2)))
        .toUpperCase(Locale.ROOT);
  }
}
