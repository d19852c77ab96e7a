package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.converge.cli.Failure;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only TLS has: certificates of both sides, their change, and those who do not speak it. */
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
@ExtendWith(NoLeaks.class)
final class TlsIT {
  @Parameter private Security security;
  @TempDir private Path directory;
  private RelayFixture relay;

  @AfterEach
  void nobodyIsLeft() {
    relay.awaitEmpty();
    relay.close();
  }

  private void start(TlsFiles files) throws IOException {
    relay = new RelayFixture(security, security.settings(files));
  }

  private SSLSocket connect(SSLContext client, String... protocols) throws IOException {
    SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket();
    socket.connect(relay.address(), 5000);
    socket.setSoTimeout((int) RelayFixture.PATIENCE.toMillis());
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    return socket;
  }

  private static String health(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write(RawHttp.head("GET", "/healthz").getBytes(StandardCharsets.US_ASCII));
    byte[] answer = new byte[15];
    socket.getInputStream().readNBytes(answer, 0, answer.length);
    return new String(answer, StandardCharsets.US_ASCII);
  }

  private BigInteger serial() throws IOException {
    try (SSLSocket socket = connect(TestCertificates.TRUSTING)) {
      socket.startHandshake();
      var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSerialNumber();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothVersionsHideEarlierConnectionsFromWhoLearnsTheKey(String version) throws IOException {
    start(TestCertificates.FILES);
    try (SSLSocket socket = connect(TestCertificates.TRUSTING, version)) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      socket.setSSLParameters(parameters);
      assertThat(health(socket)).isEqualTo("HTTP/1.1 200 OK");
      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
      assertThat(socket.getSession().getCipherSuite())
          .matches("TLS_(ECDHE_.*)?AES_(128|256)_GCM_SHA\\d+");
      assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
    }
  }

  @Test
  void relayThatHasEndedMayBeEndedAgain() throws IOException {
    start(TestCertificates.FILES);
    relay.close();
    assertThatCode(relay::close).doesNotThrowAnyException();
  }

  @Test
  void endOfAConnectionIsSaidInTlsToo() throws IOException {
    start(TestCertificates.FILES);
    var heard = new ByteArrayOutputStream();
    Socket recorded =
        new Socket() {
          @Override
          public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
              @Override
              public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = super.read(bytes, offset, length);
                heard.write(bytes, offset, Math.max(0, count));
                return count;
              }
            };
          }
        };
    recorded.connect(relay.address(), 5000);
    try (SSLSocket socket =
        (SSLSocket)
            TestCertificates.TRUSTING
                .getSocketFactory()
                .createSocket(recorded, "127.0.0.1", relay.address().getPort(), true)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"}); // where the kind of a record shows
      String request = RawHttp.head("GET", "/healthz", "Connection: close");
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
      byte[] records = heard.toByteArray();
      assertThat(records[records.length - 31])
          .as("the last record is an alert, encrypted (RFC 5246, section 6.2.1)")
          .isEqualTo((byte) 21);
    }
  }

  @Test
  void weakCiphersAreRefused() throws IOException {
    start(TestCertificates.FILES);
    try (SSLSocket socket = connect(TestCertificates.TRUSTING, "TLSv1.2")) {
      socket.setEnabledCipherSuites(
          new String[] {
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"
          });
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void plainHttpIsToldToSpeakTls() throws IOException {
    start(TestCertificates.FILES);
    try (var http = new RawHttp(relay.address())) {
      RawHttp.Response response = http.request("GET", "/").response();
      assertThat(response.status()).isEqualTo(400);
      assertThat(response.body()).isEqualTo("this port speaks TLS: use https:// or wss://\n");
      assertThat(http.isAtEnd()).isTrue();
    }
  }

  @Test
  void whoSaysNothingIsToldNothing() throws IOException {
    relay = new RelayFixture(security, RelayFixture.handshake(Duration.ofMillis(100)));
    try (var http = new RawHttp(relay.address())) {
      assertThat(http.isAtEnd()).isTrue();
    }
    try (var http = new RawHttp(relay.address())) {
      http.send(new byte[] {22, 3, 1, 1, 0, 1}); // the start of a handshake
      assertThat(http.isAtEnd()).as("and nothing but an alert at most").isTrue();
    }
  }

  @Test
  void garbageEndsTheConnectionAndNothingElse() throws IOException {
    start(TestCertificates.FILES);
    try (var http = new RawHttp(relay.address())) {
      http.send(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
      while (http.in.read() >= 0) {} // an alert, perhaps
    }
    assertThat(serial()).isNotNull();
  }

  @Test
  void handshakeThatBreaksOffLeavesNothing() throws IOException {
    start(TestCertificates.FILES);
    try (var http = new RawHttp(relay.address())) {
      http.send(new byte[] {22, 3, 1, 1, 0, 1});
      http.reset();
    }
  }

  @Test
  void clientsMustShowACertificateOfTheGivenCa() throws Exception {
    X509Bundle clients = TestCertificates.authority("clients");
    Path caFile = Files.writeString(directory.resolve("ca.pem"), clients.getCertificatePEM());
    TlsFiles own = TestCertificates.FILES;
    start(new TlsFiles(own.certFile(), own.keyFile(), caFile));
    var builder = new CertificateBuilder().subject("CN=job");
    X509Bundle wrong = TestCertificates.issue(TestCertificates.authority("x"), builder.copy());
    for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
      SSLContext right = TestCertificates.client(TestCertificates.issue(clients, builder.copy()));
      try (SSLSocket socket = connect(right, version)) {
        assertThat(health(socket)).isEqualTo("HTTP/1.1 200 OK");
      }
      for (SSLContext client :
          new SSLContext[] {TestCertificates.TRUSTING, TestCertificates.client(wrong)}) {
        try (SSLSocket socket = connect(client, version)) {
          assertThatThrownBy(() -> health(socket))
              .as("the alert arrives, though the request was sent behind the handshake")
              .isInstanceOf(SSLException.class)
              .hasMessageContaining("Received fatal alert: ");
        }
      }
    }
  }

  @Test
  void changedFilesCountForNewConnectionsAndOldOnesStay() throws Exception {
    X509Bundle first = TestCertificates.relay();
    TlsFiles files = TestCertificates.write(directory, first);
    start(files);
    assertThat(serial()).isEqualTo(first.getCertificate().getSerialNumber());
    try (SSLSocket old = connect(TestCertificates.TRUSTING)) {
      assertThat(health(old)).isEqualTo("HTTP/1.1 200 OK");

      X509Bundle second = TestCertificates.relay();
      TestCertificates.write(directory, second);
      await()
          .atMost(RelayFixture.PATIENCE)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> serial().equals(second.getCertificate().getSerialNumber()));
      old.getInputStream().skipNBytes(old.getInputStream().available());
      assertThat(health(old)).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void filesThatAreReplacedAsALinkCount() throws Exception {
    X509Bundle first = TestCertificates.relay();
    X509Bundle second = TestCertificates.relay();
    TestCertificates.write(directory.resolve("1"), first);
    TestCertificates.write(directory.resolve("2"), second);
    Path link = Files.createSymbolicLink(directory.resolve("now"), Path.of("1"));
    start(new TlsFiles(link.resolve("cert.pem"), link.resolve("key.pem"), null));
    Path next = Files.createSymbolicLink(directory.resolve("next"), Path.of("2"));
    Files.move(next, link, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    await()
        .atMost(RelayFixture.PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> serial().equals(second.getCertificate().getSerialNumber()));
  }

  @Test
  void filesThatDoNotFitYetChangeNothing() throws Exception {
    X509Bundle first = TestCertificates.relay();
    X509Bundle second = TestCertificates.relay();
    TlsFiles files = TestCertificates.write(directory, first);
    start(files);
    Files.writeString(files.certFile(), second.getCertificatePathPEM());
    Files.delete(files.keyFile());
    await().during(Duration.ofMillis(200)).until(() -> serial().equals(serial(first)));
    Files.writeString(files.keyFile(), second.getPrivateKeyPEM());
    await()
        .atMost(RelayFixture.PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> serial().equals(serial(second)));
  }

  private static BigInteger serial(X509Bundle bundle) {
    return bundle.getCertificate().getSerialNumber();
  }

  @Test
  void certificateThatCannotBeUsedStopsTheStart() throws Exception {
    start(TestCertificates.FILES);
    TlsFiles absent = new TlsFiles(directory.resolve("no"), TestCertificates.FILES.keyFile(), null);
    assertThatThrownBy(() -> new RelayFixture(security, security.settings(absent)))
        .isInstanceOf(Failure.class)
        .hasMessage("certificate file " + directory.resolve("no") + ": no such file");
  }
}
