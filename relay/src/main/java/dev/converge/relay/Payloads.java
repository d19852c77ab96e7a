package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Turns data frames into their bytes and bytes into binary frames; close frames pass, and behind
 * one that was sent there are no more bytes (RFC 6455, section 5.5.1). Empty frames carry nothing.
 *
 * <p>Text is control for a peer that speaks {@code converge.v1}; it stays on its hop. From any
 * other peer (a terminal program, a browser) text is data like all else.
 */
final class Payloads extends ChannelDuplexHandler {
  private final boolean textIsControl;
  private boolean inText;
  private boolean closeSent;

  Payloads(boolean textIsControl) {
    this.textIsControl = textIsControl;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof CloseWebSocketFrame || !(message instanceof WebSocketFrame frame)) {
      ctx.fireChannelRead(message);
    } else if (isControlText(frame) || !frame.content().isReadable()) {
      ReferenceCountUtil.release(frame);
    } else {
      ctx.fireChannelRead(frame.content());
    }
  }

  private boolean isControlText(WebSocketFrame frame) {
    if (!(frame instanceof ContinuationWebSocketFrame)) {
      inText = frame instanceof TextWebSocketFrame;
    }
    return textIsControl && inText;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes && closeSent) {
      bytes.release();
      promise.trySuccess();
    } else if (message instanceof ByteBuf bytes) {
      ctx.write(new BinaryWebSocketFrame(bytes), promise);
    } else {
      closeSent |= message instanceof CloseWebSocketFrame;
      ctx.write(message, promise);
    }
  }
}
