package dev.converge.relay;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the sender of a request reaches this relay.
 *
 * @param secure whether by TLS
 * @param host name or address with the port, if it is not the scheme's own
 */
record Origin(boolean secure, String host) {
  private static final Pattern HOST =
      Pattern.compile(
          "(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}])(?::\\d{1,5})?");

  /**
   * Empty if the request does not say it in a form that may stand on a page.
   *
   * @param tls whether the relay itself speaks TLS
   */
  static Optional<Origin> of(HttpHeaders headers, boolean trustProxy, boolean tls) {
    if (headers.getAll(HttpHeaderNames.HOST).size() > 1) {
      return Optional.empty();
    }
    String host = headers.get(HttpHeaderNames.HOST);
    String scheme = tls ? "https" : "http";
    if (trustProxy) {
      host = firstOf(headers.get("X-Forwarded-Host"), host);
      scheme = firstOf(headers.get("X-Forwarded-Proto"), scheme);
    }
    if (host == null || !HOST.matcher(host).matches()) {
      return Optional.empty();
    }
    return switch (String.valueOf(scheme).toLowerCase(Locale.ROOT)) {
      case "https", "wss" -> Optional.of(new Origin(true, host));
      case "http", "ws" -> Optional.of(new Origin(false, host));
      default -> Optional.empty();
    };
  }

  /** The first, which is the client's own, of a list of forwarded values. */
  private static @Nullable String firstOf(@Nullable String forwarded, @Nullable String otherwise) {
    return forwarded == null ? otherwise : forwarded.split(",", -1)[0].strip();
  }

  /** Whether a browser's Origin header (RFC 6454, section 7) names the same. */
  boolean is(String header) {
    return withoutUsualPort(http()).equals(withoutUsualPort(header));
  }

  private static String withoutUsualPort(String origin) {
    return origin
        .toLowerCase(Locale.ROOT)
        .replaceFirst("^(http://[^/]*[^:/]):80$|^(https://[^/]*[^:/]):443$", "$1$2");
  }

  String http() {
    return (secure ? "https://" : "http://") + host;
  }

  String ws() {
    return (secure ? "wss://" : "ws://") + host;
  }
}
