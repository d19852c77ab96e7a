package dev.converge.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A relay that runs, with limits that are out of the way.
 *
 * @param port where it listens
 */
record RelayProgram(Program program, int port) {
  /** Options of the JVM for relays that are to be looked at, as for a profiler. */
  private static final String EXTRA = "BENCH_RELAY_JAVA";

  private static final List<String> LIMITS =
      List.of(
          "--max-connections=100000",
          "--max-connections-per-address=100000",
          "--max-new-connections=1000000",
          "--max-new-connections-per-address=1000000",
          "--max-slots=50000",
          "--max-slots-per-address=50000",
          "--max-clients=50000",
          "--max-clients-per-address=50000",
          "--max-bridges=50000",
          "--max-bridges-per-address=50000");

  /**
   * Starts one.
   *
   * @param within what the command is given to, such as a network namespace; empty for none
   * @param address to listen at
   * @param java options of its JVM
   */
  static RelayProgram start(
      Scene scene,
      Settings settings,
      List<String> within,
      String address,
      String java,
      @Nullable Certificate certificate)
      throws Exception {
    List<String> command = new ArrayList<>(within);
    command.addAll(List.of(settings.program("relay"), "--bind=" + address, "--port=0"));
    command.addAll(LIMITS);
    if (certificate != null) {
      command.addAll(List.of("--use-ssl", "--cert-file=" + certificate.chain()));
      command.add("--key-file=" + certificate.key());
    }
    String options = (java + " " + Objects.requireNonNullElse(System.getenv(EXTRA), "")).strip();
    Map<String, String> environment =
        options.isEmpty() ? Map.of() : Map.of("JDK_JAVA_OPTIONS", options);
    Program program = scene.start("relay", command, environment);
    String listening = program.awaitLine("relay listening on ");
    int port = Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1));
    return new RelayProgram(program, port);
  }

  /** One on loopback with the JVM's usual heap, as a route. */
  static RelayRoute route(Scene scene, Settings settings, @Nullable Certificate certificate)
      throws Exception {
    RelayProgram relay = start(scene, settings, List.of(), "127.0.0.1", "", certificate);
    return new RelayRoute(relay.program, relay.port, certificate);
  }
}
