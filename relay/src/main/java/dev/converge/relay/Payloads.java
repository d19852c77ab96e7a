package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;

/**
 * Turns data frames into their bytes and bytes into binary frames; close frames pass.
 *
 * <p>Text is control for a peer that speaks {@code converge.v1}; it stays on its hop. From any
 * other peer (a terminal program, a browser) text is data like all else.
 */
@Sharable
final class Payloads extends ChannelDuplexHandler {
  static final Payloads OF_CONVERGE = new Payloads(true);
  static final Payloads OF_ANY = new Payloads(false);

  private static final AttributeKey<Boolean> IN_TEXT = AttributeKey.valueOf(Payloads.class, "text");

  private final boolean textIsControl;

  private Payloads(boolean textIsControl) {
    this.textIsControl = textIsControl;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof CloseWebSocketFrame || !(message instanceof WebSocketFrame frame)) {
      ctx.fireChannelRead(message);
    } else if (isControlText(ctx, frame)) {
      ReferenceCountUtil.release(frame);
    } else {
      ctx.fireChannelRead(frame.content());
    }
  }

  private boolean isControlText(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (!textIsControl) {
      return false;
    }
    if (!(frame instanceof ContinuationWebSocketFrame)) {
      ctx.channel().attr(IN_TEXT).set(frame instanceof TextWebSocketFrame);
    }
    return Boolean.TRUE.equals(ctx.channel().attr(IN_TEXT).get());
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    ctx.write(
        message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
  }
}
