package dev.converge.agent;

import dev.converge.cli.ProgramVersion;
import dev.converge.cli.TlsFlags;
import dev.converge.cli.TokenFlags;
import dev.converge.tunnel.ConnectOptions;
import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.ProxySettings;
import dev.converge.tunnel.Role;
import dev.converge.tunnel.SessionId;
import dev.converge.tunnel.TlsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of the agent. */
@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    sortOptions = false,
    description = {
      "Opens this machine, from the current directory, to the people who know how to enter: it waits"
          + " at a relay and serves ssh and sftp, without opening a port.",
      ""
    },
    footer = {
      "",
      "Durations are written as PT10M or 10m. Each option can be given in the environment: --some-flag as CONVERGE_SOME_FLAG. The proxies in"
          + " HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured.",
      "",
      "The agent exits with 0 when the session is over, 1 if the relay refused it or could not be"
          + " reached, and 2 if it was called wrongly."
    })
final class AgentCommand implements Callable<Integer> {
  /** Settings of ours are no business of the shells: some are secrets. */
  private static final String OURS = "CONVERGE_";

  /** Not the SSH classes: there the library would log what clients send, word by word. */
  private static final List<String> VERBOSE =
      List.of(RelayLink.class.getName(), ControlFrames.class.getName());

  private static final String LOG_LEVEL = "org.slf4j.simpleLogger.log.";

  private static final String RELAY_ALONE = "[^/?#]*//[^/?#]*/?([?#].*)?";

  private final Map<String, String> environment;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec command;

  @Parameters(
      index = "0",
      paramLabel = "URL",
      description =
          "Where to wait: ws[s]://HOST[:PORT]/agent/ID, or ws[s]://HOST[:PORT] to have an ID made.")
  private String url = "";

  @Option(
      names = "--id",
      paramLabel = "ID",
      description =
          "The name of the session, if the URL has none: 1 to 128 of A-Z a-z 0-9 . _ - (default: a"
              + " new random one). Whoever knows it may try to log in.")
  private @Nullable String id;

  @Mixin private LoginOptions login = new LoginOptions();

  @Mixin private PasswordOptions password = new PasswordOptions();

  @Mixin private RuleOptions rules = new RuleOptions();

  @Mixin private ClockOptions clock = new ClockOptions();

  @Mixin private TokenFlags tokens = new TokenFlags();

  @Option(
      names = "--connect-timeout",
      paramLabel = "DURATION",
      defaultValue = "PT2M",
      description =
          "How long the relay may be out of reach, while no client is connected, before the agent"
              + " gives up (default: ${DEFAULT-VALUE}).")
  private Duration connectTimeout = Duration.ZERO;

  @Mixin private TlsFlags tls = new TlsFlags();

  @Option(
      names = "--wsproxy",
      paramLabel = "PROGRAM",
      description =
          "The wsproxy that the printed commands call, if it is on this machine (default:"
              + " ./wsproxy, after a command that downloads it).")
  private @Nullable String wsproxy;

  @Option(names = "--verbose", description = "Log in detail what happens on the way to the relay.")
  private boolean verbose;

  AgentCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (verbose) {
      VERBOSE.forEach(name -> System.setProperty(LOG_LEVEL + name, "debug"));
    }
    Agent agent = new Agent(config(), System.out);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> agent.close("The agent was stopped."), "shutdown"));
    return agent.run();
  }

  AgentConfig config() {
    Endpoint endpoint = endpoint();
    TlsConfig security = tls.config(command);
    LinkConfig link =
        new LinkConfig(
            endpoint,
            Secrets.key(),
            tokens.mint(endpoint),
            new ProxySettings(environment),
            Trust.in(security),
            connectTimeout,
            LinkTimes.USUAL);
    String given = password.value();
    String made = given == null && login.needsPassword() ? Secrets.password() : null;
    ConnectOptions fetching = new ConnectOptions(link.proxies(), security.caFile());
    SshConfig ssh =
        login.config(Path.of(""), given == null ? made : given, fetching, jobEnvironment());
    return new AgentConfig(link, ssh, rules.rules(), clock.config(), made, wsproxy);
  }

  private Endpoint endpoint() {
    if (id == null && url.matches(RELAY_ALONE)) {
      return Endpoint.parse(url, Role.AGENT, SessionId.random());
    }
    return Endpoint.parse(url, Role.AGENT, id == null ? null : new SessionId(id));
  }

  private Map<String, String> jobEnvironment() {
    Map<String, String> job = new HashMap<>(environment);
    job.keySet().removeIf(name -> name.startsWith(OURS));
    return job;
  }
}
