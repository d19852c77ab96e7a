package dev.converge.wsproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import dev.converge.cli.Program;
import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.FakeAgent;
import dev.converge.tunnel.FakeServer;
import dev.converge.tunnel.SshServerBytes;
import dev.converge.tunnel.StreamLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 30, threadMode = SEPARATE_THREAD)
final class WsproxyIT {
  private static final byte[] BYTES = random(100_000);

  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final PrintStream realStderr = System.err;

  @BeforeEach
  void captureStderr() {
    System.setErr(new PrintStream(stderr, true, UTF_8));
  }

  @AfterEach
  void restoreStderr() {
    System.setErr(realStderr);
  }

  private int run(InputStream stdin, OutputStream out, String... arguments) {
    return new Program(new WsproxyMain(Map.of(), stdin, out), Map.of()).run(arguments);
  }

  private static InputStream open() throws IOException {
    return new PipedInputStream(new PipedOutputStream());
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void endOfStdinSendsEverythingAndStillDeliversTheAnswer() throws IOException {
    byte[] input = random(1_000_000);
    byte[] answer = random(500_000);
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade();
              assertThat(peer.receiveBinary(input.length)).isEqualTo(input);
              assertThat(peer.receiveClose()).isEqualTo(CloseReason.normal(""));
              peer.binary(answer).closeFrame(1000, "");
            })) {
      int code = run(new ByteArrayInputStream(input), stdout, server.url());

      assertThat(code).isZero();
      assertThat(stdout.toByteArray()).isEqualTo(answer);
      assertThat(stderr).hasToString("");
      server.await();
    }
  }

  @Test
  void closeOfThePeerEndsItAlthoughStdinIsOpen() throws IOException {
    byte[] bytes = random(1_000_000);
    try (FakeServer server =
        FakeServer.start(
            peer -> peer.upgrade().binary(bytes).closeFrame(1000, "").receiveClose())) {
      int code = run(open(), stdout, server.url());

      assertThat(code).isZero();
      assertThat(stdout.toByteArray()).isEqualTo(bytes);
      assertThat(stderr).hasToString("");
      server.await();
    }
  }

  @Test
  void slowReaderGetsEverything() throws Exception {
    byte[] bytes = random(900_000);
    PipedOutputStream out = new PipedOutputStream();
    PipedInputStream slow = new PipedInputStream(out, 1000);
    CompletableFuture<byte[]> read =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return slow.readAllBytes();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    try (FakeServer server =
        FakeServer.start(
            peer -> peer.upgrade().binary(bytes).closeFrame(1000, "").receiveClose())) {
      assertThat(run(open(), out, server.url())).isZero();
      out.close();

      assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(bytes);
      server.await();
    }
  }

  @Test
  void abnormalEndIsOneLine() throws IOException {
    try (FakeServer server = FakeServer.start(peer -> peer.upgrade().binary(new byte[10]))) {
      assertThat(run(open(), stdout, server.url())).isEqualTo(1);

      assertThat(stdout.size()).isEqualTo(10);
      assertThat(stderr)
          .hasToString(
              "wsproxy: the session ended early: 1006 the connection ended without a close\n");
    }
  }

  @Test
  void closeWithAnErrorIsToldWithItsReason() throws IOException {
    try (FakeServer server =
        FakeServer.start(peer -> peer.upgrade().closeFrame(1001, "relay stops").receiveClose())) {
      assertThat(run(open(), stdout, server.url())).isEqualTo(1);

      assertThat(stderr).hasToString("wsproxy: the session ended early: 1001 relay stops\n");
    }
  }

  @Test
  void refusalOfTheRelayIsPrintedPlainly() throws IOException {
    String answer = "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\nno agent for 'x'\n";
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.request();
              peer.raw(answer.getBytes(UTF_8));
            })) {
      assertThat(run(open(), stdout, server.url())).isEqualTo(1);

      assertThat(stderr).hasToString("wsproxy: no agent for 'x'\n");
      assertThat(stdout.size()).isZero();
    }
  }

  @Test
  void otherHostKeyThanThePinnedIsOneLineAndItsReplyIsKeptFromSsh() throws IOException {
    String pin = SshServerBytes.pin(SshServerBytes.key("right"));
    byte[] impostor = SshServerBytes.handshake(SshServerBytes.key("wrong"));
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade().binary(impostor);
              assertThat(peer.receiveClose().code()).isEqualTo(1008);
            })) {
      assertThat(run(open(), stdout, server.url() + pin)).isEqualTo(1);

      assertThat(stdout.toString(UTF_8)).startsWith("SSH-2.0-").doesNotContain("wrong");
      assertThat(stderr.toString(UTF_8))
          .matches("wsproxy: the host key is SHA256:\\S+, not the " + quote(pin) + " of .*\n");
      server.await();
    }
  }

  private static String quote(String pin) {
    return Pattern.quote(pin.substring(1));
  }

  @Test
  void pinnedHostKeyIsNothingToSpeakOf() throws IOException {
    byte[] key = SshServerBytes.key("right");
    byte[] bytes = SshServerBytes.handshake(key);
    try (FakeServer server =
        FakeServer.start(
            peer -> peer.upgrade().binary(bytes).closeFrame(1000, "").receiveClose())) {
      assertThat(run(open(), stdout, server.url() + SshServerBytes.pin(key))).isZero();

      assertThat(stdout.toByteArray()).isEqualTo(bytes);
      assertThat(stderr).hasToString("");
      server.await();
    }
  }

  @Test
  void closedStdoutIsAQuietEnd() throws IOException {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade().binary(new byte[1]);
              assertThat(peer.receiveClose()).isEqualTo(CloseReason.normal(""));
              peer.closeFrame(1000, "");
            })) {
      assertThat(run(open(), closed, server.url())).isZero();

      assertThat(stderr).hasToString("");
      server.await();
    }
  }

  @Test
  void lostConnectionIsToldOnceAndSoIsTheNext() throws IOException {
    try (FakeServer server = FakeServer.start(agent())) {
      assertThat(run(open(BYTES), stdout, server.url())).isZero();

      assertThat(stdout.toByteArray()).isEqualTo(BYTES);
      assertThat(stderr)
          .hasToString(
              "wsproxy: connection lost (the connection ended without a close); reconnecting for up"
                  + " to 5 min\nwsproxy: reconnected after 1 s\n");
    }
  }

  @Test
  void quietIsQuiet() throws IOException {
    try (FakeServer server = FakeServer.start(agent())) {
      assertThat(run(open(BYTES), stdout, "--quiet", server.url())).isZero();

      assertThat(stdout.toByteArray()).isEqualTo(BYTES);
      assertThat(stderr).hasToString("");
    }
  }

  private static FakeAgent agent() {
    return new FakeAgent(StreamLimits.DEFAULT).echo().cutBehind(BYTES.length);
  }

  private static InputStream open(byte[] first) throws IOException {
    return new SequenceInputStream(new ByteArrayInputStream(first), open());
  }

  @Test
  void sessionThatIsNotResumedIsAFailureEvenIfQuiet() throws IOException {
    FakeAgent agent = agent();
    String answer = "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\nno agent\n";
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              if (agent.paths() == 0) {
                agent.run(peer);
              } else {
                peer.request();
                peer.raw(answer.getBytes(UTF_8));
              }
            })) {
      assertThat(run(open(BYTES), stdout, "--quiet", "--resume-window=0.2s", server.url()))
          .isEqualTo(1);

      assertThat(stderr).hasToString("wsproxy: the session was not resumed within 0 s: no agent\n");
    }
  }

  @Test
  void withoutResumingNothingIsNegotiated() throws IOException {
    CompletableFuture<String> request = new CompletableFuture<>();
    try (FakeServer server = FakeServer.start(peer -> request.complete(peer.request()))) {
      assertThat(run(open(), stdout, "--no-resume", server.url())).isEqualTo(1);

      assertThat(request.join()).doesNotContain("converge.v1");
    }
  }

  @Test
  void waitGoesIntoTheRequest() throws IOException {
    CompletableFuture<String> request = new CompletableFuture<>();
    try (FakeServer server = FakeServer.start(peer -> request.complete(peer.request()))) {
      assertThat(run(open(), stdout, "--wait=5", server.url())).isEqualTo(1);

      assertThat(request.join()).startsWith("GET /client/x?wait=5 HTTP/1.1\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "ws://h/agent/x, URL: 'ws://h/agent/x' (expected: ws[s]://HOST[:PORT]/client/ID)",
        "ws://h/client/a%20b, ID: 'a%20b' (expected: 1 to 128 of A-Z a-z 0-9 . _ -)",
        "--wait=61 ws://h/client/x, wait: 61 s (expected: 0 to 60 seconds)",
        "--resume-window=2d ws://h/client/x, resume window: PT48H (expected: at most P1D)",
        "--nope ws://h/client/x, Unknown option: '--nope'",
        "\"\", Missing required parameter: 'URL'",
      })
  void badCommandLineIsOneLine(String arguments, String line) throws IOException {
    assertThat(run(open(), stdout, arguments.isEmpty() ? new String[0] : arguments.split(" ", -1)))
        .isEqualTo(2);
    assertThat(stderr).hasToString("wsproxy: " + line + "; see 'wsproxy --help'\n");
  }
}
