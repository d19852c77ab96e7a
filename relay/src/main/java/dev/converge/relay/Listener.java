package dev.converge.relay;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What listens at one address. With epoll each event loop has a socket of its own there, among
 * which the kernel spreads new connections: so no loop has to wake another for each of them.
 */
final class Listener {
  private static final int BACKLOG = 1024;
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 * 1024, 256 * 1024);

  private final List<Channel> sockets = new ArrayList<>();

  /**
   * Begins to listen.
   *
   * @param phase in which a connection begins
   * @throws IOException if that address cannot be had
   */
  Listener(Transport transport, EventLoopGroup loops, InetSocketAddress at, Consumer<Channel> phase)
      throws IOException {
    var bootstrap =
        new ServerBootstrap()
            .channel(transport.server())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, new HeldMemory())
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, new ReadBuffers())
            .childHandler(new First(phase));
    if (!(transport.sharesPorts() && bindEach(bootstrap, loops, at))) {
      bind(bootstrap.group(loops), at);
    }
  }

  /** False if the address is taken, or the system cannot share it. */
  private boolean bindEach(ServerBootstrap bootstrap, EventLoopGroup loops, InetSocketAddress at) {
    try {
      for (EventExecutor loop : loops) {
        bindOneMore(bootstrap.clone().group((EventLoop) loop), at);
      }
      return true;
    } catch (IOException | ChannelException e) {
      close();
      sockets.clear();
      return false;
    }
  }

  /**
   * The first takes the address for this relay alone, which would share it with another one else;
   * only then it shares it.
   */
  private void bindOneMore(ServerBootstrap bootstrap, InetSocketAddress at) throws IOException {
    if (sockets.isEmpty()) {
      bind(bootstrap, at);
      sockets.get(0).config().setOption(EpollChannelOption.SO_REUSEPORT, true);
    } else {
      bind(bootstrap.option(EpollChannelOption.SO_REUSEPORT, true), address());
    }
  }

  private void bind(ServerBootstrap bootstrap, InetSocketAddress at) throws IOException {
    var bound = bootstrap.bind(at).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(String.valueOf(bound.cause().getMessage()), bound.cause());
    }
    sockets.add(bound.channel());
  }

  /** The phase in which a connection begins. */
  private static final class First extends ChannelInitializer<Channel> {
    private final Consumer<Channel> phase;

    First(Consumer<Channel> phase) {
      this.phase = phase;
    }

    @Override
    protected void initChannel(Channel channel) {
      phase.accept(channel);
    }
  }

  /** Where it listens; the port is the one that was bound. */
  InetSocketAddress address() {
    return (InetSocketAddress) sockets.get(0).localAddress();
  }

  void close() {
    for (Channel socket : sockets) {
      socket.close().awaitUninterruptibly();
    }
  }
}
