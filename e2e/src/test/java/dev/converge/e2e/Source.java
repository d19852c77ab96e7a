package dev.converge.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands for a relay that programs fetch their runtime from, in the way a test wants; a client is
 * told that nobody is there.
 */
final class Source implements AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final HttpServer server;

  /** What a test wants of one request for a runtime. */
  interface Answer {
    void to(HttpExchange request) throws IOException, InterruptedException;
  }

  private Source(HttpServer server) {
    this.server = server;
  }

  /** One that has what the build has made. */
  static Source withRuntime() {
    byte[] runtime = runtime();
    return answering(request -> serve(request, runtime));
  }

  static Source answering(Answer answer) {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var source = new Source(server);
      server.setExecutor(source.threads);
      server.createContext("/", request -> source.answer(request, answer));
      server.start();
      return source;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(HttpExchange request, Answer answer) throws IOException {
    String range = request.getRequestHeaders().getFirst("Range");
    requests.add(request.getRequestURI().getPath() + (range == null ? "" : " " + range));
    try (request) {
      if (request.getRequestURI().getPath().startsWith("/docs/runtime/")) {
        answer.to(request);
      } else {
        nobody(request);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void nobody(HttpExchange request) throws IOException {
    byte[] line = "no agent with ID nobody is waiting\n".getBytes(StandardCharsets.US_ASCII);
    request.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    request.sendResponseHeaders(404, line.length);
    request.getResponseBody().write(line);
  }

  /** Answers with all of these bytes, or with those that the request asks for. */
  static void serve(HttpExchange request, byte[] content) throws IOException {
    String range = request.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    byte[] part = Arrays.copyOfRange(content, from, content.length);
    if (range != null) {
      request
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    request.sendResponseHeaders(range == null ? 200 : 206, part.length);
    request.getResponseBody().write(part);
  }

  /** The runtime that the build has made. */
  static byte[] runtime() {
    Path runtimes = Packaged.root().resolve("runtime/target/runtimes");
    try (var files = Files.newDirectoryStream(runtimes, "*.tar.gz")) {
      return Files.readAllBytes(files.iterator().next());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The paths of the requests for a runtime so far, each with its range if it had one. */
  List<String> requests() {
    return requests.stream().filter(path -> path.startsWith("/docs/runtime/")).toList();
  }

  String clientUrl() {
    return "ws://127.0.0.1:" + server.getAddress().getPort() + "/client/nobody?wait=0";
  }

  @Override
  public void close() {
    threads.shutdownNow();
    server.stop(0);
  }
}
