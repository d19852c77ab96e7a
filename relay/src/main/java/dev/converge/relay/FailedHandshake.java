package dev.converge.relay;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;

/**
 * Lets the alert arrive that says why a handshake failed: in TLS 1.3 the peer may be sending its
 * request already, and a socket that is closed with something unread resets the connection.
 */
final class FailedHandshake extends ChannelOutboundHandlerAdapter {
  private final SslHandler tls;

  FailedHandshake(SslHandler tls) {
    this.tls = tls;
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    boolean failed = tls.handshakeFuture().isDone() && !tls.handshakeFuture().isSuccess();
    ctx.pipeline().remove(this);
    if (failed && ctx.channel().isActive()) {
      ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
      new LingeringClose().operationComplete(ctx.newSucceededFuture());
    } else {
      ctx.close(promise);
    }
  }
}
