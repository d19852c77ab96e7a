package dev.converge.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Two network namespaces and a slow line between them: by netem, or by delay.py where the kernel
 * has no netem.
 *
 * @param here what commands are given to that run at the near end
 * @param there the same for the far end
 * @param address of the far end
 * @param means how packets are held back
 */
record Delay(List<String> here, List<String> there, String address, String means)
    implements AutoCloseable {
  private static final String NEAR = "10.123.0.1";
  private static final String FAR = "10.123.0.2";
  private static final String DEVICE = "line";

  /**
   * Makes both.
   *
   * @param millis the round trip
   * @throws IOException if that is not permitted here
   */
  static Delay open(Scene scene, Settings settings, int millis)
      throws IOException, InterruptedException {
    String prefix = "bench-" + ProcessHandle.current().pid() + "-";
    String near = prefix + "near";
    String far = prefix + "far";
    Delay delay =
        new Delay(inside(near), inside(far), FAR, hasNetem(prefix) ? "netem" : "delay.py");
    scene.keep(delay);
    for (String name : List.of(near, far)) {
      ip("netns", "add", name);
      ip("-n", name, "link", "set", "lo", "up");
    }
    if (delay.means.equals("netem")) {
      ip("-n", near, "link", "add", DEVICE, "type", "veth", "peer", "name", DEVICE, "netns", far);
      slow(near, NEAR, millis);
      slow(far, FAR, millis);
    } else {
      String script = settings.root().resolve("bench/delay.py").toString();
      scene
          .start(
              "delay",
              List.of("python3", script, Integer.toString(millis), near, NEAR, far, FAR),
              Map.of())
          .awaitLine("ready");
    }
    return delay;
  }

  private static List<String> inside(String namespace) {
    return List.of("ip", "netns", "exec", namespace);
  }

  /** Whether the kernel knows it, which only a try tells. */
  private static boolean hasNetem(String prefix) throws IOException, InterruptedException {
    String name = prefix + "try";
    ip("netns", "add", name);
    try {
      delay(name, "lo", 1);
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      ip("netns", "delete", name);
    }
  }

  private static void slow(String namespace, String address, int roundTripMillis)
      throws IOException, InterruptedException {
    ip("-n", namespace, "address", "add", address + "/30", "dev", DEVICE);
    ip("-n", namespace, "link", "set", DEVICE, "up");
    delay(namespace, DEVICE, roundTripMillis / 2);
  }

  private static void delay(String namespace, String device, int millis)
      throws IOException, InterruptedException {
    Command.run(
        "tc",
        "-n",
        namespace,
        "qdisc",
        "add",
        "dev",
        device,
        "root",
        "netem",
        "delay",
        millis + "ms",
        "limit",
        "100000");
  }

  private static void ip(String... arguments) throws IOException, InterruptedException {
    Command.run(Stream.concat(Stream.of("ip"), Stream.of(arguments)).toArray(String[]::new));
  }

  @Override
  public void close() throws IOException {
    try {
      for (List<String> end : List.of(here, there)) {
        ip("netns", "delete", end.get(end.size() - 1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
