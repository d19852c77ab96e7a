package dev.converge.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A relay, and an agent and its clients, whose paths to the relay can fail. */
final class FaultyStage implements AutoCloseable {
  private static final String ID = "stage";

  private final Path home;
  private final RelayProcess relay;
  private final FaultyPath agentPath;
  private final FaultyPath clientPath;
  private final AgentProcess agent;

  private FaultyStage(
      Path home,
      RelayProcess relay,
      FaultyPath agentPath,
      FaultyPath clientPath,
      AgentProcess agent) {
    this.home = home;
    this.relay = relay;
    this.agentPath = agentPath;
    this.clientPath = clientPath;
    this.agent = agent;
  }

  /** Sets everything up below {@code directory}; the options go to the agent. */
  static FaultyStage open(Path directory, String... options) throws IOException {
    Tool.require("ssh", "ssh-keygen");
    Path home = Files.createDirectory(directory.resolve("home"));
    Path work = Files.createDirectory(directory.resolve("work"));
    Path keys = Keys.authorize(home, Keys.make(home, "key"));
    Files.createFile(work.resolve(".hold"));
    List<String> all = new ArrayList<>(List.of("--authorized-keys", keys.toString()));
    all.addAll(List.of(options));
    RelayProcess relay = RelayProcess.start();
    FaultyPath agentPath = FaultyPath.to(relay.port());
    AgentProcess agent =
        AgentProcess.start(url(agentPath, "agent"), work, ID, Map.of(), all.toArray(String[]::new));
    return new FaultyStage(home, relay, agentPath, FaultyPath.to(relay.port()), agent);
  }

  private static String url(FaultyPath path, String role) {
    return "ws://127.0.0.1:" + path.port() + "/" + role + "/" + ID;
  }

  Path home() {
    return home;
  }

  RelayProcess relay() {
    return relay;
  }

  AgentProcess agent() {
    return agent;
  }

  FaultyPath agentPath() {
    return agentPath;
  }

  /** The one that {@link #way} takes. */
  FaultyPath clientPath() {
    return clientPath;
  }

  /** A way to the agent; the options go to its program. */
  Route.Way way(Route route, String... options) {
    return route.open(url(clientPath, "client"), options);
  }

  /** The way of one who runs wsproxy over a path of their own. */
  Route.Way way(FaultyPath path) {
    return Route.WSPROXY.open(url(path, "client"));
  }

  /** A wsproxy without an ssh. */
  Child wsproxy(String... options) {
    List<String> command = new ArrayList<>(List.of(Packaged.program("wsproxy")));
    command.addAll(List.of(options));
    command.add(url(clientPath, "client"));
    return Child.start(home, Map.of(), command);
  }

  OpenSsh ssh(Route.Way way) {
    return OpenSsh.withKey(home, way, home.resolve("key"));
  }

  @Override
  public void close() {
    agent.close();
    relay.close();
    clientPath.close();
    agentPath.close();
  }
}
