package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the programs say to what they cannot use: one line, and the right exit code. */
final class BadInputIT {
  @TempDir Path temp;

  private Child run(String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(Packaged.program(program)));
    command.addAll(Arrays.asList(arguments));
    return Child.start(temp, Map.of(), command);
  }

  private static void assertRefused(Child child, int code, String line) {
    assertThat(child.exit()).as("%s", child).isEqualTo(code);
    assertThat(child.out()).as("%s", child).isEmpty();
    assertThat(child.err()).as("%s", child).matches(line + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "relay, --nope, Unknown option: '--nope'.*",
    "relay, --port=70000, --port: 70000 \\(expected: 0 to 65535\\).*",
    "relay, --port=x, Invalid value for option '--port'.*",
    "relay, --max-slots=0, .*expected: >= 1.*",
    "relay, --max-bridges-per-address=0, bridges per address: 0 \\(expected: >= 1\\)",
    "relay, --max-rate=fast, Invalid value for option '--max-rate'.*",
    "relay, --max-bridge-duration=-1s, Invalid value for option '--max-bridge-duration'.*",
    "relay, --bind=256.1.1.1, --bind: '256.1.1.1' .*",
    "agent, --nope ws://host, Unknown option: '--nope'.*",
    "agent, ftp://host/agent/x, URL: 'ftp://host/agent/x' \\(expected: .*",
    "agent, ws://host/client/x, URL: .*",
    "agent, ws://host/agent/a%20b, ID: 'a%20b' \\(expected: 1 to 128 of .*",
    "agent, --github-user a/b ws://host, GitHub user: 'a/b' \\(expected: .*",
    "agent, --authorized-keys-url http://h/k ws://host, URL of keys: 'http://h/k' .*",
    "wsproxy, --nope ws://host/client/x, Unknown option: '--nope'.*",
    "wsproxy, ws://host, URL: 'ws://host' \\(expected: .*",
    "wsproxy, ws://host/client/, ID: '' .*",
    "tcptows, --nope 0 ws://host/client/x, Unknown option: '--nope'.*",
    "tcptows, 10000, Missing required parameter.*",
  })
  void wrongCommandLineIsUsage(String program, String arguments, String line) {
    assertRefused(
        run(program, arguments.split(" ", -1)),
        2,
        program + ": " + line + "; see '" + program + " --help'");
  }

  @Test
  void portInUseIsTold() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      assertRefused(
          run("relay", "--bind", "127.0.0.1", "--port", port),
          1,
          "relay: .*127.0.0.1:" + port + ".*");
      assertRefused(
          run("tcptows", port, "ws://127.0.0.1:1/client/x"), 1, "tcptows: .*" + port + ".*");
    }
  }

  @Test
  void unreadableKeyFilesAreTold() throws IOException {
    String none = temp.resolve("none").toString();
    String garbage = Files.writeString(temp.resolve("garbage"), "no key\n").toString();

    assertRefused(
        run("agent", "--authorized-keys", none, "ws://127.0.0.1:1"), 1, "agent: .*" + none + ".*");
    assertRefused(
        run("agent", "--trusted-user-ca", none, "ws://127.0.0.1:1"), 1, "agent: .*" + none + ".*");
    assertRefused(
        run("agent", "--github-user=me", "--github-url=http://127.0.0.1:1", "ws://127.0.0.1:1"),
        1,
        "agent: nobody could log in: no keys of GitHub user me: connection refused");
    assertRefused(
        run("agent", "--host-key", none, "ws://127.0.0.1:1"), 1, "agent: .*" + none + ".*");
    assertRefused(
        run("agent", "--host-key", garbage, "ws://127.0.0.1:1"), 1, "agent: .*" + garbage + ".*");
  }

  @Test
  void relayThatIsNotThereIsTold() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertRefused(
        run("wsproxy", "ws://127.0.0.1:" + port + "/client/x"),
        1,
        "wsproxy: .*127.0.0.1.*" + port + ".*");
  }

  @Test
  void relaysRefusalIsPrintedPlainly() {
    RelayProcess relay = RelayProcess.common();
    assertRefused(
        run("wsproxy", "--wait", "0", relay.clientUrl("x")),
        1,
        "wsproxy: no agent with ID x is waiting");
    assertRefused(
        run("wsproxy", "--wait", "1", relay.clientUrl("x")),
        1,
        "wsproxy: no agent with ID x came within 1 s");
  }

  @Test
  void idOfAnotherAgentIsRefused() {
    RelayProcess relay = RelayProcess.common();
    try (AgentProcess first = AgentProcess.start(relay, temp, "mine");
        Child second = run("agent", relay.agentUrl("mine"))) {
      assertThat(second.exit()).isEqualTo(1);
      assertThat(second.err()).matches("(?s).*agent: .*ID mine belongs to another agent[^\n]*\n");
      assertThat(first.child().isAlive()).isTrue();
    }
  }

  @Test
  void failedConnectionDoesNotEndTcptows() throws IOException {
    Tool.require("ssh", "ssh-keygen");
    RelayProcess relay = RelayProcess.common();
    try (Route.Way way = Route.TCPTOWS.open(relay, "late")) {
      Path key = Keys.make(temp, "key");
      OpenSsh ssh = OpenSsh.withKey(temp, way, key);
      Child tooEarly = ssh.ssh("true");
      way.helper().awaitErr("no agent with ID late came within 10 s");
      assertThat(tooEarly.exit()).isEqualTo(255);

      String keys = Keys.authorize(temp, key).toString();
      try (AgentProcess agent =
          AgentProcess.start(relay, temp, "late", "--authorized-keys", keys)) {
        ssh.ssh("true").success();
        assertThat(agent.child().isAlive()).isTrue();
      }
    }
  }
}
