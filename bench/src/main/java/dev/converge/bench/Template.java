package dev.converge.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The configuration files of the references, which are resources with fields such as @port@. */
final class Template {
  private static final Pattern FIELD = Pattern.compile("@(\\w+)@");

  private Template() {}

  static String fill(String resource, Map<String, ?> values) throws IOException {
    try (InputStream in = Template.class.getResourceAsStream(resource)) {
      byte[] bytes = Objects.requireNonNull(in, resource).readAllBytes();
      return replace(new String(bytes, StandardCharsets.UTF_8), values);
    }
  }

  /**
   * Puts values in the place of fields.
   *
   * @throws NullPointerException if there is no value for a field
   */
  static String replace(String text, Map<String, ?> values) {
    return FIELD
        .matcher(text)
        .replaceAll(
            field -> {
              Object value = Objects.requireNonNull(values.get(field.group(1)), field.group());
              return Matcher.quoteReplacement(value.toString());
            });
  }
}
