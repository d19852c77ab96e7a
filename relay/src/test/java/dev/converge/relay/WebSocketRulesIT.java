package dev.converge.relay;

import static dev.converge.relay.Frames.BINARY;
import static dev.converge.relay.Frames.CLOSE;
import static dev.converge.relay.Frames.CONTINUATION;
import static dev.converge.relay.Frames.FIN;
import static dev.converge.relay.Frames.PING;
import static dev.converge.relay.Frames.PONG;
import static dev.converge.relay.Frames.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What RFC 6455 forbids ends the connection with the close code that it has for it. */
@ExtendWith(NoLeaks.class)
final class WebSocketRulesIT {
  private static final byte[] NOT_UTF8 = {(byte) 0xc3, 0x28};

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

  private static byte[] both(byte[] first, byte[] second) {
    var both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.writeBytes(second);
    return both.toByteArray();
  }

  static Stream<Arguments> violations() {
    byte[] one = {'x'};
    return Stream.of(
        arguments("unmasked frame", 1002, Frames.unmasked(FIN | BINARY, one)),
        arguments("unmasked ping", 1002, Frames.unmasked(FIN | PING, one)),
        arguments("RSV1", 1002, Frames.frame(FIN | 0x40 | BINARY, one)),
        arguments("RSV2", 1002, Frames.frame(FIN | 0x20 | BINARY, one)),
        arguments("RSV3", 1002, Frames.frame(FIN | 0x10 | BINARY, one)),
        arguments("reserved data opcode 3", 1002, Frames.frame(FIN | 3, one)),
        arguments("reserved data opcode 7", 1002, Frames.frame(FIN | 7, one)),
        arguments("reserved control opcode 11", 1002, Frames.frame(FIN | 11, one)),
        arguments("reserved control opcode 15", 1002, Frames.frame(FIN | 15, one)),
        arguments("ping in pieces", 1002, Frames.frame(PING, one)),
        arguments("close in pieces", 1002, Frames.frame(CLOSE, new byte[0])),
        arguments("ping over 125 bytes", 1002, Frames.frame(FIN | PING, new byte[126])),
        arguments("close over 125 bytes", 1002, Frames.close(new byte[126])),
        arguments("continuation of nothing", 1002, Frames.frame(FIN | CONTINUATION, one)),
        arguments(
            "message within a message",
            1002,
            both(Frames.frame(BINARY, one), Frames.frame(FIN | BINARY, one))),
        arguments("length below zero", 1002, Frames.frame(FIN | BINARY, one, -1, true)),
        arguments("close of 1 byte", 1002, Frames.close(one)),
        arguments("close code 0", 1002, Frames.close(0, "")),
        arguments("close code 999", 1002, Frames.close(999, "")),
        arguments("close code 1004", 1002, Frames.close(1004, "")),
        arguments("close code 1005", 1002, Frames.close(1005, "")),
        arguments("close code 1006", 1002, Frames.close(1006, "")),
        arguments("close code 1015", 1002, Frames.close(1015, "")),
        arguments("close code 2999", 1002, Frames.close(2999, "")),
        arguments(
            "close reason that is not UTF-8",
            1007,
            Frames.close(both(new byte[] {3, (byte) 0xe8}, NOT_UTF8))),
        arguments("text that is not UTF-8", 1007, Frames.frame(FIN | TEXT, NOT_UTF8)),
        arguments(
            "text whose later piece is not UTF-8",
            1007,
            both(Frames.frame(TEXT, one), Frames.frame(FIN | CONTINUATION, NOT_UTF8))),
        arguments(
            "frame over the limit", 1009, Frames.frame(FIN | BINARY, one, (1 << 20) + 1, true)),
        arguments(
            "frame far over the limit", 1009, Frames.frame(FIN | BINARY, one, 1L << 40, true)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("violations")
  void violationByAWaitingAgentIsToldWithItsCode(String what, int code, byte[] bytes)
      throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job")) {
      agent.send(bytes);
      assertThat(agent.read().closeCode()).isEqualTo(code);
      assertThat(agent.http.isAtEnd()).isTrue();
    }
    relay.awaitSlots(0);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("violations")
  void violationByAClientIsToldWithItsCodeAndEndsTheBridge(String what, int code, byte[] bytes)
      throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job");
        var client = RawWebSocket.open(relay.address(), "/client/job")) {
      client.send(bytes);
      assertThat(client.read().closeCode()).isEqualTo(code);
      assertThat(client.http.isAtEnd()).isTrue();
      client.hangUp();
      RawWebSocket.Frame close = agent.readToClose();
      assertThat(close.closeCode()).isEqualTo(1001);
      assertThat(close.closeReason()).isEqualTo("the client's connection broke");
    }
  }

  @Test
  void closeFrameArrivesAlsoWhileMegabytesAreOnTheirWay() throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job")) {
      agent.send(Frames.frame(FIN | BINARY, new byte[4 << 20]));
      assertThat(agent.read().closeCode()).isEqualTo(1009);
      assertThat(agent.http.isAtEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1003, 1011, 3000, 4999})
  void closeIsAnsweredWithItsOwnCode(int code) throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job")) {
      agent.send(Frames.close(code, "why"));
      RawWebSocket.Frame close = agent.read();
      assertThat(close.closeCode()).isEqualTo(code);
      assertThat(close.closeReason()).isEqualTo("why");
      assertThat(agent.http.isAtEnd()).isTrue();
    }
  }

  @Test
  void closeWithoutACodeIsAnsweredWithoutOne() throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job")) {
      agent.send(Frames.close(new byte[0]));
      assertThat(agent.read().closeCode()).isEqualTo(1005);
    }
  }

  @Test
  void pingWithinAMessageIsAnsweredAtOnce() throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job")) {
      agent.send(Frames.frame(BINARY, "a")).send(Frames.frame(FIN | PING, "42"));
      RawWebSocket.Frame pong = agent.read();
      assertThat(pong.opcode()).isEqualTo(PONG);
      assertThat(pong.text()).isEqualTo("42");
    }
  }

  @Test
  void pingRightBehindTheUpgradeIsAnsweredBehindThe101() throws Exception {
    var http = new RawHttp(relay.address());
    http.send(both(ascii(RawHttp.upgrade("/agent/job")), Frames.frame(FIN | PING, "42")));
    try (var agent = new RawWebSocket(http)) {
      assertThat(agent.read().text()).isEqualTo("42");
    }
  }

  @Test
  void violationRightBehindTheUpgradeIsToldBehindThe101() throws Exception {
    var http = new RawHttp(relay.address());
    http.send(
        both(ascii(RawHttp.upgrade("/agent/job")), Frames.unmasked(FIN | BINARY, new byte[1])));
    try (var agent = new RawWebSocket(http)) {
      assertThat(agent.read().closeCode()).isEqualTo(1002);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
