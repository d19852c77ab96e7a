package dev.converge.tunnel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;

/** Connects TCP to the first address of a name that answers. */
final class Dialer {
  private Dialer() {}

  /**
   * @param limit for all addresses together
   */
  static Socket connect(String host, int port, Duration limit) throws IOException {
    IOException failure = new IOException("no address");
    try {
      InetAddress[] addresses = InetAddress.getAllByName(host);
      long end = System.nanoTime() + limit.toNanos();
      for (int i = 0; i < addresses.length; i++) {
        long share = (end - System.nanoTime()) / (addresses.length - i);
        try {
          return connect(new InetSocketAddress(addresses[i], port), share);
        } catch (IOException e) {
          failure = e;
        }
      }
    } catch (IOException e) {
      failure = e;
    }
    throw new IOException(
        "cannot connect to " + host + " port " + port + ": " + Causes.text(failure), failure);
  }

  private static Socket connect(InetSocketAddress address, long nanos) throws IOException {
    Socket socket = new Socket(Proxy.NO_PROXY);
    try {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      socket.connect(address, Math.max(1, (int) (nanos / 1_000_000)));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
