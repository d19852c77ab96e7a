package dev.converge.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Lets the alert arrive that says why a handshake failed: in TLS 1.3 the peer may be sending its
 * request already, and a socket that is closed with something unread resets the connection. Stands
 * before TLS, so it sees every close.
 */
final class FailedHandshake extends ChannelDuplexHandler {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final SslHandler tls;
  private boolean lingering;

  FailedHandshake(SslHandler tls) {
    this.tls = tls;
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    Channel channel = ctx.channel();
    boolean failed = tls.handshakeFuture().isDone() && !tls.handshakeFuture().isSuccess();
    if (!lingering && failed && channel.isActive() && channel instanceof DuplexChannel socket) {
      lingering = true;
      channel.config().setAutoRead(true);
      socket.shutdownOutput();
      var end = ctx.executor().schedule(() -> ctx.close(), LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      channel.closeFuture().addListener(closed -> end.cancel(false));
    }
    if (lingering) {
      channel.closeFuture().addListener(closed -> promise.trySuccess());
    } else {
      ctx.close(promise);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (lingering) {
      ReferenceCountUtil.release(message);
    } else {
      ctx.fireChannelRead(message);
    }
  }
}
