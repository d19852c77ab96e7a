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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The flags of every program that connects to a session as a client. */
public final class ClientFlags {
  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      converter = Seconds.class,
      description =
          "How long the relay waits for the agent if it is not there yet: 0 to 60 seconds, as 20 or"
              + " 20s. Default: what the URL says (?wait=SECONDS), else 10.")
  private @Nullable Duration wait;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec command;

  @Mixin private TlsFlags tls = new TlsFlags();

  @Mixin private TokenFlags tokens = new TokenFlags();

  /** The endpoint that {@code url} and the flags name. */
  public Endpoint endpoint(String url) {
    Endpoint endpoint = Endpoint.parse(url, Role.CLIENT);
    return wait == null ? endpoint : endpoint.waiting(wait);
  }

  /** How to connect to it, with proxies from the environment. */
  public ConnectOptions options(Endpoint endpoint, Map<String, String> environment) {
    TlsConfig security = tls.config(command);
    TokenMint mint = tokens.mint(endpoint);
    return new ConnectOptions(
        new ProxySettings(environment),
        security,
        () -> mint == null ? Map.of() : Map.of("Authorization", mint.authorization()),
        Timeouts.DEFAULT);
  }

  /** Bare numbers are seconds. */
  static final class Seconds implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      return new DurationConverter().convert(value.matches("[0-9]{1,9}") ? value + "s" : value);
    }
  }
}
