package dev.converge.agent;

import static dev.converge.agent.FakeRelay.BINARY;
import static dev.converge.agent.FakeRelay.FIN;
import static dev.converge.agent.FakeRelay.frame;
import static dev.converge.agent.FakeRelay.paired;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.converge.agent.LinkFixture.Session;
import dev.converge.cli.Failure;
import dev.converge.tunnel.TlsConfig;
import io.netty.util.test.LeakPresenceExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The ways to the relay: TLS and proxies. */
@Timeout(60)
@ExtendWith(LeakPresenceExtension.class)
final class RelayLinkRouteIT {
  @TempDir Path directory;

  @Test
  void relayWithACertificateOfTheGivenCaIsTrusted() throws Exception {
    ServerKeys keys = ServerKeys.of("IP:127.0.0.1", directory);
    try (FakeRelay relay = new FakeRelay(0, keys.sockets());
        LinkFixture link = link("wss", relay.port(), Map.of(), keys.certificate())) {
      carriesBytes(relay, link);
    }
  }

  @Test
  void relayWithAnUnknownCertificateIsRefusedAtOnce() throws Exception {
    ServerKeys keys = ServerKeys.of("IP:127.0.0.1", directory);
    try (FakeRelay relay = new FakeRelay(0, keys.sockets());
        LinkFixture link = link("wss", relay.port(), Map.of(), null)) {
      assertThat(link.failure())
          .contains(": its certificate is refused: its CA is not a known one; ", "--ca-file");
    }
  }

  @Test
  void relayWithACertificateForAnotherHostIsRefusedAtOnce() throws Exception {
    ServerKeys keys = ServerKeys.of("DNS:relay.example", directory);
    try (FakeRelay relay = new FakeRelay(0, keys.sockets());
        LinkFixture link = link("wss", relay.port(), Map.of(), keys.certificate())) {
      assertThat(link.failure()).contains(": its certificate is refused: No subject alternative ");
    }
  }

