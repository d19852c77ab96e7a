package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that stand elsewhere, and certificates. */
final class KeysIT {
  @TempDir Path temp;

  /** Publishes the keys of the user {@code me}, as GitHub does. */
  private HttpServer forge(Path key) throws IOException {
    byte[] keys = Files.readAllBytes(Path.of(key + ".pub"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/me.keys",
        exchange -> {
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    server.start();
    return server;
  }

  private void certify(Path key, String... options) {
    List<String> command =
        new ArrayList<>(List.of("ssh-keygen", "-q", "-I", "laptop", "-z", "7", "-s", "ca"));
    command.addAll(Arrays.asList(options));
    command.add(key + ".pub");
    Child.start(temp, Map.of(), command).success();
  }

  @Test
  void publishedKeysAndCertificatesOpenTheAgentAndNothingElseDoes() throws IOException {
    Tool.require("ssh", "ssh-keygen");
    Path mine = Keys.make(temp, "mine");
    Path other = Keys.make(temp, "other");
    Path ca = Keys.make(temp, "ca");
    HttpServer forge = forge(mine);
    String url = "http://127.0.0.1:" + forge.getAddress().getPort();
    RelayProcess relay = RelayProcess.common();
    try (AgentProcess agent =
            AgentProcess.start(
                relay,
                Files.createDirectory(temp.resolve("work")),
                "keys",
                Map.of("CONVERGE_GITHUB_USER", "me", "CONVERGE_GITHUB_URL", url),
                "--linger=1m",
                "--trusted-user-ca",
                ca + ".pub");
        Route.Way way = Route.WSPROXY.open(relay, agent.id())) {
      OpenSsh.withKey(temp, way, mine).ssh("true").success();
      agent.child().awaitErr("logged in with key SHA256:\\S+ of GitHub user me$");
      assertRefused(way, other);
      assertRefused(way, ca);

      certify(other, "-n", "abc");
      OpenSsh.withKey(temp, way, other).ssh("true").success();
      agent.child().awaitErr("logged in with certificate \"laptop\" \\(serial 7, CA SHA256:");
      certify(other, "-n", "root");
      assertRefused(way, other);
      certify(other, "-n", "abc", "-V", "-2h:-1h");
      assertRefused(way, other);
      agent.child().awaitErr("certificate \"laptop\" .* is refused: none of its principals");
      agent.child().awaitErr("certificate \"laptop\" .* is refused: expired");
      assertThat(agent.child().out()).doesNotContain("Password");
    } finally {
      forge.stop(0);
    }
  }

  private void assertRefused(Route.Way way, Path key) {
    Child refused = OpenSsh.withKey(temp, way, key).ssh("true");
    assertThat(refused.exit()).isEqualTo(255);
    assertThat(refused.err()).contains("Permission denied (publickey)");
  }
}
