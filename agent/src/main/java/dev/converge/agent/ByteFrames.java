package dev.converge.agent;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Binary messages as a stream of bytes, and bytes as binary messages; text is a {@link
 * ControlMessage}, which becomes a user event.
 */
final class ByteFrames extends MessageToMessageCodec<WebSocketFrame, ByteBuf> {
  private enum Message {
    BINARY,
    TEXT
  }

  /** What a continuation continues. */
  private Message current = Message.BINARY;

  private final TextMessage text = new TextMessage();
  private final MaskedFrame masked = new MaskedFrame();

  @Override
  protected void decode(ChannelHandlerContext ctx, WebSocketFrame frame, List<Object> out) {
    if (frame instanceof BinaryWebSocketFrame) {
      current = Message.BINARY;
    } else if (frame instanceof TextWebSocketFrame) {
      current = Message.TEXT;
    }
    if (current == Message.TEXT) {
      control(ctx, text.add(frame));
    } else if (frame.content().isReadable()) {
      out.add(frame.content().retain());
    }
  }

  private static void control(ChannelHandlerContext ctx, @Nullable ControlMessage message) {
    if (message != null) {
      ctx.fireUserEventTriggered(message);
    }
  }

  @Override
  protected void encode(ChannelHandlerContext ctx, ByteBuf bytes, List<Object> out) {
    out.add(masked.of(bytes, ctx.alloc()));
  }
}
