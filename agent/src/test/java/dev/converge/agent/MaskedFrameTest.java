package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.util.test.LeakPresenceExtension;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakPresenceExtension.class)
final class MaskedFrameTest {
  private static final int HEAD = 4;

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 11, 125, 126, 8191, 8192, 8193, 65535, 65536, 100_003})
  void serverFindsInAFrameWhatWasPutIn(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    var server = new EmbeddedChannel(new WebSocket13FrameDecoder(true, false, 1 << 20));
    ByteBuf parts =
        Unpooled.wrappedBuffer(
            Unpooled.wrappedBuffer(bytes, 0, HEAD),
            Unpooled.wrappedBuffer(bytes, HEAD, length - HEAD));
    ByteBuf frame = new MaskedFrame().of(parts, server.alloc());
    parts.release();

    assertThat(ByteBufUtil.getBytes(frame, frame.readableBytes() - HEAD, HEAD))
        .isNotEqualTo(Arrays.copyOfRange(bytes, length - HEAD, length));
    server.writeInbound(frame);
    BinaryWebSocketFrame arrived = server.readInbound();
    assertThat(arrived.isFinalFragment()).isTrue();
    assertThat(ByteBufUtil.getBytes(arrived.content())).isEqualTo(bytes);
    arrived.release();
    server.finishAndReleaseAll();
  }
}
