package dev.converge.relay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page that tells how to use this relay, with the relay's own address in every command and the
 * checksum of the agent that it hands out.
 */
final class UsagePage {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z]+)}}");

  private final String template;
  private final String version;
  private final String agentSha256;

  private UsagePage(String template, String version, String agentSha256) {
    this.template = template;
    this.version = version;
    this.agentSha256 = agentSha256;
  }

  /**
   * @param agentSha256 in hex
   */
  static UsagePage load(String agentSha256) throws IOException {
    try (InputStream in = UsagePage.class.getResourceAsStream("/dev/converge/web/index.html")) {
      if (in == null) {
        throw new IOException("dev/converge/web/index.html is not on the class path");
      }
      String version = UsagePage.class.getPackage().getImplementationVersion();
      return new UsagePage(
          new String(in.readAllBytes(), StandardCharsets.UTF_8),
          version == null ? "(not packaged)" : version,
          agentSha256);
    }
  }

  /** The page as HTML for one who reached this relay at {@code origin}. */
  byte[] render(Origin origin) {
    Map<String, String> values =
        Map.of(
            "http",
            origin.http(),
            "ws",
            origin.ws(),
            "host",
            origin.host(),
            "version",
            version,
            "agentsum",
            agentSha256);
    String page =
        PLACEHOLDER
            .matcher(template)
            .replaceAll(name -> Matcher.quoteReplacement(escape(values, name.group(1))));
    return page.getBytes(StandardCharsets.UTF_8);
  }

  private static String escape(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("placeholder {{" + name + "}} of the page has no value");
    }
    return value
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
