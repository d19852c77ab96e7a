package dev.converge.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A TCP path to a server on this machine, which fails when its test wants: a proxy that resets what
 * it carries, or forwards nothing for a while, as a network does that drops packets.
 */
final class FaultyPath implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final ServerSocket entrance;
  private final int server;
  private final List<Socket> open = new ArrayList<>();
  private String source = "127.0.0.1";
  private boolean silent;
  private boolean closed;
  private int connections;
  private long bytes;
  private long bytesToCut = Long.MAX_VALUE;
  private CompletableFuture<Void> cut = new CompletableFuture<>();

  private FaultyPath(ServerSocket entrance, int server) {
    this.entrance = entrance;
    this.server = server;
  }

  /** A path that works, to a port of this machine. */
  static FaultyPath to(int server) {
    try {
      var path = new FaultyPath(new ServerSocket(0, 100, LOOPBACK), server);
      daemon(path::accept);
      return path;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  int port() {
    return entrance.getLocalPort();
  }

  /** How many connections there have been. */
  synchronized int connections() {
    return connections;
  }

  /** How many bytes it has let through, in both directions together. */
  synchronized long bytes() {
    return bytes;
  }

  /** Resets all connections; new ones are let in. */
  synchronized void cut() {
    open.forEach(FaultyPath::reset);
    open.clear();
    bytesToCut = Long.MAX_VALUE;
    cut.complete(null);
  }

  /** Resets all connections behind so many more bytes, and says when it has. */
  synchronized CompletableFuture<Void> cutAfter(long more) {
    bytesToCut = more;
    cut = new CompletableFuture<>();
    return cut;
  }

  /** Lets new connections in and keeps the old ones, but forwards nothing, not even their end. */
  synchronized void silence() {
    silent = true;
  }

  /** Forwards again. */
  synchronized void speak() {
    silent = false;
    notifyAll();
  }

  /** Where connections to the server come from, from now on. */
  synchronized void comeFrom(String address) {
    source = address;
  }

  private void accept() {
    try {
      while (true) {
        Socket near = entrance.accept();
        daemon(() -> carry(near));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void carry(Socket near) {
    var far = new Socket();
    try (near;
        far) {
      register(near, far);
      far.connect(new InetSocketAddress(LOOPBACK, server));
      Thread back = daemon(() -> pump(far, near));
      pump(near, far);
      back.join();
    } catch (IOException | InterruptedException e) {
      reset(near);
      reset(far);
    }
    forget(near, far);
  }

  private synchronized void forget(Socket near, Socket far) {
    open.remove(near);
    open.remove(far);
  }

  private synchronized void register(Socket near, Socket far) throws IOException {
    connections++;
    open.add(near);
    open.add(far);
    awaitSpeech();
    far.bind(new InetSocketAddress(source, 0));
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[64 * 1024];
    try {
      for (int n = from.getInputStream().read(buffer); n >= 0; ) {
        int allowed = allowed(n);
        to.getOutputStream().write(buffer, 0, allowed);
        cutIfDue();
        n = from.getInputStream().read(buffer);
      }
      allowed(0);
      to.shutdownOutput();
    } catch (IOException e) {
      reset(from);
      reset(to);
    }
  }

  /** How many of so many bytes still get through, once anything does. */
  private synchronized int allowed(int wanted) throws IOException {
    awaitSpeech();
    int allowed = (int) Math.min(wanted, bytesToCut);
    bytesToCut -= bytesToCut == Long.MAX_VALUE ? 0 : allowed;
    bytes += allowed;
    return allowed;
  }

  private synchronized void cutIfDue() {
    if (bytesToCut == 0) {
      cut();
    }
  }

  private void awaitSpeech() throws IOException {
    try {
      while (silent && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Without what is still unsent, and with RST instead of FIN. */
  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is closed already.
    }
  }

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task, "path");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public void close() {
    try {
      entrance.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    cut();
  }
}
