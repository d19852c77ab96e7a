package dev.converge.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The first bytes of a connection. */
final class RequestFuzz {
  /** By then each deadline for a request has passed, and the longest wait of a client. */
  private static final int PATIENCE_SECONDS = 80;

  static Stream<byte[]> seeds() {
    return Stream.of(
            RawHttp.upgrade("/agent/x", "Converge-Key: k") + "\u0082\u0080aaaa",
            RawHttp.upgrade("/client/x?wait=60", "Sec-WebSocket-Protocol: a, converge.v1"),
            RawHttp.upgrade("/client/x?wait=0&wait=%"),
            RawHttp.upgrade("/client/%2e?wait=61"),
            RawHttp.head("GET", "/client/x", "Upgrade: h2c", "Connection: close") + "PRI * HTTP/2",
            RawHttp.head("GET", "/", "X-Forwarded-Host: a", "If-None-Match: *", "Range: bytes=0-"),
            RawHttp.head("HEAD", "/healthz?a") + RawHttp.head("GET", "/assets/../x"),
            RawHttp.head("POST", "/docs/agent.sha256", "Content-Length: 3") + "abc",
            RawHttp.head("GET", "/x", "Transfer-Encoding: chunked") + "ffffffffffffffff\r\n",
            RawHttp.head("OPTIONS", "*", "Content-Length: -1", " folded: x", "a : b", ":"),
            "GET http://relay.test/ HTTP/1.0\r\nHost: \r\nHost: b\r\n\r\n",
            "CONNECT relay.test:443 HTTP/9.9\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001",
            "SSH-2.0-OpenSSH_9.6\r\n",
            "\r\n\r\n")
        .map(request -> request.getBytes(ISO_8859_1));
  }

  @MethodSource("seeds")
  @FuzzTest
  void everyConnectionIsAnsweredInTimeAndLeavesNothingBehind(byte @NotNull [] bytes) {
    long before = Buffers.held();
    var relay = new EmbeddedRelay(RelayFixture.WAITING);
    try (relay) {
      EmbeddedChannel channel = relay.open();
      channel.freezeTime();
      channel.writeInbound(Buffers.of(bytes));
      channel.advanceTimeBy(PATIENCE_SECONDS, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
      channel.checkException();
      assertThat(EmbeddedRelay.sent(channel)).startsWith("HTTP/1.1 ");
    }
    assertThat(relay.rendezvous.waitingSlots() + relay.rendezvous.waitingClients()).isZero();
    assertThat(Buffers.held()).isEqualTo(before);
  }
}
