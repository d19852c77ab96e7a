package dev.converge.tunnel;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy stands before which relay, as the environment says: {@code HTTPS_PROXY} for TLS,
 * {@code HTTP_PROXY} for none, {@code ALL_PROXY} for what these leave open, except for the hosts in
 * {@code NO_PROXY}. A name in lower case goes before the same in upper case.
 */
public final class ProxySettings {
  private final Map<String, String> environment;

  public ProxySettings(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * The proxy for {@code endpoint}, or null to connect directly.
   *
   * @throws IllegalArgumentException if the variable that applies is malformed; the message is
   *     meant for the user and holds no password
   */
  public @Nullable HttpProxy proxyFor(Endpoint endpoint) {
    return proxyFor(endpoint.secure(), endpoint.host(), endpoint.port());
  }

  /**
   * The proxy for any server, or null to connect directly.
   *
   * @param secure whether it is spoken to by TLS
   * @param host a name or an address; an IPv6 address stands without its brackets
   * @throws IllegalArgumentException as above
   */
  public @Nullable HttpProxy proxyFor(boolean secure, String host, int port) {
    String variable = variable(secure ? "https_proxy" : "http_proxy");
    if (variable == null) {
      variable = variable("all_proxy");
    }
    if (variable == null || isExempt(host, port)) {
      return null;
    }
    return HttpProxy.parse(variable, value(variable));
  }

  private boolean isExempt(String host, int port) {
    String variable = variable("no_proxy");
    return variable != null && new ProxyExemptions(value(variable)).contain(host, port);
  }

  private @Nullable String variable(String name) {
    if (!value(name).isEmpty()) {
      return name;
    }
    String upper = name.toUpperCase(Locale.ROOT);
    return value(upper).isEmpty() ? null : upper;
  }

  private String value(String variable) {
    return environment.getOrDefault(variable, "").strip();
  }
}
