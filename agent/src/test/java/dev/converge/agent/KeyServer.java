package dev.converge.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Publishes keys on loopback, as GitHub does. */
final class KeyServer implements AutoCloseable {
  /** What somebody gets who asks. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /** The requests, each with its headers. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  private final HttpServer server;
  private final String base;
  private final ExecutorService pool = Executors.newCachedThreadPool();

  KeyServer() throws Exception {
    this(null);
  }

  /**
   * @param tls none for plain http
   */
  KeyServer(ServerKeys tls) throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (tls == null) {
      server = HttpServer.create(address, 0);
    } else {
      HttpsServer https = HttpsServer.create(address, 0);
      https.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
      server = https;
    }
    server.createContext("/", this::handle);
    server.setExecutor(pool);
    server.start();
    base = (tls == null ? "http" : "https") + "://127.0.0.1:" + server.getAddress().getPort();
  }

  String url(String path) {
    return base + path;
  }

  int port() {
    return server.getAddress().getPort();
  }

  void publish(String path, String text) {
    answers.put(path, exchange -> answer(exchange, 200, "text/plain", text));
  }

  void redirect(String path, String to) {
    answers.put(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Location", to);
          exchange.sendResponseHeaders(302, -1);
        });
  }

  static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, 0); // chunked
    exchange.getResponseBody().write(body);
    exchange.getResponseBody().close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().entrySet());
    Answer none = refused -> answer(refused, 404, "text/plain", "Not Found");
    try (exchange) {
      answers.getOrDefault(exchange.getRequestURI().toString(), none).to(exchange);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    pool.shutdownNow();
  }
}
