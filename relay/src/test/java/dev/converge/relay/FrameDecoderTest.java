package dev.converge.relay;

import static dev.converge.relay.Frames.BINARY;
import static dev.converge.relay.Frames.CONTINUATION;
import static dev.converge.relay.Frames.FIN;
import static dev.converge.relay.Frames.PING;
import static dev.converge.relay.Frames.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class FrameDecoderTest {
  private static final int MOST = 1 << 20;

  private EmbeddedChannel channel = channel(false);

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private static EmbeddedChannel channel(boolean textIsControl) {
    var channel = new EmbeddedChannel(new FrameDecoder(MOST, textIsControl));
    channel.config().setAllocator(Buffers.COUNTED);
    return channel;
  }

  private void ofConverge() {
    channel = channel(true);
  }

  /** What one read of all these bytes comes to. */
  private String received(byte[]... frames) {
    channel.writeInbound(Buffers.of(Unpooled.wrappedBuffer(frames)));
    return taken();
  }

  private String taken() {
    var text = new StringBuilder();
    for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
      if (read instanceof WebSocketFrame frame) {
        text.append(name(frame));
        frame.release();
      } else {
        ByteBuf bytes = (ByteBuf) read;
        text.append(bytes.toString(StandardCharsets.UTF_8)).append('|');
        bytes.release();
      }
    }
    return text.toString();
  }

  private static String name(WebSocketFrame frame) {
    if (frame instanceof CloseWebSocketFrame close) {
      return "close " + close.statusCode() + ' ' + close.reasonText();
    }
    String type = frame instanceof PingWebSocketFrame ? "ping " : "pong ";
    return type + frame.content().toString(StandardCharsets.UTF_8) + '|';
  }

  @Test
  void messagesOfOneReadGoOnAsOneBuffer() {
    assertThat(
            received(
                Frames.frame(FIN | BINARY, "a"),
                Frames.frame(BINARY, "bc"),
                Frames.frame(FIN | CONTINUATION, "d".repeat(300)),
                Frames.frame(FIN | BINARY, "")))
        .isEqualTo("abc" + "d".repeat(300) + '|');
  }

  @Test
  void bufferThatGoesOnIsTheOneThatWasRead() {
    byte[] frame = Frames.frame(FIN | BINARY, new byte[70_000]);
    ByteBuf read = Buffers.of(frame);
    channel.writeInbound(read);
    ByteBuf passed = channel.readInbound();
    assertThat(passed).isSameAs(read);
    assertThat(passed.readableBytes()).isEqualTo(70_000);
    passed.release();
  }

  @Test
  void partOfAFrameGoesOnAtOnce() {
    byte[] frame = Frames.frame(FIN | BINARY, "abcdefg");
    channel.writeInbound(Buffers.of(Unpooled.wrappedBuffer(frame, 0, 9)));
    assertThat(taken()).isEqualTo("abc|");
    channel.writeInbound(Buffers.of(Unpooled.wrappedBuffer(frame, 9, 4)));
    assertThat(taken()).isEqualTo("defg|");
  }

  @Test
  void textOfAConvergePeerStaysOnItsHop() {
    ofConverge();
    assertThat(
            received(
                Frames.frame(FIN | BINARY, "a"),
                Frames.frame(FIN | TEXT, "{}"),
                Frames.frame(TEXT, "{"),
                Frames.frame(FIN | PING, "p"),
                Frames.frame(CONTINUATION, " "),
                Frames.frame(FIN | CONTINUATION, "}"),
                Frames.frame(BINARY, "b"),
                Frames.frame(FIN | CONTINUATION, "c")))
        .isEqualTo("ping p|abc|");
  }

  @Test
  void textOfAPlainPeerIsData() {
    assertThat(
            received(
                Frames.frame(TEXT, "ls"),
                Frames.frame(FIN | CONTINUATION, "\n"),
                Frames.frame(FIN | BINARY, "a")))
        .isEqualTo("ls\na|");
  }

  @Test
  void closeFrameComesBehindTheDataOfItsReadAndNothingBehindIt() {
    assertThat(
            received(
                Frames.frame(FIN | BINARY, "last"),
                Frames.close(4001, "done"),
                Frames.frame(FIN | BINARY, "late")))
        .isEqualTo("last|close 4001 done");
    assertThat(received(Frames.frame(FIN | BINARY, "later"))).isEmpty();
  }

  @Test
  void dataBeforeAViolationStillGoesOn() {
    channel
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                assertThat(cause).isInstanceOf(CorruptedWebSocketFrameException.class);
                ctx.fireChannelRead(Unpooled.copiedBuffer("violation", StandardCharsets.UTF_8));
              }
            });
    assertThat(
            received(
                Frames.frame(FIN | BINARY, "a"),
                Frames.frame(0x40 | BINARY, "b"),
                Frames.frame(FIN | BINARY, "c")))
        .isEqualTo("a|violation|");
  }

  @Test
  void partOfAPingIsReleasedWithItsConnection() {
    long before = Buffers.held();
    byte[] ping = Frames.frame(FIN | PING, "question");
    channel.writeInbound(Buffers.of(Unpooled.wrappedBuffer(ping, 0, 9)));
    channel.close();
    assertThat(Buffers.held()).isEqualTo(before);
  }
}
