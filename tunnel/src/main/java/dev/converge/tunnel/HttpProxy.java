package dev.converge.tunnel;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that connects to the relay for us (CONNECT).
 *
 * @param secure whether we speak TLS to the proxy itself
 * @param authorization the value of Proxy-Authorization; empty without credentials
 */
public record HttpProxy(boolean secure, String host, int port, String authorization) {
  /**
   * Parses {@code [http[s]://][USER[:PASSWORD]@]HOST[:PORT]}.
   *
   * @param variable where it stood, for the message; the value may hold a password and is not shown
   */
  static HttpProxy parse(String variable, String value) {
    try {
      URI uri = new URI(value.contains("://") ? value : "http://" + value);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean secure = scheme.equals("https");
      int port = uri.getPort() == -1 ? (secure ? 443 : 80) : uri.getPort();
      boolean complete = uri.getHost() != null && port > 0 && port <= 65535;
      if (complete && (secure || scheme.equals("http"))) {
        String host = uri.getHost().replace("[", "").replace("]", "");
        return new HttpProxy(secure, host, port, authorization(uri.getRawUserInfo()));
      }
    } catch (URISyntaxException e) {
      // Falls through to the one message for all that is not a proxy; this one would show it.
    }
    throw new IllegalArgumentException(
        variable + ": not a proxy (expected: [http[s]://][USER:PASSWORD@]HOST:PORT)");
  }

  private static String authorization(@Nullable String userInfo) {
    if (userInfo == null) {
      return "";
    }
    int colon = userInfo.indexOf(':');
    String user = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
    String password = colon < 0 ? "" : decoded(userInfo.substring(colon + 1));
    byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** {@code HOST:PORT}, without the credentials. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
