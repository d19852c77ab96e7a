package dev.converge.tunnel;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A server on loopback that treats each connection, in a thread of its own, as it is scripted. */
public final class FakeServer implements Closeable {
  /** What happens on one connection. */
  @FunctionalInterface
  public interface Script {
    void run(Peer peer) throws Exception;
  }

  private final ServerSocket listener;
  private final Script script;
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

  FakeServer(ServerSocket listener, Script script) {
    this.listener = listener;
    this.script = script;
    start(this::acceptAll);
  }

  public static FakeServer start(Script script) {
    try {
      return new FakeServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  public String url() {
    return "ws://127.0.0.1:" + port() + "/client/x";
  }

  private void start(Runnable task) {
    Thread thread = new Thread(task, "fake");
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        start(() -> serve(socket));
      } catch (IOException e) {
        // Closed: the loop ends.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        Peer peer = new Peer(socket)) {
      script.run(peer);
    } catch (Exception | AssertionError e) {
      failures.add(e);
    }
  }

  /** Waits for the scripts to end; fails if one of them did. */
  public void await() {
    threads.stream().skip(1).forEach(FakeServer::join);
    failures.forEach(
        failure -> {
          throw new AssertionError("script failed", failure);
        });
  }

  private static void join(Thread thread) {
    try {
      thread.join(15_000);
      if (thread.isAlive()) {
        throw new AssertionError("script has not ended");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
