package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that the relay refuses, each with one line that says why. */
@ExtendWith(NoLeaks.class)
final class HandshakeIT {
  private RelayFixture relay;

  @BeforeEach
  void start() throws Exception {
    relay = new RelayFixture();
  }

  @AfterEach
  void nobodyIsLeft() {
    relay.awaitEmpty();
    relay.close();
  }

  private static String without(String header, String target) {
    return RawHttp.upgrade(target).replaceFirst(header + ": [^\r]*\r\n", "");
  }

  private static String with(String header, String value) {
    return RawHttp.upgrade("/agent/job").replaceFirst(header + ": [^\r]*", header + ": " + value);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("no key", 400, without("Sec-WebSocket-Key", "/agent/job")),
        arguments("short key", 400, with("Sec-WebSocket-Key", "c2hvcnQ=")),
        arguments("key that is not base64", 400, with("Sec-WebSocket-Key", "?".repeat(24))),
        arguments("no version", 426, without("Sec-WebSocket-Version", "/agent/job")),
        arguments("version 8", 426, with("Sec-WebSocket-Version", "8")),
        arguments("upgrade to something else", 426, with("Upgrade", "h2c")),
        arguments("no upgrade for an agent", 426, RawHttp.head("GET", "/agent/job")),
        arguments("no upgrade for a client", 426, RawHttp.head("GET", "/client/job")),
        arguments("Connection without Upgrade", 426, with("Connection", "keep-alive")),
        arguments("HTTP/1.0", 400, RawHttp.upgrade("/agent/job").replace("/1.1", "/1.0")),
        arguments("POST", 405, RawHttp.upgrade("/agent/job").replace("GET", "POST")),
        arguments("no ID", 400, RawHttp.upgrade("/agent/")),
        arguments("ID of two segments", 400, RawHttp.upgrade("/agent/a/b")),
        arguments("ID of 129", 400, RawHttp.upgrade("/client/" + "x".repeat(129))),
        arguments("escaped ID", 400, RawHttp.upgrade("/agent/a%2fb")),
        arguments("ID of other letters", 400, RawHttp.upgrade("/agent/\u00e9")),
        arguments("ID that moves the cursor", 400, RawHttp.upgrade("/agent/\u009b2J")),
        arguments("ID with a semicolon", 400, RawHttp.upgrade("/client/a;b")),
        arguments("wait over the most", 400, RawHttp.upgrade("/client/job?wait=61")),
        arguments("wait far over the most", 400, RawHttp.upgrade("/client/job?wait=99")),
        arguments("wait of letters", 400, RawHttp.upgrade("/client/job?wait=abc")),
        arguments("wait below zero", 400, RawHttp.upgrade("/client/job?wait=-1")),
        arguments("empty wait", 400, RawHttp.upgrade("/client/job?wait=")),
        arguments("two waits", 400, RawHttp.upgrade("/client/job?wait=1&wait=2")),
        arguments("broken escape", 400, RawHttp.upgrade("/client/job?wait=%")),
        arguments("absolute form", 400, RawHttp.upgrade("http://relay.test/agent/job")),
        arguments("other role", 404, RawHttp.upgrade("/server/job")),
        arguments("role without an ID", 404, RawHttp.upgrade("/agent")),
        arguments("garbage", 400, "\u0016\u0003\u0001\u0002\u0000\u0001 hello\r\n\r\n"),
        arguments("SSH", 400, "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        arguments("HTTP/2", 400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        arguments("header without a name", 400, RawHttp.head("GET", "/", ": x")),
        arguments("space before the colon", 400, RawHttp.head("GET", "/", "Name : x")),
        arguments("two lengths", 400, head("Content-Length: 1", "Content-Length: 2")),
        arguments("length that is no number", 400, head("Content-Length: 1x")),
        arguments(
            "length and chunks", 400, head("Content-Length: 1", "Transfer-Encoding: chunked")),
        arguments("large header", 431, RawHttp.head("GET", "/", "X: " + "x".repeat(9000))),
        arguments("many headers", 431, RawHttp.head("GET", "/", "X: x\r\n".repeat(3000) + "X: x")),
        arguments("long request line", 414, RawHttp.head("GET", "/" + "x".repeat(9000))),
        arguments("body", 413, head("Content-Length: 2") + "{}"),
        arguments("chunked body", 413, head("Transfer-Encoding: chunked") + "0\r\n\r\n"));
  }

  private static String head(String... headers) {
    return RawHttp.head("POST", "/", headers);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refused")
  void refusalIsOneLineAndEndsTheConnection(String what, int status, String request)
      throws Exception {
    try (var http = new RawHttp(relay.address())) {
      RawHttp.Response response = http.send(request).response();
      assertThat(response.status()).as(response.body()).isEqualTo(status);
      assertThat(response.body()).matches("[^\\p{Cc}]+\n");
      assertThat(response.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
      assertThat(response.header("Connection")).isEqualTo("close");
      assertThat(http.isAtEnd()).isTrue();
    }
  }

  @Test
  void wrongVersionIsToldTheRightOne() throws Exception {
    try (var http = new RawHttp(relay.address())) {
      http.send(with("Sec-WebSocket-Version", "8"));
      assertThat(http.response().header("Sec-WebSocket-Version")).isEqualTo("13");
    }
  }

  @Test
  void handshakeIsAnsweredAsRfc6455ShowsIt() throws Exception {
    try (var http = new RawHttp(relay.address())) {
      RawHttp.Response response = http.send(RawHttp.upgrade("/agent/job")).response();
      assertThat(response.status()).isEqualTo(101);
      assertThat(response.header("Upgrade")).isEqualTo("websocket");
      assertThat(response.header("Connection")).isEqualToIgnoringCase("upgrade");
      assertThat(response.header("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      assertThat(response.headers()).doesNotContainKey("sec-websocket-protocol");
      assertThat(response.headers()).doesNotContainKey("sec-websocket-extensions");
    }
  }

  @Test
  void refusalArrivesAlsoWhileALargeBodyIsOnItsWay() throws Exception {
    try (var http = new RawHttp(relay.address())) {
      http.send(head("Content-Length: 4000000")).send(new byte[4_000_000]);
      assertThat(http.response().status()).isEqualTo(413);
      assertThat(http.isAtEnd()).isTrue();
    }
  }

  @Test
  void slowRequestIsCutAtTheDeadline() throws Exception {
    try (var strict = new RelayFixture(RelayFixture.handshake(Duration.ofMillis(300)));
        var http = new RawHttp(strict.address())) {
      http.send("GET /agent/job HTTP/1.1\r\nHost: relay.test\r\n");
      assertThat(http.response().status()).isEqualTo(408);
      assertThat(http.isAtEnd()).isTrue();
    }
  }

  @Test
  void silentConnectionIsCutAtTheDeadline() throws Exception {
    try (var strict = new RelayFixture(RelayFixture.handshake(Duration.ofMillis(300)));
        var http = new RawHttp(strict.address())) {
      assertThat(http.response().status()).isEqualTo(408);
      assertThat(http.isAtEnd()).isTrue();
    }
  }

  @Test
  void deadlineOfTheRequestIsNotThatOfTheWait() throws Exception {
    try (var strict = new RelayFixture(RelayFixture.handshake(Duration.ofMillis(200)));
        var http = new RawHttp(strict.address())) {
      http.send(RawHttp.upgrade("/client/job?wait=1"));
      assertThat(http.response().status()).isEqualTo(404);
    }
  }
}
