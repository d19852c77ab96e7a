package dev.converge.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A program that connects each TCP connection at its port to a new one at ours, or nothing between:
 * the same frames go from peer to peer.
 */
class TcpRoute extends Route implements Closeable {
  private static final int BACKLOG = 1024;

  private final InetSocketAddress front;
  private final ServerSocketChannel back;
  private final @Nullable Certificate certificate;

  /**
   * @param port where the program listens
   * @param back where it connects to
   * @param certificate for TLS with both ends
   */
  TcpRoute(
      String name,
      @Nullable Program carrier,
      int port,
      ServerSocketChannel back,
      @Nullable Certificate certificate) {
    super(name, carrier);
    front = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.back = back;
    this.certificate = certificate;
  }

  static ServerSocketChannel listen() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
  }

  static int port(ServerSocketChannel listener) {
    return listener.socket().getLocalPort();
  }

  @Override
  Pair open(int lane) throws IOException {
    End left = new End(wire(Wire.connect(front), true), new FrameCounter());
    return new Pair(left, new End(wire(Wire.accept(back), false), new FrameCounter()));
  }

  private Wire wire(SocketChannel channel, boolean client) throws IOException {
    return certificate == null ? new PlainWire(channel) : certificate.wrap(channel, client);
  }

  @Override
  public void close() throws IOException {
    back.close();
  }
}
