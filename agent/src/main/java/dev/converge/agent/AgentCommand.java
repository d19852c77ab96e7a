package dev.converge.agent;

import dev.converge.cli.Command;
import dev.converge.cli.DurationConverter;
import dev.converge.cli.Flag;
import dev.converge.cli.Flags;
import dev.converge.cli.TextConverter;
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

/** The command line of the agent. */
final class AgentCommand implements Command {
  private static final List<String> ABOVE =
      List.of(
          "Opens this machine, from the current directory, to the people who know how to enter: it"
              + " waits at a relay and serves ssh and sftp, without opening a port.");

  private static final List<String> BELOW =
      List.of(
          "Durations are written as PT10M or 10m. Each option can be given in the environment:"
              + " --some-flag as CONVERGE_SOME_FLAG. The proxies in HTTPS_PROXY, HTTP_PROXY and"
              + " NO_PROXY are honoured.",
          "",
          "The agent exits with 0 when the session is over, 1 if the relay refused it or could not"
              + " be reached, and 2 if it was called wrongly.");

  /** Settings of ours are no business of the shells: some are secrets. */
  private static final String OURS = "CONVERGE_";

  /** Not the SSH classes: there the library would log what clients send, word by word. */
  private static final List<String> VERBOSE =
      List.of(RelayLink.class.getName(), ControlFrames.class.getName());

  private static final String LOG_LEVEL = "org.slf4j.simpleLogger.log.";

  private static final String RELAY_ALONE = "[^/?#]*//[^/?#]*/?([?#].*)?";

  private final Map<String, String> environment;
  private final Flags flags;
  private final Flag<String> url;
  private final Flag<String> id;
  private final LoginOptions login;
  private final PasswordOptions password;
  private final RuleOptions rules;
  private final ClockOptions clock;
  private final TokenFlags tokens;
  private final Flag<Duration> connectTimeout;
  private final Flag<Duration> resumeWindow;
  private final TlsFlags tls;
  private final Flag<String> wsproxy;
  private final Flag<Boolean> verbose;

  AgentCommand(Map<String, String> environment) {
    this.environment = environment;
    flags = new Flags("agent", environment);
    flags.describe(ABOVE, BELOW);
    url =
        flags.parameter(
            "URL",
            new TextConverter(),
            "Where to wait: ws[s]://HOST[:PORT]/agent/ID, or ws[s]://HOST[:PORT] to have an ID"
                + " made.");
    id =
        flags.option(
            "--id",
            "ID",
            new TextConverter(),
            "The name of the session, if the URL has none: 1 to 128 of A-Z a-z 0-9 . _ -"
                + " (default: a new random one). Whoever knows it may try to log in.");
    login = new LoginOptions(flags);
    password = new PasswordOptions(flags);
    rules = new RuleOptions(flags);
    clock = new ClockOptions(flags);
    tokens = new TokenFlags(flags);
    connectTimeout =
        flags
            .option(
                "--connect-timeout",
                "DURATION",
                new DurationConverter(),
                "How long the relay may be out of reach, while no client is connected, before the"
                    + " agent gives up (default: {default}).")
            .orElse("PT2M");
    resumeWindow =
        flags
            .option(
                "--resume-window",
                "DURATION",
                new DurationConverter(),
                "For how long a session whose connection was lost waits for its client to come"
                    + " back; 0s means not at all (default: {default}).")
            .orElse("PT5M");
    tls = new TlsFlags(flags);
    wsproxy =
        flags.option(
            "--wsproxy",
            "PROGRAM",
            new TextConverter(),
            "The wsproxy that the printed commands call, if it is on this machine (default:"
                + " ./wsproxy, after a command that downloads it).");
    verbose = flags.toggle("--verbose", "Log in detail what happens on the way to the relay.");
  }

  @Override
  public Flags flags() {
    return flags;
  }

  @Override
  public int run() {
    if (verbose.value()) {
      VERBOSE.forEach(name -> System.setProperty(LOG_LEVEL + name, "debug"));
    }
    Agent agent = new Agent(config(), System.out);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> agent.close("The agent was stopped."), "shutdown"));
    return agent.run();
  }

  AgentConfig config() {
    Endpoint endpoint = endpoint();
    TlsConfig security = tls.config();
    LinkConfig link =
        new LinkConfig(
            endpoint,
            Secrets.key(),
            tokens.mint(endpoint),
            new ProxySettings(environment),
            Trust.in(security),
            connectTimeout.value(),
            LinkTimes.USUAL);
    String given = password.value();
    String made = given == null && login.needsPassword() ? Secrets.password() : null;
    ConnectOptions fetching = new ConnectOptions(link.proxies(), security.caFile());
    SshConfig ssh =
        login.config(Path.of(""), given == null ? made : given, fetching, jobEnvironment());
    return new AgentConfig(
        link,
        ResumeConfig.within(resumeWindow.value()),
        ssh,
        rules.rules(),
        clock.config(),
        made,
        wsproxy.valueOrNull());
  }

  private Endpoint endpoint() {
    String name = id.valueOrNull();
    if (name == null && url.value().matches(RELAY_ALONE)) {
      return Endpoint.parse(url.value(), Role.AGENT, SessionId.random());
    }
    return Endpoint.parse(url.value(), Role.AGENT, name == null ? null : new SessionId(name));
  }

  private Map<String, String> jobEnvironment() {
    Map<String, String> job = new HashMap<>(environment);
    job.keySet().removeIf(name -> name.startsWith(OURS));
    return job;
  }
}
