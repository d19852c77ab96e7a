package dev.converge.cli;

import dev.converge.tunnel.ConnectOptions;
import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.Notices;
import dev.converge.tunnel.ProxySettings;
import dev.converge.tunnel.Resumption;
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
  private static final Duration RESUME_WINDOW = Duration.ofMinutes(5);

  private final String program;
  private final Flag<Duration> wait;
  private final Flag<Duration> resumeWindow;
  private final Flag<Boolean> noResume;
  private final Flag<Boolean> quiet;
  private final TlsFlags tls;
  private final TokenFlags tokens;

  public ClientFlags(Flags flags) {
    program = flags.program();
    wait =
        flags.option(
            "--wait",
            "SECONDS",
            new Seconds(),
            "How long the relay waits for the agent if it is not there yet: 0 to 60 seconds, as 20"
                + " or 20s. Default: what the URL says (?wait=SECONDS), else 10.");
    resumeWindow =
        flags.option(
            "--resume-window",
            "DURATION",
            new DurationConverter(),
            "How long it tries to go on with the session when the connection is lost. Default:"
                + " PT5M. The agent has a limit of its own.");
    noResume =
        flags.toggle(
            "--no-resume", "The session ends with its connection, and nothing is sent twice.");
    quiet =
        flags.toggle(
            "--quiet", "No lines about connections that are lost and there again; only errors.");
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
        new ProxySettings(environment),
        security,
        new Authorization(mint),
        Timeouts.DEFAULT,
        resumption());
  }

  private @Nullable Resumption resumption() {
    Duration asked = resumeWindow.valueOrNull(); // a default in text would be parsed at each start
    Duration window = asked == null ? RESUME_WINDOW : asked;
    return noResume.value() ? null : new Resumption(window, new Lines(program, quiet.value()));
  }

  /** Notices as lines on standard error. */
  private record Lines(String program, boolean quiet) implements Notices {
    @Override
    public void notice(String line) {
      if (!quiet) {
        Terminal.complain(program + ": " + line);
      }
    }

    @Override
    public void warning(String line) {
      Terminal.complain(program + ": warning: " + line);
    }
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
