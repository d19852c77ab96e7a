package dev.converge.tunnel;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Where one side of a session meets its relay: {@code ws[s]://HOST[:PORT]/ROLE/ID[?QUERY][#PIN]}.
 * The pin, as any fragment, is never sent to the relay.
 *
 * @param secure whether the connection is TLS
 * @param host a name or an address; an IPv6 address stands without its brackets
 * @param port 1 to 65535
 * @param role which side connects
 * @param id the session
 * @param query the raw query of the URL without its question mark; empty if there is none
 * @param pin the host key that a client expects of the agent; null if any will do
 */
public record Endpoint(
    boolean secure,
    String host,
    int port,
    Role role,
    SessionId id,
    String query,
    @Nullable HostKeyPin pin) {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /**
   * Parses the URL of an endpoint.
   *
   * @throws IllegalArgumentException if it is not one; the message is meant for the user
   */
  public static Endpoint parse(String url, Role role) {
    return parse(url, role, null);
  }

  /**
   * Parses the URL of an endpoint, or of a relay ({@code ws[s]://HOST[:PORT]}) to be completed with
   * {@code id}.
   *
   * @param id the session, if it is known apart from the URL
   * @throws IllegalArgumentException if it is neither, or names another session than {@code id};
   *     the message is meant for the user
   */
  public static Endpoint parse(String url, Role role, @Nullable SessionId id) {
    URI uri = syntax(url, role);
    boolean secure = isSecure(uri, url, role);
    if (uri.getHost() == null || uri.getUserInfo() != null) {
      throw malformed(url, role);
    }
    int port = uri.getPort() == -1 ? (secure ? HTTPS_PORT : HTTP_PORT) : uri.getPort();
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
    }
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    HostKeyPin pin = pin(uri, url, role);
    return new Endpoint(
        secure, bare(uri.getHost()), port, role, id(uri, url, role, id), query, pin);
  }

  private static @Nullable HostKeyPin pin(URI uri, String url, Role role) {
    String fragment = uri.getRawFragment();
    if (fragment != null && role != Role.CLIENT) {
      throw malformed(url, role);
    }
    return fragment == null ? null : new HostKeyPin(fragment);
  }

  private static URI syntax(String url, Role role) {
    try {
      return ascii(new URI(url));
    } catch (URISyntaxException e) {
      throw malformed(url, role);
    }
  }

  /** The query goes over the wire as it stands; a host and an ID are ASCII in any case. */
  private static URI ascii(URI uri) {
    String query = uri.getRawQuery();
    if (query != null && !StandardCharsets.US_ASCII.newEncoder().canEncode(query)) {
      throw new IllegalArgumentException(
          "query: '" + Text.excerpt(query) + "' (expected: ASCII, all else as %XX)");
    }
    return uri;
  }

  private static boolean isSecure(URI uri, String url, Role role) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "wss", "https" -> true;
      case "ws", "http" -> false;
      default -> throw malformed(url, role);
    };
  }

  private static SessionId id(URI uri, String url, Role role, @Nullable SessionId given) {
    String path = uri.getRawPath();
    String prefix = "/" + role.segment() + "/";
    if (given != null && (path.isEmpty() || path.equals("/"))) {
      return given;
    }
    if (!path.startsWith(prefix)) {
      throw malformed(url, role);
    }
    SessionId id = new SessionId(path.substring(prefix.length()));
    if (given != null && !given.equals(id)) {
      throw new IllegalArgumentException(
          "ID: '" + given + "' (expected: '" + id + "', as in the URL, or a URL without a path)");
    }
    return id;
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static IllegalArgumentException malformed(String url, Role role) {
    return new IllegalArgumentException(
        "URL: '"
            + Text.excerpt(url)
            + "' (expected: ws[s]://HOST[:PORT]/"
            + role.segment()
            + "/ID)");
  }

  /** The path and query that the connection asks for; without the pin. */
  public String requestTarget() {
    return "/" + role.segment() + "/" + id + (query.isEmpty() ? "" : "?" + query);
  }

  /** The value of the Host header: the port stands only if it is not the scheme's own. */
  public String authority() {
    return port == (secure ? HTTPS_PORT : HTTP_PORT) ? bracketed(host) : hostAndPort();
  }

  /** {@code HOST:PORT}, with brackets around an IPv6 address. */
  public String hostAndPort() {
    return bracketed(host) + ":" + port;
  }

  private static String bracketed(String host) {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  /** How long the relay is asked to wait for an agent; the default unless the query says more. */
  public Duration waiting() {
    for (String parameter : query.split("&", -1)) {
      if (!parameter.isEmpty() && parameter.matches(Protocol.WAIT_PARAMETER + "=[0-9]{1,4}")) {
        String seconds = parameter.substring(Protocol.WAIT_PARAMETER.length() + 1);
        return Duration.ofSeconds(Integer.parseInt(seconds));
      }
    }
    return Protocol.DEFAULT_WAIT;
  }

  /**
   * The same endpoint, with the relay asked to wait for an agent as long as this.
   *
   * @param waiting 0 to 60 whole seconds
   * @throws IllegalArgumentException if it is anything else; the message is meant for the user
   */
  public Endpoint waiting(Duration waiting) {
    boolean whole = waiting.equals(Duration.ofSeconds(waiting.toSeconds()));
    if (!whole || waiting.isNegative() || waiting.compareTo(Protocol.MAX_WAIT) > 0) {
      String shown = whole ? waiting.toSeconds() + " s" : waiting.toString();
      throw new IllegalArgumentException("wait: " + shown + " (expected: 0 to 60 seconds)");
    }
    StringJoiner changed = new StringJoiner("&");
    for (String parameter : query.split("&", -1)) {
      if (!parameter.isEmpty() && !parameter.startsWith(Protocol.WAIT_PARAMETER + "=")) {
        changed.add(parameter);
      }
    }
    changed.add(Protocol.WAIT_PARAMETER + "=" + waiting.toSeconds());
    return new Endpoint(secure, host, port, role, id, changed.toString(), pin);
  }

  /** The same session seen from the other side; what stood behind the ID is not carried over. */
  public Endpoint as(Role other) {
    return new Endpoint(secure, host, port, other, id, "", null);
  }

  /** The same endpoint for a client that is to accept no other host key. */
  public Endpoint pinnedTo(HostKeyPin key) {
    return new Endpoint(secure, host, port, role, id, query, key);
  }

  /** The URL, with the scheme {@code ws} or {@code wss}. */
  @Override
  public String toString() {
    String url = (secure ? "wss://" : "ws://") + authority() + requestTarget();
    return pin == null ? url : url + "#" + pin;
  }
}
