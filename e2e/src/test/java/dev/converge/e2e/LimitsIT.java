package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The relay's limits, as those see them who run into one. */
final class LimitsIT {
  @TempDir Path temp;

  @Test
  void secondSessionOfAnAddressIsRefusedAndTheFirstEndsWhenItIsTooLong() throws IOException {
    Tool.require("ssh", "ssh-keygen");
    Path keys = Keys.authorize(temp, Keys.make(temp, "key"));
    Path work = Files.createDirectory(temp.resolve("work"));
    Files.createFile(work.resolve(".hold"));
    try (RelayProcess relay =
            RelayProcess.start("--max-bridges-per-address", "1", "--max-bridge-duration", "12s");
        AgentProcess agent =
            AgentProcess.start(relay, work, "limited", "--authorized-keys", keys.toString());
        Route.Way way = Route.WSPROXY.open(relay, agent.id())) {
      OpenSsh ssh = OpenSsh.withKey(temp, way, temp.resolve("key"));
      Child first = ssh.ssh("echo ready; exec sleep 60");
      first.awaitOut("ready");

      Child second = ssh.ssh("true");
      assertThat(second.exit()).isEqualTo(255);
      assertThat(second.err())
          .startsWith("wsproxy: your address has 1 sessions at this relay already\n");

      assertThat(first.exit()).isEqualTo(255);
      assertThat(first.err()).contains("1008 a session lasts 12s at this relay");
      ssh.ssh("true").success();

      relay.child().signal("TERM");
      relay
          .child()
          .awaitErr(
              "ending: .*converge_bridges_expired_total=1.*"
                  + "converge_refused_total\\{reason=\"bridges_per_address\"}=1");
    }
  }

  @Test
  void addressInTheProxyHeaderIsTheOneThatIsLogged() throws IOException {
    try (RelayProcess relay = RelayProcess.start("--proxy-protocol");
        Socket agent =
            RawUpgrade.send(relay.port(), header("192.0.2.1") + RawUpgrade.request("/agent/job"));
        Socket client =
            RawUpgrade.send(
                relay.port(), header("192.0.2.7") + RawUpgrade.request("/client/job"))) {
      assertThat(RawUpgrade.statusLine(agent)).isEqualTo("HTTP/1.1 101 Switching Protocols");
      assertThat(RawUpgrade.statusLine(client)).isEqualTo("HTTP/1.1 101 Switching Protocols");
      relay.child().awaitErr("job opened: client 192\\.0\\.2\\.7:4711$");
      try (Socket without = RawUpgrade.send(relay.port(), RawUpgrade.request("/agent/job"))) {
        assertThat(RawUpgrade.statusLine(without)).as("closed without a word").isEmpty();
      }
    }
  }

  private static String header(String client) {
    return "PROXY TCP4 " + client + " 127.0.0.1 4711 4774\r\n";
  }
}
