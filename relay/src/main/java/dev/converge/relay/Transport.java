package dev.converge.relay;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * The way to the operating system's sockets.
 *
 * @param io makes the I/O handler of each event loop
 * @param server the listening socket
 * @param sharesPorts whether several sockets can listen at one address, each for its own part
 */
record Transport(IoHandlerFactory io, Class<? extends ServerChannel> server, boolean sharesPorts) {
  /** The state of a TCP connection that is open in both directions, as Linux numbers it. */
  private static final int ESTABLISHED = 1;

  /** epoll where its native part loads, the JDK's otherwise. */
  static Transport best() {
    return Epoll.isAvailable()
        ? new Transport(EpollIoHandler.newFactory(), EpollServerSocketChannel.class, true)
        : new Transport(NioIoHandler.newFactory(), NioServerSocketChannel.class, false);
  }

  /**
   * Whether a connection is closed, by its peer too if the system tells what its event loop has not
   * seen yet.
   */
  static boolean isClosed(Channel connection) {
    if (connection instanceof EpollSocketChannel socket && socket.isActive()) {
      return socket.tcpInfo().state() != ESTABLISHED;
    }
    return !connection.isActive();
  }
}
