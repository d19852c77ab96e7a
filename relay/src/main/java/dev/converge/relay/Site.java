package dev.converge.relay;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a browser, curl and a load balancer see: the usage page, its assets, downloads, health. */
final class Site {
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final FutureTask<Files> files;
  private final Assets assets = new Assets();
  private final boolean trustProxy;
  private final boolean tls;
  private final BooleanSupplier draining;

  /**
   * @param runtimes a directory with more Java runtimes to hand out; null if there is none
   * @param tls whether the relay itself speaks TLS
   */
  Site(@Nullable Path runtimes, boolean trustProxy, boolean tls, BooleanSupplier draining) {
    files = new FutureTask<>(() -> Files.load(runtimes));
    this.trustProxy = trustProxy;
    this.tls = tls;
    this.draining = draining;
  }

  /** What takes a while to read and to sum up. */
  private record Files(UsagePage page, Map<String, Resource> downloads) {
    static Files load(@Nullable Path runtimes) throws IOException {
      Map<String, Resource> downloads = Downloads.load(runtimes);
      Resource agent = downloads.get("/docs/agent");
      String sum = agent == null ? "(not packaged)" : agent.sha256();
      return new Files(UsagePage.load(sum), downloads);
    }
  }

  /** Reads its files on a thread of its own; a request that comes before the end waits for it. */
  void load() {
    Thread reader = new Thread(files, "files");
    reader.setDaemon(true);
    reader.start();
  }

  private Files files() {
    files.run(); // nothing, unless it is the first to want them
    try {
      return files.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the relay's own files cannot be read", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Answer answer(HttpRequest request) {
    boolean head = request.method().equals(HttpMethod.HEAD);
    if (!head && !request.method().equals(HttpMethod.GET)) {
      return Answer.line(HttpResponseStatus.METHOD_NOT_ALLOWED, "only GET and HEAD are served here")
          .with(HttpHeaderNames.ALLOW, "GET, HEAD");
    }
    if (head) {
      request.headers().remove(HttpHeaderNames.RANGE); // means something for GET only
    }
    Answer answer = get(path(request.uri()), request.headers());
    return head ? answer.withoutBody() : answer;
  }

  private static String path(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private Answer get(String path, HttpHeaders headers) {
    if (path.equals("/")) {
      return Origin.of(headers, trustProxy, tls).map(this::usage).orElseGet(Site::unknownHost);
    }
    if (path.equals("/healthz")) {
      return health();
    }
    Resource resource = resource(path);
    return resource == null
        ? Answer.line(HttpResponseStatus.NOT_FOUND, "there is nothing here; see /")
        : ResourceAnswers.answer(resource, headers);
  }

  private @Nullable Resource resource(String path) {
    Resource download = files().downloads().get(path);
    return download == null ? assets.get(path) : download;
  }

  private Answer usage(Origin origin) {
    byte[] html = files().page().render(origin);
    return Answer.of(
            HttpResponseStatus.OK, "text/html; charset=utf-8", Unpooled.wrappedBuffer(html))
        .with(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY)
        .with(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
  }

  static Answer unknownHost() {
    return Answer.line(
        HttpResponseStatus.BAD_REQUEST, "the request does not say which host it was sent to");
  }

  private Answer health() {
    return draining.getAsBoolean()
        ? Answer.busy(Shutdown.REASON.text())
        : Answer.line(HttpResponseStatus.OK, "ok");
  }
}
