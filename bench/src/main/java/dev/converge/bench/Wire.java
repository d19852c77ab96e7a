package dev.converge.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection as bytes, plain or TLS; reads and writes wait. */
interface Wire extends Closeable {
  /** So many source addresses are used, for each has only so many ports. */
  int SOURCES = 64;

  int ACCEPT_MILLIS = 10_000;

  AtomicInteger NEXT_SOURCE = new AtomicInteger();

  /** A buffer of the kind that this wire takes without copying it. */
  ByteBuffer buffer(int size);

  /** Writes all of it. */
  void write(ByteBuffer bytes) throws IOException;

  /** Reads some bytes into a cleared buffer and flips it; -1 at the end. */
  int read(ByteBuffer into) throws IOException;

  static SocketChannel connect(InetSocketAddress to) throws IOException {
    SocketChannel channel = SocketChannel.open();
    if (to.getAddress().isLoopbackAddress()) {
      int source = 1 + Math.floorMod(NEXT_SOURCE.getAndIncrement(), SOURCES);
      channel.bind(
          new InetSocketAddress(
              InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) source}), 0));
    }
    channel.connect(to);
    return ready(channel);
  }

  /** Waits for a connection, which does not come if the program before us has refused it. */
  static SocketChannel accept(ServerSocketChannel listener) throws IOException {
    ServerSocket socket = listener.socket();
    socket.setSoTimeout(ACCEPT_MILLIS);
    return ready(socket.accept().getChannel());
  }

  /** At the end connections are reset: none of thousands is to linger in the next round. */
  private static SocketChannel ready(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    return channel;
  }
}
