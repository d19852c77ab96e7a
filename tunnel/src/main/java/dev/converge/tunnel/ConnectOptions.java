package dev.converge.tunnel;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How connections to a relay are made.
 *
 * @param proxies which proxies stand between
 * @param tls whom to believe, and who to be
 * @param headers additional fields of an upgrade request, made anew for each
 * @param timeouts how long each step may take
 * @param resumption how a lost connection is made good; null if it is not, and nobody is told that
 *     it could be
 */
public record ConnectOptions(
    ProxySettings proxies,
    TlsConfig tls,
    Supplier<Map<String, String>> headers,
    Timeouts timeouts,
    @Nullable Resumption resumption) {

  /**
   * A connection without additional fields, of which the loss is the end.
   *
   * @param caFile a PEM file with the certificates to trust instead of the JDK's
   */
  public ConnectOptions(ProxySettings proxies, @Nullable Path caFile) {
    this(proxies, TlsConfig.trusting(caFile), Map::of, Timeouts.DEFAULT, null);
  }

  /** The additional fields of one request. */
  Map<String, String> fields() {
    Map<String, String> fields = headers.get();
    for (Map.Entry<String, String> field : fields.entrySet()) {
      check(field.getKey(), field.getValue());
    }
    return fields;
  }

  private static void check(String name, String value) {
    if (!name.matches("[A-Za-z0-9-]+") || !value.matches("[\\x20-\\x7e]*")) {
      throw new IllegalArgumentException(
          "header: '" + Text.excerpt(name) + "' (expected: a name and printable ASCII)");
    }
  }
}
