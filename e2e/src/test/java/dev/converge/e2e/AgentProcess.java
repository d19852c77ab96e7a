package dev.converge.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged agent, running in a directory as a CI job would run it. */
final class AgentProcess implements AutoCloseable {
  /** On a busy machine, a test's next client may come later than an agent usually waits for it. */
  private static final Map<String, String> SETTINGS =
      Map.of("SHELL", "/bin/bash", "CONVERGE_LINGER", "PT10M");

  private final String id;
  private final Path directory;
  private final Child child;

  private AgentProcess(String id, Path directory, Child child) {
    this.id = id;
    this.directory = directory;
    this.child = child;
  }

  /** Starts an agent and waits until clients can reach it. */
  static AgentProcess start(RelayProcess relay, Path directory, String id, String... options) {
    return start(relay, directory, id, Map.of(), options);
  }

  /** Starts an agent with more environment and waits until clients can reach it. */
  static AgentProcess start(
      RelayProcess relay,
      Path directory,
      String id,
      Map<String, String> environment,
      String... options) {
    return start(relay.agentUrl(id), directory, id, environment, options);
  }

  /** The same, on another way to its relay. */
  static AgentProcess start(
      String url, Path directory, String id, Map<String, String> environment, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Packaged.program("agent"));
    command.addAll(List.of(options));
    command.add(url);
    Map<String, String> variables = new HashMap<>(SETTINGS);
    variables.putAll(environment);
    Child child = Child.start(directory, variables, command);
    child.awaitOut("^waiting for clients");
    return new AgentProcess(id, directory, child);
  }

  String id() {
    return id;
  }

  Path directory() {
    return directory;
  }

  Child child() {
    return child;
  }

  /** Ends it as a CI system would: a word first, so that it clears up behind itself. */
  @Override
  public void close() {
    child.handle().destroy();
    child.handle().onExit().completeOnTimeout(null, 10, TimeUnit.SECONDS).join();
    child.close();
  }
}
