package dev.converge.relay;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** All open connections, and whether there is room for one more. */
final class Connections {
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final int limit;

  Connections(int limit) {
    this.limit = limit;
  }

  void add(Channel channel) {
    open.add(channel);
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
