package dev.converge.agent;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * The event loops and their kind of sockets.
 *
 * @param group to be shut down by the owner
 * @param channel what a client connection is made of
 */
record Transport(EventLoopGroup group, Class<? extends SocketChannel> channel) {
  private static final int MAX_THREADS = 4;

  /** Epoll where it loads, else what Java brings along. */
  static Transport best() {
    return Epoll.isAvailable()
        ? new Transport(group(EpollIoHandler.newFactory()), EpollSocketChannel.class)
        : new Transport(group(NioIoHandler.newFactory()), NioSocketChannel.class);
  }

  private static EventLoopGroup group(IoHandlerFactory sockets) {
    int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    return new MultiThreadIoEventLoopGroup(
        threads, new DefaultThreadFactory("link", true), sockets);
  }
}
