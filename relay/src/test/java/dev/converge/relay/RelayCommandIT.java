package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.converge.cli.Program;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RelayCommandIT {
  private final PrintStream stdout = System.out;
  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setOut(stdout);
    System.setErr(stderr);
  }

  private static int run(Map<String, String> environment, String... args) {
    return new Program(new RelayCommand(environment), environment).run(args);
  }

  @Test
  void boundPortIsPrintedAndServed() throws Exception {
    var relay = new Thread(() -> run(Map.of("CONVERGE_PORT", "0"), "--bind", "127.0.0.1"), "relay");
    relay.start();
    try {
      Pattern line = Pattern.compile("relay listening on http://127\\.0\\.0\\.1:(\\d+)\n");
      Matcher printed =
          await()
              .atMost(RelayFixture.PATIENCE)
              .until(() -> line.matcher(out.toString(StandardCharsets.UTF_8)), Matcher::matches);
      int port = Integer.parseInt(printed.group(1));
      try (var http = new RawHttp(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
        assertThat(http.request("GET", "/healthz").response().status()).isEqualTo(200);
      }
    } finally {
      relay.interrupt();
      relay.join(10_000);
    }
    assertThat(relay.isAlive()).isFalse();
  }

  @Test
  void portInUseIsOneLineAndAFailure() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThat(run(Map.of(), "--bind", "127.0.0.1", "--port", "" + port)).isEqualTo(1);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .startsWith("relay: cannot listen at 127.0.0.1:" + port + ": ")
          .contains("Address already in use")
          .endsWith("; choose another --port or --bind\n")
          .hasLineCount(1);
      assertThat(out.size()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--port=65536 | --port: 65536 (expected: 0 to 65535)",
        "--port=-1 | --port: -1 (expected: 0 to 65535)",
        "--port=http | Invalid value for option '--port'",
        "--bind=no.such.host.invalid | --bind: 'no.such.host.invalid'",
        "--nope | Unknown option: '--nope'",
        "--max-connections=0 | connections: 0 (expected: >= 1)",
        "--max-slots=0 | slots: 0 (expected: >= 1)",
        "--max-clients-per-id=0 | clients per ID: 0 (expected: >= 1)",
        "--max-header-bytes=10 | header bytes: 10 (expected: >= 512)",
        "--max-connections-per-address=0 | connections per address: 0 (expected: >= 1)",
        "--max-new-connections-per-address=-1 | new connections per address: -1 (expected: >= 1)",
        "--max-new-connections=0 | new connections: 0 (expected: >= 1)",
        "--max-slots-per-address=0 | slots per address: 0 (expected: >= 1)",
        "--max-clients-per-address=x | Invalid value for option '--max-clients-per-address'",
        "--max-bridges-per-address=0 | bridges per address: 0 (expected: >= 1)",
        "--max-bridges=-5 | bridges: -5 (expected: >= 1)",
        "--max-rate=0 | rate: 0 (expected: >= 16384)",
        "--max-rate=-1 | '-1' is not a number of bytes (expected: 500000, 500K or 10M)",
        "--max-rate=10MB | '10MB' is not a number of bytes",
        "--max-rate=1.5M | '1.5M' is not a number of bytes",
        "--max-rate=15K | rate: 15360 (expected: >= 16384)",
        "--max-bridge-duration=0s | bridge duration: PT0S (expected: > PT0S)",
        "--max-bridge-duration=long | 'long' is not a duration",
        "--handshake-timeout=0s | handshake: PT0S (expected: > PT0S)",
        "--cert-file=x | --cert-file: without --use-ssl (expected: both)",
        "--key-file=x | --key-file: without --use-ssl (expected: both)",
        "--ca-file=x | --ca-file: without --use-ssl (expected: both)",
        "--redirect-http-port=1 | --redirect-http-port: without --use-ssl (expected: both)",
        "--use-ssl | --use-ssl: without --cert-file (expected: --cert-file and --key-file)",
        "--use-ssl --cert-file=x | --use-ssl: without --key-file",
        "--use-ssl --key-file=x | --use-ssl: without --cert-file",
        "--use-ssl --cert-file=x --key-file=y --port=1 --redirect-http-port=1 |"
            + " --redirect-http-port: 1 (expected: another one than --port)",
        "--use-ssl --cert-file=x --key-file=y --redirect-http-port=65536 |"
            + " --redirect-http-port: 65536 (expected: 0 to 65535)",
        "--handshake-timeout=soon | 'soon' is not a duration"
      })
  void flagThatIsNotUnderstoodIsOneLineAndAUsageError(String flags, String message) {
    assertThat(run(Map.of(), flags.split(" "))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("relay: ")
        .contains(message)
        .hasLineCount(1);
  }

  @Test
  void tlsIsPrintedAndServed() throws Exception {
    TlsFiles files = TestCertificates.FILES;
    String[] flags = {
      "--use-ssl",
      "--port=0",
      "--bind=127.0.0.1",
      "--redirect-http-port=0",
      "--cert-file=" + files.certFile(),
      "--key-file=" + files.keyFile()
    };
    var relay = new Thread(() -> run(Map.of(), flags), "relay");
    relay.start();
    try {
      String at = "http%s://127\\.0\\.0\\.1:\\d+\n";
      String lines =
          "relay listening on " + at.formatted("s") + "redirecting from " + at.formatted("");
      await()
          .atMost(RelayFixture.PATIENCE)
          .until(() -> out.toString(StandardCharsets.UTF_8), printed -> printed.matches(lines));
    } finally {
      relay.interrupt();
      relay.join(10_000);
    }
  }

  @Test
  void portForPlainHttpInUseIsOneLineAndAFailure() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      TlsFiles files = TestCertificates.FILES;
      int code =
          run(
              Map.of("CONVERGE_CERT_FILE", "" + files.certFile()),
              "--use-ssl",
              "--bind=127.0.0.1",
              "--port=0",
              "--key-file=" + files.keyFile(),
              "--redirect-http-port=" + port);
      assertThat(code).isEqualTo(1);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .contains("relay: cannot listen at 127.0.0.1:" + port + ": ")
          .endsWith("; choose another --redirect-http-port\n");
    }
  }

  @Test
  void keyOfAnotherCertificateIsOneLineAndAFailure() throws Exception {
    Path other =
        TestCertificates.write(Path.of("target", "other"), TestCertificates.relay()).keyFile();
    Path cert = TestCertificates.FILES.certFile();
    int code = run(Map.of(), "--use-ssl", "--cert-file=" + cert, "--key-file=" + other);
    assertThat(code).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "relay: key file "
                + other
                + ": the key is not that of the certificate in "
                + cert
                + "\n");
  }

  @Test
  void helpNamesEveryFlagWithItsDefault() {
    assertThat(run(Map.of(), "--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(
            "--bind", "--port", "--trust-proxy", "--use-ssl", "--max-connections", "4774", "PT10S");
  }
}
