package dev.converge.relay;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a browser, curl and a load balancer see: the usage page, its assets, downloads, health. */
final class Site {
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final UsagePage page;
  private final Assets assets = new Assets();
  private final Map<String, Resource> downloads;
  private final Runtimes runtimes;
  private final boolean trustProxy;
  private final boolean tls;
  private final BooleanSupplier draining;

  private Site(
      UsagePage page,
      Map<String, Resource> downloads,
      Runtimes runtimes,
      boolean trustProxy,
      boolean tls,
      BooleanSupplier draining) {
    this.page = page;
    this.downloads = downloads;
    this.runtimes = runtimes;
    this.trustProxy = trustProxy;
    this.tls = tls;
    this.draining = draining;
  }

  /**
   * @param tls whether the relay itself speaks TLS
   */
  static Site load(Runtimes runtimes, boolean trustProxy, boolean tls, BooleanSupplier draining)
      throws IOException {
    Map<String, Resource> downloads = Downloads.load();
    UsagePage page = UsagePage.load(agentSha256(downloads));
    return new Site(page, downloads, runtimes, trustProxy, tls, draining);
  }

  private static String agentSha256(Map<String, Resource> downloads) {
    Resource agent = downloads.get("/docs/agent");
    return agent == null ? "(not packaged)" : agent.sha256();
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
    Answer runtime = runtimes.answer(path, headers);
    if (runtime != null) {
      return runtime;
    }
    Resource resource = resource(path);
    return resource == null
        ? Answer.line(HttpResponseStatus.NOT_FOUND, "there is nothing here; see /")
        : ResourceAnswers.answer(resource, headers);
  }

  private @Nullable Resource resource(String path) {
    Resource download = downloads.get(path);
    return download == null ? assets.get(path) : download;
  }

  private Answer usage(Origin origin) {
    byte[] html = page.render(origin);
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
