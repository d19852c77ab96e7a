package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = SEPARATE_THREAD)
final class TlsIT {
  @TempDir private static Path directory;
  private static Certificates certificates;
  private static Path trusted;
  private static Path other;

  @BeforeAll
  static void makeAuthorities() throws Exception {
    certificates = new Certificates(directory);
    trusted = certificates.ca("trusted");
    other = certificates.ca("other");
  }

  private static FakeServer echo(String name) throws IOException {
    return certificates.server(
        "trusted",
        name,
        peer -> {
          peer.upgrade().binary(peer.receiveBinary(200_000)).closeFrame(1000, "");
          peer.receiveClose();
        });
  }

  private static byte[] roundTrip(FakeServer server, Path caFile, Map<String, String> environment)
      throws IOException {
    return roundTrip("localhost:" + server.port(), caFile, environment);
  }

  private static byte[] roundTrip(String host, Path caFile, Map<String, String> environment)
      throws IOException {
    return roundTrip(host, TlsConfig.trusting(caFile), environment);
  }

  private static byte[] roundTrip(String host, TlsConfig tls, Map<String, String> environment)
      throws IOException {
    ConnectOptions options =
        new ConnectOptions(new ProxySettings(environment), tls, Map::of, Timeouts.DEFAULT, null);
    Endpoint endpoint = Endpoint.parse("wss://" + host + "/client/x", Role.CLIENT);
    WebSocketConnection connection = new WebSocketClient(options).connect(endpoint);
    connection.send(new byte[200_000], 0, 200_000);
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    while (connection.receive(received::write)) {}
    assertThat(connection.end()).isEqualTo(CloseReason.normal(""));
    return received.toByteArray();
  }

  @Test
  void privateAuthorityIsTrustedWhenGiven() throws IOException {
    try (FakeServer server = echo("localhost")) {
      assertThat(roundTrip(server, trusted, Map.of())).hasSize(200_000);
      server.await();
    }
  }

  @Test
  void fileMayHoldSeveralAuthorities() throws IOException {
    Path both = directory.resolve("both.pem");
    Files.writeString(both, Files.readString(other) + Files.readString(trusted));
    try (FakeServer server = echo("127.0.0.1")) {
      String host = "127.0.0.1:" + server.port();
      assertThat(roundTrip(host, both, Map.of())).hasSize(200_000);
      server.await();
    }
  }

  @Test
  void unknownAuthorityIsRefused() throws IOException {
    try (FakeServer server = echo("localhost")) {
      String message =
          "the certificate of localhost port "
              + server.port()
              + " is refused: its CA is not a known one; give a private CA with --ca-file";
      assertThatIOException()
          .isThrownBy(() -> roundTrip(server, other, Map.of()))
          .withMessage(message);
      assertThatIOException()
          .isThrownBy(() -> roundTrip(server, null, Map.of()))
          .withMessage(message);
    }
  }

  @Test
  void certificateForAnotherNameIsRefused() throws IOException {
    try (FakeServer server = echo("elsewhere.test")) {
      assertThatIOException()
          .isThrownBy(() -> roundTrip(server, trusted, Map.of()))
          .withMessageStartingWith("the certificate of localhost port " + server.port())
          .withMessageContaining("No subject alternative DNS name matching localhost found");
    }
  }

  @Test
  void serverWithoutTlsIsRefused() throws IOException {
    try (FakeServer server = FakeServer.start(peer -> peer.raw(Peer.ascii("HTTP/1.1 400 X\r\n")))) {
      assertThatIOException()
          .isThrownBy(() -> roundTrip(server, trusted, Map.of()))
          .withMessage(
              "no TLS with localhost port " + server.port() + ": it does not speak TLS; use ws://");
    }
  }

  @Test
  void uselessCaFileIsNamed() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty.pem"));
    Path junk = Files.writeString(directory.resolve("junk.pem"), "junk");
    Path absent = directory.resolve("absent.pem");

    assertThatIOException()
        .isThrownBy(() -> roundTrip("h", empty, Map.of()))
        .withMessage("CA file " + empty + ": no certificate in it (expected: PEM)");
    assertThatIOException()
        .isThrownBy(() -> roundTrip("h", junk, Map.of()))
        .withMessageStartingWith("CA file " + junk + ": no");
    assertThatIOException()
        .isThrownBy(() -> roundTrip("h", absent, Map.of()))
        .withMessage("CA file " + absent + ": no such file");
  }

  @Test
  void anybodyIsTrustedByTheInsecure() throws IOException {
    try (FakeServer server = echo("elsewhere.test")) {
      TlsConfig insecure = new TlsConfig(null, null, null, true);
      assertThat(roundTrip("localhost:" + server.port(), insecure, Map.of())).hasSize(200_000);
      server.await();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void clientCertificateIsShownToWhoAsksForIt(String protocol) throws Exception {
    FakeServer.Script echo =
        peer -> {
          peer.upgrade().binary(peer.receiveBinary(200_000)).closeFrame(1000, "");
          peer.receiveClose();
        };
    try (FakeServer server = certificates.mutual("trusted", "localhost", protocol, echo)) {
      String host = "localhost:" + server.port();
      TlsConfig right = certificates.client(trusted, "trusted", "right");
      assertThat(roundTrip(host, right, Map.of())).hasSize(200_000);

      String failure = "no TLS with localhost port " + server.port() + ": it ";
      TlsConfig wrong = certificates.client(trusted, "other", "wrong");
      assertThatIOException()
          .isThrownBy(() -> roundTrip(host, wrong, Map.of()))
          .withMessageStartingWith(failure) // an alert, unless that is lost in a reset
          .withMessageContaining("refuses the client certificate of --cert-file (");
      assertThatIOException()
          .isThrownBy(() -> roundTrip(host, trusted, Map.of()))
          .withMessage(failure + "wants a client certificate: --cert-file and --key-file");
    }
  }

  @Test
  void certificateAndKeyGoTogether() {
    Path file = Path.of("x");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TlsConfig(null, file, null, false))
        .withMessage("--cert-file: without its --key-file (expected: both)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TlsConfig(null, null, file, false))
        .withMessage("--key-file: without its --cert-file (expected: both)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TlsConfig(file, null, null, true))
        .withMessageStartingWith("--insecure: with --ca-file ");
  }

  @Test
  void tlsToARelayGoesThroughATlsProxyToo() throws IOException {
    // The name does not resolve here: only the proxy knows where it leads.
    try (FakeServer relay = echo("relay.invalid");
        FakeServer proxy =
            certificates.server(
                "trusted",
                "localhost",
                peer -> {
                  String request = peer.request();
                  assertThat(request).startsWith("CONNECT relay.invalid:443 HTTP/1.1\r\n");
                  peer.raw(Peer.ascii("HTTP/1.1 200 OK\r\n\r\n"));
                  peer.joinTo("127.0.0.1", relay.port());
                })) {
      Map<String, String> environment = Map.of("HTTPS_PROXY", "https://localhost:" + proxy.port());

      assertThat(roundTrip("relay.invalid", trusted, environment)).hasSize(200_000);
      relay.await();
    }
  }
}
