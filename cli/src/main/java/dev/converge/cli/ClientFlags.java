package dev.converge.cli;

import dev.converge.tunnel.ConnectOptions;
import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.ProxySettings;
import dev.converge.tunnel.Role;
import dev.converge.tunnel.Timeouts;
import dev.converge.tunnel.TlsConfig;
import dev.converge.tunnel.TokenMint;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The flags of every program that connects to a session as a client. */
public final class ClientFlags {
  private final Flag<Duration> wait;
  private final TlsFlags tls;
  private final TokenFlags tokens;

  public ClientFlags(Flags flags) {
    wait =
        flags.option(
            "--wait",
            "SECONDS",
            new Seconds(),
            "How long the relay waits for the agent if it is not there yet: 0 to 60 seconds, as 20"
                + " or 20s. Default: what the URL says (?wait=SECONDS), else 10.");
    tls = new TlsFlags(flags);
    tokens = new TokenFlags(flags);
  }

  /** The endpoint that {@code url} and the flags name. */
  public Endpoint endpoint(String url) {
    Endpoint endpoint = Endpoint.parse(url, Role.CLIENT);
    Duration asked = wait.valueOrNull();
    return asked == null ? endpoint : endpoint.waiting(asked);
  }

  /** How to connect to it, with proxies from the environment. */
  public ConnectOptions options(Endpoint endpoint, Map<String, String> environment) {
    TlsConfig security = tls.config();
    TokenMint mint = tokens.mint(endpoint);
    return new ConnectOptions(
        new ProxySettings(environment), security, new Authorization(mint), Timeouts.DEFAULT);
  }

  /** A token for each request, if there is a secret; no lambda, as this is in each start. */
  private record Authorization(@Nullable TokenMint mint) implements Supplier<Map<String, String>> {
    @Override
    public Map<String, String> get() {
      return mint == null ? Map.of() : Map.of("Authorization", mint.authorization());
    }
  }

  /** Bare numbers are seconds. */
  static final class Seconds implements Converter<Duration> {
    @Override
    public Duration convert(String text) {
      return new DurationConverter().convert(text.matches("[0-9]{1,9}") ? text + "s" : text);
    }
  }
}
