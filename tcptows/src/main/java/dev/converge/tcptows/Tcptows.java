package dev.converge.tcptows;

import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.StreamBridge;
import dev.converge.tunnel.WebSocketClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Accepts connections and gives each a WebSocket of its own, until closed. */
final class Tcptows implements AutoCloseable {
  private static final CloseReason STOPPED =
      new CloseReason(CloseReason.GOING_AWAY, "tcptows was stopped");

  /** For the local side to close too: else what it still sends would reset what it is to read. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private static final long PAUSE_MILLIS = 500;

  private final TcptowsConfig config;
  private final Listeners listeners;
  private final WebSocketClient client;
  private final Consumer<String> complaints;
  private final Set<StreamBridge> bridges = ConcurrentHashMap.newKeySet();

  private Tcptows(TcptowsConfig config, Listeners listeners, Consumer<String> complaints) {
    this.config = config;
    this.listeners = listeners;
    this.complaints = complaints;
    client = new WebSocketClient(config.options());
  }

  /**
   * @param complaints gets a line for each connection that failed
   * @throws IOException if the port cannot be had
   */
  static Tcptows open(TcptowsConfig config, Consumer<String> complaints) throws IOException {
    return new Tcptows(config, Listeners.open(config.bind(), config.port()), complaints);
  }

  Listeners listeners() {
    return listeners;
  }

  /** Serves until closed by another thread. */
  void run() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (ServerSocket socket : listeners.sockets()) {
      threads.add(start("accept", () -> acceptAll(socket)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void acceptAll(ServerSocket listener) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        start("connection", () -> serve(socket));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          complaints.accept("cannot accept: " + e.getMessage());
          pause();
        }
      }
    }
  }

  /** Out of file descriptors, as a rule: trying again at once would only burn the processor. */
  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      bridge(socket);
    } catch (IOException | IllegalArgumentException e) {
      complaints.accept(String.valueOf(e.getMessage()));
    }
  }

  private void bridge(Socket socket) throws IOException {
    StreamBridge bridge =
        new StreamBridge(
            client.open(config.endpoint()),
            socket.getInputStream(),
            socket.getOutputStream(),
            config.endpoint().pin());
    bridges.add(bridge);
    try {
      bridge.run();
      socket.shutdownOutput();
      bridge.awaitInputEnd(LINGER);
    } finally {
      bridges.remove(bridge);
    }
  }

  /** Stops listening, and ends what is connected, politely, within about a second. */
  @Override
  public void close() {
    listeners.close();
    List<Thread> stops = new ArrayList<>();
    for (StreamBridge bridge : bridges) {
      stops.add(start("stop", () -> bridge.stop(STOPPED)));
    }
    for (Thread stop : stops) {
      try {
        stop.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Thread start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