  @Test
  void relayWithoutTlsIsSaidToHaveNone() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        LinkFixture link = link("wss", plain.getLocalPort(), Map.of(), null);
        Socket connection = plain.accept()) {
      connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n".getBytes(US_ASCII));
      assertThat(link.failure()).endsWith(": it does not speak TLS; use ws://");
    }
  }

  @Test
  void relayThatWantsAClientCertificateIsShownIt() throws Exception {
    ServerKeys keys = ServerKeys.of("IP:127.0.0.1", directory);
    try (FakeRelay relay = new FakeRelay(0, keys.mutualSockets());
        LinkFixture link = link(relay.port(), keys.client(directory))) {
      carriesBytes(relay, link);
    }
  }

  @Test
  void relayThatWantsAClientCertificateSaysSoToWhoHasNone() throws Exception {
    ServerKeys keys = ServerKeys.of("IP:127.0.0.1", directory);
    try (FakeRelay relay = new FakeRelay(0, keys.mutualSockets());
        LinkFixture link = link(relay.port(), TlsConfig.trusting(keys.certificate()))) {
      assertThat(link.failure())
          .contains(": it wants a client certificate: --cert-file and --key-file");
    }
  }

  @Test
  void anybodyIsTrustedByTheInsecure() throws Exception {
    ServerKeys keys = ServerKeys.of("DNS:relay.example", directory);
    try (FakeRelay relay = new FakeRelay(0, keys.sockets());
        LinkFixture link = link(relay.port(), new TlsConfig(null, null, null, true))) {
      carriesBytes(relay, link);
    }
  }

  private static LinkFixture link(int port, TlsConfig tls) {
    return new LinkFixture(
        "wss://127.0.0.1:" + port + "/agent/id",
        Trust.in(tls),
        LinkFixture.QUICK,
        Duration.ofMillis(300),
        Map.of());
  }

  @Test
  void proxyOfTheEnvironmentIsUsedWithItsCredentials() throws Exception {
    try (FakeRelay relay = new FakeRelay();
        FakeProxy proxy = new FakeProxy("HTTP/1.1 200 OK", relay.port());
        LinkFixture link =
            link(
                "ws://relay.invalid:" + relay.port(),
                Map.of("HTTP_PROXY", "http://me:p%40ss@127.0.0.1:" + proxy.port()))) {
      carriesBytes(relay, link);

      assertThat(proxy.requests.take())
          .startsWith("CONNECT relay.invalid:" + relay.port() + " HTTP/1.1\r\n")
          .containsIgnoringCase("\r\nproxy-authorization: Basic bWU6cEBzcw==\r\n")
          .doesNotContainIgnoringCase("Bearer"); // the relay's token is not for the proxy
    }
  }

  @Test
  void tlsGoesThroughAProxyToTheRelayItself() throws Exception {
    ServerKeys keys = ServerKeys.of("IP:127.0.0.1", directory);
    try (FakeRelay relay = new FakeRelay(0, keys.sockets());
        FakeProxy proxy = new FakeProxy("HTTP/1.1 200 OK", relay.port());
        LinkFixture link =
            link(
                "wss",
                relay.port(),
                Map.of("https_proxy", "127.0.0.1:" + proxy.port()),
                keys.certificate())) {
      carriesBytes(relay, link);
    }
  }

  @Test
  void proxyIsNotUsedForHostsThatAreExempt() throws Exception {
    try (FakeRelay relay = new FakeRelay();
        LinkFixture link =
            link(
                "ws",
                relay.port(),
                Map.of("HTTP_PROXY", "http://127.0.0.1:1", "NO_PROXY", "127.0.0.1"),
                null)) {
      carriesBytes(relay, link);
    }
  }

  @Test
  void refusalOfTheProxyIsShown() throws Exception {
    try (FakeProxy proxy = new FakeProxy("HTTP/1.1 407 Proxy Authentication Required", 0);
        LinkFixture link =
            link("ws://relay.invalid", Map.of("HTTP_PROXY", "http://127.0.0.1:" + proxy.port()))) {
      assertThat(link.failure())
          .startsWith(
              "relay ws://relay.invalid/agent/id: "
                  + "the proxy refused: 407 Proxy Authentication Required");
    }
  }

  @Test
  void malformedProxyIsAUsageErrorWithoutItsPassword() {
    Map<String, String> environment = Map.of("HTTP_PROXY", "http://me:secret@:x:y");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> link("ws", 1, environment, null))
        .withMessageContaining("HTTP_PROXY")
        .withMessageNotContaining("secret");
  }

  @Test
  void caFileThatCannotBeUsedIsNamed() throws IOException {
    Path missing = directory.resolve("missing.pem");
    Path empty = Files.createFile(directory.resolve("empty.pem"));

    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> Trust.in(TlsConfig.trusting(missing)))
        .withMessage("CA file " + missing + ": no such file");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> Trust.in(TlsConfig.trusting(empty)))
        .withMessage("CA file " + empty + ": no certificate in it (expected: PEM)");
  }

  private static LinkFixture link(
      String scheme, int port, Map<String, String> environment, @Nullable Path caFile) {
    return new LinkFixture(
        scheme + "://127.0.0.1:" + port + "/agent/id",
        LinkFixture.QUICK,
        Duration.ofSeconds(30),
        environment,
        caFile);
  }

  private static LinkFixture link(String url, Map<String, String> environment) {
    return new LinkFixture(
        url + "/agent/id", LinkFixture.QUICK, Duration.ofMillis(300), environment, null);
  }

  private static void carriesBytes(FakeRelay relay, LinkFixture link) throws Exception {
    FakeRelay.Connection slot = relay.slot();
    assertThat(slot.header("Authorization")).startsWith("Bearer ");
    assertThat(link.ready.await(10, TimeUnit.SECONDS)).isTrue();
    slot.write(paired("a"), frame(FIN | BINARY, "ping"));
    Session session = link.session().reading();
    await().untilAsserted(() -> assertThat(session.received()).isEqualTo("ping"));
    session.send("pong");
    assertThat(slot.read().payload()).isEqualTo("pong");
  }
}
