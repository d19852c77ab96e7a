package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an agent and a client send to each other, before and after they are paired. */
final class FramesFuzz {
  static Stream<Arguments> seeds() {
    return Stream.of(
        arguments(
            Frames.frame(Frames.FIN | Frames.BINARY, "SSH-2.0-a\r\n"),
            Frames.frame(Frames.FIN | Frames.TEXT, "SSH-2.0-b\r\n")),
        arguments(
            Frames.frame(Frames.FIN | Frames.TEXT, "{\"type\":\"paired\"}"),
            Frames.close(1000, "bye")),
        arguments(Frames.frame(Frames.BINARY, "a"), Frames.frame(Frames.FIN, "b")),
        arguments(Frames.frame(Frames.TEXT, "\u00e4"), Frames.frame(Frames.FIN | Frames.PING, "p")),
        arguments(Frames.close(4000, ""), Frames.close(new byte[0])),
        arguments(Frames.close(1005, "x"), Frames.close(new byte[] {3})),
        arguments(
            Frames.unmasked(Frames.FIN | Frames.BINARY, new byte[9]),
            Frames.frame(Frames.PONG, new byte[126])),
        arguments(
            Frames.frame(Frames.FIN | Frames.BINARY, new byte[1], 1 << 21, true),
            Frames.frame(Frames.FIN | Frames.BINARY, new byte[1], -1, true)),
        arguments(
            Frames.frame(Frames.FIN | Frames.TEXT, new byte[] {(byte) 0xff}),
            Frames.frame(0xf3, new byte[200])));
  }

  @MethodSource("seeds")
  @FuzzTest
  void nothingThatPeersSendBreaksTheRelayOrStaysInIt(
      byte @NotNull [] fromAgent, byte @NotNull [] fromClient) {
    long before = Buffers.held();
    var relay = new EmbeddedRelay(RelayFixture.WAITING);
    try (relay) {
      EmbeddedChannel agent =
          relay.connect("/agent/x", fromAgent, "Sec-WebSocket-Protocol: converge.v1");
      EmbeddedChannel client = relay.connect("/client/x", fromClient);
      relay.pair();
      receive(agent, fromAgent);
      receive(client, fromClient);
      relay.run();
      agent.checkException();
      client.checkException();
      assertThat(EmbeddedRelay.sent(agent)).startsWith("HTTP/1.1 101 ");
    }
    assertThat(relay.rendezvous.waitingSlots() + relay.rendezvous.waitingClients()).isZero();
    assertThat(Buffers.held()).isEqualTo(before);
  }

  private static void receive(EmbeddedChannel channel, byte[] bytes) {
    if (channel.isOpen()) {
      channel.writeInbound(Buffers.of(bytes));
    }
  }
}
