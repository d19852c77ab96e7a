package dev.converge.e2e;

import dev.converge.e2e.Route.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** An agent in a directory of its own, and the key that opens it. */
final class Stage implements AutoCloseable {
  private final Path home;
  private final RelayProcess relay;
  private final AgentProcess agent;
  private final List<OpenSsh> opened = new ArrayList<>();

  private Stage(Path home, RelayProcess relay, AgentProcess agent) {
    this.home = home;
    this.relay = relay;
    this.agent = agent;
  }

  /** Sets everything up below {@code directory}; the options go to the agent. */
  static Stage open(Path directory, String... options) {
    return open(directory, Map.of(), options);
  }

  /** The same, with more in the environment of the agent. */
  static Stage open(Path directory, Map<String, String> environment, String... options) {
    return open(RelayProcess.common(), directory, environment, options);
  }

  /** The same, at a relay that the test ends. */
  static Stage open(RelayProcess relay, Path directory, String... options) {
    return open(relay, directory, Map.of(), options);
  }

  private static Stage open(
      RelayProcess relay, Path directory, Map<String, String> environment, String... options) {
    Tool.require("ssh", "ssh-keygen");
    try {
      Path home = Files.createDirectory(directory.resolve("home"));
      Path work = Files.createDirectories(directory.resolve("work"));
      Path keys = Keys.authorize(home, Keys.make(home, "key"));
      List<String> all = new ArrayList<>(List.of("--authorized-keys", keys.toString()));
      all.addAll(Arrays.asList(options));
      return new Stage(
          home,
          relay,
          AgentProcess.start(
              relay, work, RelayProcess.newId(), environment, all.toArray(String[]::new)));
    } catch (IOException | RuntimeException | Error e) {
      throw new AssertionError("the stage could not be set up", e);
    }
  }

  RelayProcess relay() {
    return relay;
  }

  AgentProcess agent() {
    return agent;
  }

  /** The developer's directory: keys, known hosts, and where local programs run. */
  Path home() {
    return home;
  }

  /** The job's directory, in which the agent was started. */
  Path work() {
    return agent.directory();
  }

  /** OpenSSH on one way to the agent, logging in with the key; the options go to its program. */
  OpenSsh via(Route route, String... options) {
    Way way = route.open(relay, agent.id(), options);
    OpenSsh ssh = OpenSsh.withKey(home, way, home.resolve("key"));
    opened.add(ssh);
    return ssh;
  }

  @Override
  public void close() {
    opened.forEach(OpenSsh::close);
    agent.close();
  }
}
