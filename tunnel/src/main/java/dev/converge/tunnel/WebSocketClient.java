package dev.converge.tunnel;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Opens WebSockets to relays, with blocking sockets of the JDK: directly or through a proxy, with
 * or without TLS. May be used by several threads.
 */
public final class WebSocketClient {
  private final ConnectOptions options;
  private @Nullable Tls tls;

  public WebSocketClient(ConnectOptions options) {
    this.options = options;
  }

  /**
   * Starts to load what the first connection needs, in the background.
   *
   * @param secure whether it will be TLS, as far as that can be told already
   */
  public static void warmUp(boolean secure) {
    WarmUp.start(secure);
  }

  /**
   * Connects as {@link #connect} does. The link outlives its connections if that is wanted and the
   * other side can do it too.
   */
  public Link open(Endpoint endpoint) throws IOException {
    WebSocketConnection connection = connect(endpoint);
    Resumption terms = options.resumption();
    return terms == null || !connection.negotiated()
        ? connection
        : ResumableLink.over(connection, new Dialling(this, endpoint, terms, options.timeouts()));
  }

  /**
   * Connects and waits for the upgrade, which a relay holds back until an agent is there.
   *
   * @throws RefusedException if the relay answers with anything else
   * @throws IOException if it cannot be reached, or an expected step takes too long; all messages
   *     are meant for the user
   * @throws IllegalArgumentException if the proxy settings are malformed
   */
  public WebSocketConnection connect(Endpoint endpoint) throws IOException {
    HttpProxy proxy = options.proxies().proxyFor(endpoint);
    Tls security = endpoint.secure() || (proxy != null && proxy.secure()) ? tls() : null;
    Duration limit = options.timeouts().connect();
    Socket raw =
        proxy == null
            ? Dialer.connect(endpoint.host(), endpoint.port(), limit)
            : Dialer.connect(proxy.host(), proxy.port(), limit);
    return shakeHands(new Wire(raw, raw), security, proxy, endpoint);
  }

  private record Abort(Wire wire) implements Runnable {
    @Override
    public void run() {
      wire.abort();
    }
  }

  private synchronized Tls tls() throws IOException {
    if (tls == null) {
      tls = Tls.with(options.tls());
    }
    return tls;
  }

  private WebSocketConnection shakeHands(
      Wire wire, @Nullable Tls security, @Nullable HttpProxy proxy, Endpoint endpoint)
      throws IOException {
    Duration limit = options.timeouts().handshake().plus(endpoint.waiting());
    Deadline deadline = Deadline.start(limit, new Abort(wire));
    try (deadline) {
      Socket top = layers(wire.raw(), security, proxy, endpoint);
      Upgrade upgrade = upgrade(top, security, endpoint);
      return WebSocketConnection.start(new Wire(wire.raw(), top), upgrade, options.timeouts());
    } catch (IOException e) {
      wire.abort();
      throw explained(e, deadline.missed() ? limit : null, endpoint);
    }
  }

  private Upgrade upgrade(Socket top, @Nullable Tls security, Endpoint endpoint)
      throws IOException {
    try {
      return Upgrade.on(top, endpoint, options);
    } catch (RefusedException e) {
      throw e;
    } catch (IOException e) {
      String peer = endpoint.host() + " port " + endpoint.port();
      IOException refused = security == null ? null : security.refusal(e, top, peer);
      throw refused == null ? e : refused;
    }
  }

  private static IOException explained(
      IOException e, @Nullable Duration missed, Endpoint endpoint) {
    String peer = endpoint.hostAndPort();
    if (missed != null) {
      return new IOException("no answer from " + peer + " within " + missed.toSeconds() + " s", e);
    }
    return e instanceof SocketException
        ? new IOException("no answer from " + peer + ": " + Causes.text(e), e)
        : e;
  }

  private static Socket layers(
      Socket raw, @Nullable Tls security, @Nullable HttpProxy proxy, Endpoint endpoint)
      throws IOException {
    Socket top = raw;
    if (proxy != null) {
      if (proxy.secure() && security != null) {
        top = security.over(top, proxy.host(), proxy.port());
      }
      tunnel(top, proxy, endpoint);
    }
    if (endpoint.secure() && security != null) {
      top = security.over(top, endpoint.host(), endpoint.port());
    }
    return top;
  }

  /** Has the proxy connect to the relay; from then on the socket is as if it led there. */
  private static void tunnel(Socket socket, HttpProxy proxy, Endpoint endpoint) throws IOException {
    String target = endpoint.hostAndPort();
    StringBuilder request = new StringBuilder("CONNECT " + target + " HTTP/1.1\r\n");
    request.append("Host: ").append(target).append("\r\n");
    if (!proxy.authorization().isEmpty()) {
      request.append("Proxy-Authorization: ").append(proxy.authorization()).append("\r\n");
    }
    byte[] bytes = request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    socket.getOutputStream().write(bytes);
    HttpHead head = HttpHead.read(socket.getInputStream());
    if (head.status() / 100 != 2) {
      throw new RefusedException(
          head.status(),
          "proxy " + proxy + " does not connect to " + target + ": " + head.summary(),
          0);
    }
  }
}
