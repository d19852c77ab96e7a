package dev.converge.agent;

import dev.converge.cli.Failure;
import dev.converge.tunnel.ConnectOptions;
import dev.converge.tunnel.HttpProxy;
import dev.converge.tunnel.Text;
import dev.converge.tunnel.TlsCredentials;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Fetches texts of at most 1 MiB within a deadline: by {@code https} through the relay's proxies,
 * or by {@code http} from this machine. A server is trusted that Java trusts, or the CA file does:
 * keys often come from a public server although the relay is a private one. Even where the relay is
 * not verified, these servers are.
 */
final class KeyFetch {
  static final int LIMIT = 1 << 20;

  private static final int REDIRECTS = 3;

  static {
    // Whoever puts credentials for a proxy into the environment wants it to have them.
    System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
  }

  private final ConnectOptions options;
  private final Duration deadline;
  private final HttpClient client;

  /**
   * @param deadline for one text, with all that leads to it
   * @throws dev.converge.cli.Failure if the CA file cannot be used
   */
  KeyFetch(ConnectOptions options, Duration deadline) {
    this.options = options;
    this.deadline = deadline;
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(new Proxies())
            .sslContext(tls(options.tls().caFile()))
            .build();
  }

  private static SSLContext tls(@Nullable Path caFile) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {TlsCredentials.trustingAlso(caFile)}, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * @throws IOException if anything but a text came; the message is meant for the user
   */
  String get(URI uri) throws IOException {
    long end = System.nanoTime() + deadline.toNanos();
    URI at = uri;
    for (int hops = 0; hops <= REDIRECTS; hops++) {
      HttpResponse<byte[]> answer = answer(at, end - System.nanoTime());
      if (answer.statusCode() == 200) {
        return text(answer);
      }
      at = redirected(at, answer);
    }
    throw new IOException("more than " + REDIRECTS + " redirects");
  }

  private static URI redirected(URI from, HttpResponse<byte[]> answer) throws IOException {
    String location = answer.headers().firstValue("location").orElse("");
    if (answer.statusCode() / 100 != 3 || location.isEmpty()) {
      throw new IOException("the answer was HTTP " + answer.statusCode());
    }
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new IOException("a redirect to no URL", e);
    }
    if (!KeyUrl.isHttps(from) || !KeyUrl.isHttps(to) || to.getHost() == null) {
      throw new IOException("a redirect that does not lead from https to https");
    }
    return to;
  }

  private static String text(HttpResponse<byte[]> answer) throws IOException {
    String type = answer.headers().firstValue("content-type").orElse("");
    if (type.startsWith("text/html")) {
      throw new IOException("the answer was a page (" + Text.excerpt(type) + "), not keys");
    }
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private HttpResponse<byte[]> answer(URI uri, long nanos) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request(uri), head -> new BoundedBody(LIMIT));
    try {
      return exchange.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + deadline.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException(reason(uri, e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      exchange.cancel(true);
    }
  }

  private HttpRequest request(URI uri) throws IOException {
    var request = HttpRequest.newBuilder(uri).header("Accept", "text/plain");
    HttpProxy proxy = proxy(uri);
    if (proxy != null && proxy.secure()) {
      throw new IOException("the proxy " + proxy + " speaks TLS itself, which cannot be used here");
    }
    if (proxy != null && !proxy.authorization().isEmpty()) {
      // The client shows it to the proxy alone.
      request.header("Proxy-Authorization", proxy.authorization());
    }
    return request.build();
  }

  /** What is fetched from this machine is never asked of a proxy, for which it is another one. */
  private @Nullable HttpProxy proxy(URI uri) {
    if (!KeyUrl.isHttps(uri)) {
      return null;
    }
    String host = uri.getHost().replace("[", "").replace("]", "");
    return options.proxies().proxyFor(true, host, uri.getPort() == -1 ? 443 : uri.getPort());
  }

  private static String reason(URI uri, @Nullable Throwable failure) {
    Throwable cause = failure == null ? new IOException() : failure;
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof UnresolvedAddressException) {
        return Reasons.of(new UnknownHostException(uri.getHost()));
      }
    }
    return Reasons.of(cause);
  }

  private final class Proxies extends ProxySelector {
    @Override
    public List<Proxy> select(URI uri) {
      HttpProxy proxy = proxy(uri);
      return List.of(
          proxy == null
              ? Proxy.NO_PROXY
              : new Proxy(
                  Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress proxy, IOException failure) {
      // The one who asked is told.
    }
  }
}
