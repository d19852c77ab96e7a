package dev.converge.tcptows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The listening sockets: all on one port, for {@code ssh} tries ::1 as well as 127.0.0.1. */
record Listeners(List<ServerSocket> sockets) implements AutoCloseable {
  private static final int BACKLOG = 128;
  private static final int ATTEMPTS = 10;
  private static final byte[] LOOPBACK_4 = {127, 0, 0, 1};
  private static final byte[] LOOPBACK_6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  /**
   * @param bind the address; null for loopback, IPv6 included where the machine has it
   * @param port 0 for any
   * @throws IOException if they cannot be had; the message is meant for the user
   */
  static Listeners open(@Nullable String bind, int port) throws IOException {
    List<InetAddress> addresses = bind == null ? loopback() : resolve(bind);
    for (int attempt = 1; ; attempt++) {
      try {
        return open(addresses, port);
      } catch (IOException e) {
        // With "any" the port that is free on one address may be taken on the other.
        if (port != 0 || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static Listeners open(List<InetAddress> addresses, int port) throws IOException {
    Listeners listeners = new Listeners(new ArrayList<>());
    for (InetAddress address : addresses) {
      int number = listeners.sockets.isEmpty() ? port : listeners.port();
      try {
        listeners.sockets.add(new ServerSocket(number, BACKLOG, address));
      } catch (IOException e) {
        listeners.close();
        String where = text(new InetSocketAddress(address, number));
        throw new IOException("cannot listen on " + where + ": " + e.getMessage(), e);
      }
    }
    return listeners;
  }

  private static List<InetAddress> loopback() throws IOException {
    InetAddress four = InetAddress.getByAddress(LOOPBACK_4);
    InetAddress six = InetAddress.getByAddress(LOOPBACK_6);
    try (ServerSocket trial = new ServerSocket(0, 1, six)) {
      return List.of(four, trial.getInetAddress());
    } catch (IOException e) {
      return List.of(four);
    }
  }

  private static List<InetAddress> resolve(String bind) throws IOException {
    try {
      return List.of(InetAddress.getAllByName(bind));
    } catch (IOException e) {
      throw new IOException("cannot listen on '" + bind + "': unknown host", e);
    }
  }

  int port() {
    return sockets.get(0).getLocalPort();
  }

  /** The name by which a program on this machine, or near it, reaches them. */
  String host() {
    InetAddress address = sockets.get(0).getInetAddress();
    boolean local = address.isLoopbackAddress() || address.isAnyLocalAddress();
    return local ? "localhost" : address.getHostAddress();
  }

  List<String> addresses() {
    return sockets.stream()
        .map(s -> text(new InetSocketAddress(s.getInetAddress(), s.getLocalPort())))
        .toList();
  }

  private static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    String compact = host.equals("0:0:0:0:0:0:0:1") ? "::1" : host;
    return (compact.indexOf(':') < 0 ? compact : "[" + compact + "]") + ":" + address.getPort();
  }

  @Override
  public void close() {
    for (ServerSocket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        // Closed is what it was to be.
      }
    }
  }
}
