package dev.converge.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection behind its last words, to one who may still be sending: were the socket closed
 * with something unread, the peer would get a reset instead of them. So it hears the end, and what
 * it still sends is dropped until it hangs up, for a short while at most.
 */
final class LingeringClose extends ChannelInboundHandlerAdapter implements ChannelFutureListener {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  @Override
  public void operationComplete(ChannelFuture lastWords) {
    Channel channel = lastWords.channel();
    if (!lastWords.isSuccess() || !(channel instanceof DuplexChannel socket)) {
      channel.close();
      return;
    }
    channel.pipeline().addFirst(this);
    channel.config().setAutoRead(true);
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null && tls.handshakeFuture().isSuccess()) {
      tls.closeOutbound().addListener(said -> socket.shutdownOutput());
    } else {
      socket.shutdownOutput();
    }
    var end =
        channel
            .eventLoop()
            .schedule(() -> channel.close(), LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> end.cancel(false));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }
}
