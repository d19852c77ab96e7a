package dev.converge.tunnel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, threadMode = SEPARATE_THREAD)
final class UpgradeIT {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final ProxySettings NO_PROXIES = new ProxySettings(Map.of());

  private static WebSocketConnection connect(String url) throws IOException {
    WebSocketClient client = new WebSocketClient(new ConnectOptions(NO_PROXIES, null));
    return client.connect(Endpoint.parse(url, Role.CLIENT));
  }

  private static FakeServer answering(String answer) {
    return FakeServer.start(
        peer -> {
          peer.request();
          peer.raw(answer.getBytes(UTF_8));
        });
  }

  @Test
  void pinStaysHere() throws IOException {
    CompletableFuture<String> request = new CompletableFuture<>();
    try (FakeServer server = FakeServer.start(peer -> request.complete(peer.request()))) {
      String pin = SshServerBytes.pin(SshServerBytes.key("any"));
      assertThatIOException().isThrownBy(() -> connect(server.url() + pin));

      assertThat(request.join())
          .startsWith("GET /client/x HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n")
          .doesNotContain("#", "SHA256", pin.substring(10));
    }
  }

  @Test
  void requestSaysWhatTheProtocolAsksFor() throws IOException {
    CompletableFuture<String> request = new CompletableFuture<>();
    ConnectOptions options =
        new ConnectOptions(
            NO_PROXIES, TlsConfig.DEFAULT, () -> Map.of("X-Test", "yes"), Timeouts.DEFAULT, null);
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              String text = peer.request();
              request.complete(text);
              peer.raw(Peer.answer(text, "").getBytes(UTF_8));
            })) {
      Endpoint endpoint = Endpoint.parse(server.url() + "?wait=3", Role.CLIENT);
      WebSocketConnection connection = new WebSocketClient(options).connect(endpoint);

      assertThat(connection.negotiated()).isFalse();
      assertThat(request.join())
          .startsWith("GET /client/x?wait=3 HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n")
          .contains("\r\nUpgrade: websocket\r\n", "\r\nConnection: Upgrade\r\n")
          .contains("\r\nSec-WebSocket-Version: 13\r\n", "\r\nX-Test: yes\r\n")
          .doesNotContain("Sec-WebSocket-Protocol")
          .containsPattern("\r\nSec-WebSocket-Key: [A-Za-z0-9+/]{22}==\r\n");
      connection.abort();
      server.await();
    }
  }

  @Test
  void subprotocolIsNegotiatedIfTheServerTakesIt() throws IOException {
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              String request = peer.request();
              assertThat(request).contains("\r\nSec-WebSocket-Protocol: converge.v1\r\n");
              String more = "sec-websocket-protocol: converge.v1\r\n";
              peer.raw(Peer.answer(request, more).getBytes(UTF_8));
            })) {
      ConnectOptions options =
          new ConnectOptions(
              NO_PROXIES,
              TlsConfig.DEFAULT,
              Map::of,
              Timeouts.DEFAULT,
              new Resumption(Duration.ZERO, new RecordedNotices()));
      Endpoint endpoint = Endpoint.parse(server.url(), Role.CLIENT);
      assertThat(new WebSocketClient(options).connect(endpoint).negotiated()).isTrue();
      server.await();
    }
  }

  @Test
  void interimAnswersAndLooseSpellingAreFine() throws IOException {
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              String answer =
                  Peer.answer(peer.request(), "")
                      .replace("Upgrade: websocket", "UPGRADE:WebSocket")
                      .replace("Connection: Upgrade", "connection: keep-alive , upgrade");
              peer.raw(("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + answer).getBytes(UTF_8));
              peer.closeFrame(1000, "").receiveClose();
            })) {
      WebSocketConnection connection = connect(server.url());

      assertThat(connection.receive((bytes, offset, length) -> {})).isFalse();
      assertThat(connection.end().isNormal()).isTrue();
      server.await();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-WebSocket-Accept: , Sec-WebSocket-Accept: A, the right Sec-WebSocket-Accept",
    "Upgrade: websocket, Upgrade: h2c, Upgrade: websocket",
    "Connection: Upgrade, Connection: close, Connection: Upgrade",
    "Connection: Upgrade, 'Connection: Upgrade\r\nSec-WebSocket-Extensions: x', no extension",
    "Connection: Upgrade, 'Connection: Upgrade\r\nSec-WebSocket-Protocol: y', no other subprotocol",
  })
  void answerThatIsNoUpgradeIsRefused(String part, String instead, String lacks)
      throws IOException {
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              String answer = Peer.answer(peer.request(), "").replace(part, instead);
              peer.raw(answer.getBytes(UTF_8));
            })) {
      assertThatIOException()
          .isThrownBy(() -> connect(server.url()))
          .withMessage("not a WebSocket server: its answer lacks " + lacks);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 36\r\n\r\nno agent for 'x' in 10 s\r\nsecond line",
        "\r\nno agent for 'x' in 10 s\nsecond",
        "Transfer-Encoding: chunked\r\n\r\n19\r\nno agent for 'x' in 10 s\n\r\n0\r\n\r\n",
      })
  void refusalIsTheFirstLineOfTheBody(String rest) throws IOException {
    String head = "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\n";
    try (FakeServer server = answering(head + rest)) {
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> connect(server.url()))
          .withMessage("no agent for 'x' in 10 s")
          .matches(e -> e.status() == 404);
    }
  }

  @Test
  void refusalCannotMoveTheTerminal() throws IOException {
    String answer =
        "HTTP/1.1 400 Bad\r\nContent-Type: text/plain\r\n\r\n\u001b[2Jx" + "y".repeat(999);
    try (FakeServer server = answering(answer)) {
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> connect(server.url()))
          .matches(e -> e.getMessage().startsWith("?[2Jxyy") && e.getMessage().length() == 512);
    }
  }

  @Test
  void pageOfAnotherServerIsNotShown() throws IOException {
    String answer = "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html>";
    try (FakeServer server = answering(answer)) {
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> connect(server.url()))
          .withMessageEndingWith(" answered HTTP 502 Bad Gateway; is it a relay?");
    }
  }

  @Test
  void redirectIsShownAndNotFollowed() throws IOException {
    try (FakeServer server =
        answering("HTTP/1.1 301 Moved\r\nLocation: https://elsewhere/client/x\r\n\r\n")) {
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> connect(server.url()))
          .withMessageEndingWith(
              " redirects to 'https://elsewhere/client/x'; give that URL instead")
          .matches(e -> e.status() == 301);
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "\"SSH-2.0-OpenSSH_9.9\r\n\r\n\", not HTTP: 'SSH-2.0-OpenSSH_9.9'",
        "\"HTTP/1.1 101 X\r\nNo colon\r\n\r\n\", malformed HTTP header: 'No colon'",
        "\"HTTP/1.1 101 X\r\nA: b\r\n folded\r\n\r\n\", malformed HTTP header: ' folded'",
        "\"HTTP/1.1 101 X\r\nA: b\r\n\", the connection ended before the answer",
      })
  void whatIsNoHttpIsShown(String answer, String message) throws IOException {
    try (FakeServer server = answering(answer)) {
      assertThatIOException().isThrownBy(() -> connect(server.url())).withMessage(message);
    }
  }

  @Test
  void endlessHeaderIsCut() throws IOException {
    try (FakeServer server = answering("HTTP/1.1 101 X\r\n" + "A: b\r\n".repeat(10_000))) {
      assertThatIOException()
          .isThrownBy(() -> connect(server.url()))
          .withMessage("HTTP header of more than 16384 bytes");
    }
  }

  @Test
  void serverThatTricklesIsCutAtTheDeadline() throws IOException {
    Timeouts timeouts = new Timeouts(LONG, Duration.ofMillis(300), LONG, LONG);
    ConnectOptions options =
        new ConnectOptions(NO_PROXIES, TlsConfig.DEFAULT, Map::of, timeouts, null);
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.request();
              try {
                while (!Thread.interrupted()) {
                  peer.raw((byte) 'H');
                  Thread.onSpinWait();
                }
              } catch (IOException e) {
                // Cut, as it should be.
              }
            })) {
      Endpoint endpoint = Endpoint.parse(server.url() + "?wait=0", Role.CLIENT);

      assertThatIOException().isThrownBy(() -> new WebSocketClient(options).connect(endpoint));
      server.await();
    }
  }

  @Test
  void silentServerIsCutAtTheDeadline() throws IOException {
    Timeouts timeouts = new Timeouts(LONG, Duration.ofMillis(300), LONG, LONG);
    ConnectOptions options =
        new ConnectOptions(NO_PROXIES, TlsConfig.DEFAULT, Map::of, timeouts, null);
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.request();
              peer.isAtEnd();
            })) {
      Endpoint endpoint = Endpoint.parse(server.url() + "?wait=1", Role.CLIENT);
      long start = System.nanoTime();

      assertThatIOException()
          .isThrownBy(() -> new WebSocketClient(options).connect(endpoint))
          .withMessage("no answer from 127.0.0.1:" + server.port() + " within 1 s");
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThan(Duration.ofMillis(1200));
      server.await();
    }
  }

  @Test
  void resetInsteadOfAnAnswerIsOneClearLine() throws IOException {
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.request();
              peer.reset();
            })) {
      assertThatIOException()
          .isThrownBy(() -> connect(server.url()))
          .withMessage("no answer from 127.0.0.1:" + server.port() + ": Connection reset");
    }
  }

  @Test
  void nobodyThereIsOneClearLine() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThatIOException()
        .isThrownBy(() -> connect("ws://127.0.0.1:" + port + "/client/x"))
        .withMessage("cannot connect to 127.0.0.1 port " + port + ": Connection refused");
    assertThatIOException()
        .isThrownBy(() -> connect("ws://relay.invalid/client/x"))
        .withMessage("cannot connect to relay.invalid port 80: unknown host");
  }

  @Test
  void eachAddressOfANameIsTried() throws IOException {
    // 127.0.0.1 only: where localhost is ::1 first, the second address must serve.
    try (FakeServer server = FakeServer.start(Peer::upgrade)) {
      connect("ws://localhost:" + server.port() + "/client/x").abort();
      server.await();
    }
  }

  @Test
  void headersAreMadeForEachConnection() throws IOException {
    AtomicInteger made = new AtomicInteger();
    List<String> requests = Collections.synchronizedList(new ArrayList<>());
    ConnectOptions options =
        new ConnectOptions(
            NO_PROXIES,
            TlsConfig.DEFAULT,
            () -> Map.of("X-Test", "" + made.incrementAndGet()),
            Timeouts.DEFAULT,
            null);
    WebSocketClient client = new WebSocketClient(options);
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              String request = peer.request();
              requests.add(request);
              peer.raw(Peer.answer(request, "").getBytes(UTF_8));
            })) {
      Endpoint endpoint = Endpoint.parse(server.url(), Role.CLIENT);
      client.connect(endpoint).abort();
      client.connect(endpoint).abort();
    }
    assertThat(requests.get(0)).contains("\r\nX-Test: 1\r\n");
    assertThat(requests.get(1)).contains("\r\nX-Test: 2\r\n");
  }

  @Test
  void headerCannotBeSmuggled() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ConnectOptions(
                        NO_PROXIES,
                        TlsConfig.DEFAULT,
                        () -> Map.of("A", "b\r\nC: d"),
                        Timeouts.DEFAULT,
                        null)
                    .fields())
        .withMessage("header: 'A' (expected: a name and printable ASCII)");
  }
}
