package dev.converge.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A relay, an agent and OpenSSH's sshd, side by side, and how ssh reaches them; on loopback sshd
 * also by a detour.
 *
 * <p>sshd has its defaults: its configuration says only where its keys are, and that sftp is served
 * by sftp-server, as Debian does.
 */
final class SshScene {
  static final String SSHD = "OpenSSH";

  /** As many hops as Converge has, by programs in C that only pass on bytes. */
  static final String DETOUR = "OpenSSH by socat and HAProxy";

  private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");
  private final Bench bench;
  private final List<String> within;
  private final String address;
  private final int sshdPort;
  private final List<SshPeer> peers = new ArrayList<>();

  private SshScene(
      Bench bench, List<String> serversWithin, List<String> clientsWithin, String address)
      throws Exception {
    this.bench = bench;
    this.within = serversWithin;
    this.address = address;
    Path directory = bench.scene().directory();
    if (!Files.exists(directory.resolve("key"))) {
      key(directory.resolve("key"));
      key(directory.resolve("host"));
    }
    sshdPort = Scene.freePort();
    peers.add(new SshPeer(Row.OURS, clientsWithin, options(directory), startAgent(directory)));
    peers.add(new SshPeer(SSHD, clientsWithin, options(directory), startSshd(directory)));
  }

  /** On loopback. */
  static SshScene local(Bench bench) throws Exception {
    SshScene scene = new SshScene(bench, List.of(), List.of(), "127.0.0.1");
    scene.peers.add(scene.detour());
    return scene;
  }

  /** Everything but the clients far away. */
  static SshScene across(Bench bench, Delay delay) throws Exception {
    return new SshScene(bench, delay.there(), delay.here(), delay.address());
  }

  List<SshPeer> peers() {
    return peers;
  }

  private SshPeer detour() throws Exception {
    int port = bench.peers().haproxyBefore(sshdPort);
    String proxy = "socat -b 65536 - TCP:127.0.0.1:" + port + ",nodelay";
    return new SshPeer(
        DETOUR,
        List.of(),
        options(bench.scene().directory()),
        List.of("-oProxyCommand=" + proxy, user()));
  }

  private static String user() {
    return "-oUser=" + System.getProperty("user.name");
  }

  private static void key(Path file) throws Exception {
    Command.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString());
  }

  private static List<String> options(Path directory) {
    return List.of(
        "-F/dev/null",
        "-oIdentityFile=" + directory.resolve("key"),
        "-oIdentitiesOnly=yes",
        "-oBatchMode=yes",
        "-oLogLevel=ERROR",
        "-oStrictHostKeyChecking=no",
        "-oUserKnownHostsFile=/dev/null");
  }

  /** Starts relay and agent; returns what a client needs to get there. */
  private List<String> startAgent(Path directory) throws Exception {
    Settings settings = bench.settings();
    RelayProgram relay = RelayProgram.start(bench.scene(), settings, within, address, "", null);
    String url = "ws://" + address + ":" + relay.port();
    List<String> command = new ArrayList<>(within);
    command.addAll(List.of(settings.program("agent"), "--linger=PT12H", "--expiry=PT12H"));
    command.addAll(
        List.of("--authorized-keys=" + directory.resolve("key.pub"), url + "/agent/bench"));
    String java = System.getenv("BENCH_AGENT_JAVA");
    Map<String, String> environment = java == null ? Map.of() : Map.of("JDK_JAVA_OPTIONS", java);
    bench.scene().start("agent", command, environment).awaitLine("waiting for clients");
    String proxy = settings.program("wsproxy") + " " + url + "/client/bench?wait=60";
    return List.of("-oProxyCommand=" + proxy, "-oUser=abc");
  }

  private List<String> startSshd(Path directory) throws Exception {
    String config =
        Template.fill(
            "sshd_config", Map.of("address", address, "port", sshdPort, "directory", directory));
    Path file = bench.scene().file("sshd-" + sshdPort + ".conf", config);
    if (!Files.exists(PRIVILEGE_SEPARATION) && Files.isWritable(PRIVILEGE_SEPARATION.getParent())) {
      Files.createDirectory(
          PRIVILEGE_SEPARATION,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      bench.scene().keep(() -> Files.deleteIfExists(PRIVILEGE_SEPARATION));
    }
    List<String> command = new ArrayList<>(within);
    command.addAll(List.of("/usr/sbin/sshd", "-D", "-e", "-f", file.toString()));
    bench.scene().start("sshd", command, Map.of()).awaitPort(sshdPort);
    return List.of("-oPort=" + sshdPort, user());
  }

  /** The host that all commands name; where Converge is the proxy command decides. */
  String host() {
    return address;
  }
}
