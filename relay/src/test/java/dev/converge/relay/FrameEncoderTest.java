package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NoLeaks.class)
final class FrameEncoderTest {
  private final EmbeddedChannel channel = new EmbeddedChannel(new FrameEncoder());

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private String sent() {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      all.writeBytes(out);
      out.release();
    }
    String hex = ByteBufUtil.hexDump(all);
    all.release();
    return hex;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 8201",
    "125, 827d",
    "126, 827e007e",
    "65535, 827effff",
    "65536, 827f0000000000010000",
  })
  void bytesLeaveAsOneBinaryMessage(int length, String header) {
    channel.writeOutbound(Unpooled.wrappedBuffer(new byte[length]));
    assertThat(sent()).isEqualTo(header + "00".repeat(length));
    ByteBuf roomy = Unpooled.wrappedBuffer(new byte[FrameEncoder.MOST_HEADER + length]);
    channel.writeOutbound(roomy.skipBytes(FrameEncoder.MOST_HEADER));
    assertThat(channel.outboundMessages()).as("one write").containsExactly(roomy);
    assertThat(sent()).isEqualTo(header + "00".repeat(length));
  }

  @Test
  void bufferThatSomebodyElseHoldsIsNotWrittenInto() {
    ByteBuf shared = Unpooled.copiedBuffer(new byte[] {7, 7, 7, 1}).skipBytes(3);
    channel.writeOutbound(shared.retain());
    assertThat(sent()).isEqualTo("820101");
    assertThat(shared.getByte(2)).isEqualTo((byte) 7);
    shared.release();
  }

  @Test
  void controlFramesAndTextLeaveAsWhatTheyAre() {
    channel.writeOutbound(
        new PingWebSocketFrame(),
        new PongWebSocketFrame(Unpooled.wrappedBuffer(new byte[] {1})),
        new TextWebSocketFrame("{}"),
        new CloseWebSocketFrame(1000, "ok"));
    assertThat(channel.outboundMessages()).as("one write each").hasSize(4);
    assertThat(sent()).isEqualTo("8900" + "8a0101" + "81027b7d" + "880403e86f6b");
  }

  @Test
  void nothingFollowsACloseFrame() {
    channel.writeOutbound(new CloseWebSocketFrame(1000, "bye"));
    sent();
    channel.writeOutbound(Unpooled.copiedBuffer(new byte[] {1}));
    assertThat(channel.outboundMessages()).isEmpty();
  }
}
