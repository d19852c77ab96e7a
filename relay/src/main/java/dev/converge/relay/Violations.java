package dev.converge.relay;

import dev.converge.tunnel.CloseReason;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a peer that broke the protocol so (RFC 6455, section 7.1.7), and ends the connection. */
@Sharable
final class Violations extends ChannelInboundHandlerAdapter {
  static final Violations END_CONNECTION = new Violations();

  private static final Logger LOG = LoggerFactory.getLogger(Violations.class);

  private Violations() {}

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException violation) {
      Disconnects.log(LOG, ctx.channel(), cause);
      var reason =
          new CloseReason(violation.closeStatus().code(), String.valueOf(violation.getMessage()));
      ctx.channel().writeAndFlush(Closes.frame(reason)).addListener(new LingeringClose());
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }
}
