package dev.converge.relay;

import dev.converge.cli.Converter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as {@code 500000}, {@code 500K}, {@code 10M}, {@code 1G}; K is 1024. */
final class ByteCount implements Converter<Long> {
  private static final String FORM = "([0-9]{1,9})([KMGkmg]?)";

  @Override
  public Long convert(String text) {
    Matcher form = Pattern.compile(FORM).matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a number of bytes (expected: 500000, 500K or 10M)");
    }
    long unit =
        switch (form.group(2).toUpperCase(Locale.ROOT)) {
          case "K" -> 1L << 10;
          case "M" -> 1L << 20;
          case "G" -> 1L << 30;
          default -> 1;
        };
    return Math.multiplyExact(Long.parseLong(form.group(1)), unit);
  }
}
