package dev.converge.relay;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** All open connections, and whether there is room for one more. */
@Sharable
final class Connections extends ChannelInboundHandlerAdapter {
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final int limit;

  Connections(int limit) {
    this.limit = limit;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    open.add(ctx.channel());
    super.channelActive(ctx);
  }

  /** Whether there are as many connections as the relay is to carry. */
  boolean isFull() {
    return open.size() >= limit;
  }

  int size() {
    return open.size();
  }

  /** Fires a user event in every connection. */
  void tell(Object event) {
    open.forEach(channel -> channel.pipeline().fireUserEventTriggered(event));
  }

  /** Waits until all are closed; false if some still are open after {@code limit}. */
  boolean awaitNone(Duration limit) {
    return open.newCloseFuture().awaitUninterruptibly(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  void closeAll() {
    open.close().awaitUninterruptibly();
  }
}
