package dev.converge.agent;

import static io.netty.handler.codec.http.HttpHeaderNames.AUTHORIZATION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.HOST;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_ACCEPT;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_KEY;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_VERSION;
import static io.netty.handler.codec.http.HttpHeaderNames.UPGRADE;

import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.Protocol;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * The request that opens a WebSocket, and whether a response grants it (RFC 6455, section 4.1).
 * Netty's own handshaker insists on the subprotocol that was offered; a slot does without.
 */
final class Upgrade {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int NONCE_BYTES = 16;

  private final String nonce;

  Upgrade() {
    byte[] random = new byte[NONCE_BYTES];
    RANDOM.nextBytes(random);
    nonce = Base64.getEncoder().encodeToString(random);
  }

  /** The request for one slot, with a token of its own. */
  FullHttpRequest request(LinkConfig config) {
    Endpoint endpoint = config.endpoint();
    FullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, endpoint.requestTarget());
    request
        .headers()
        .set(HOST, endpoint.authority())
        .set(UPGRADE, "websocket")
        .set(CONNECTION, "Upgrade")
        .set(SEC_WEBSOCKET_VERSION, "13")
        .set(SEC_WEBSOCKET_KEY, nonce)
        .set(SEC_WEBSOCKET_PROTOCOL, Protocol.SUBPROTOCOL)
        .set(Protocol.KEY_HEADER, config.key());
    if (config.tokens() != null) {
      request.headers().set(AUTHORIZATION, config.tokens().authorization());
    }
    return request;
  }

  boolean isGrantedBy(HttpResponse response) {
    HttpHeaders headers = response.headers();
    List<String> protocols = headers.getAll(SEC_WEBSOCKET_PROTOCOL);
    return response.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()
        && headers.containsValue(UPGRADE, "websocket", true)
        && headers.containsValue(CONNECTION, "upgrade", true)
        && accept(nonce).equals(headers.get(SEC_WEBSOCKET_ACCEPT))
        && (protocols.isEmpty() || protocols.equals(List.of(Protocol.SUBPROTOCOL)))
        && !headers.contains(SEC_WEBSOCKET_EXTENSIONS);
  }

  private static String accept(String nonce) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((nonce + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a Java without SHA-1", e);
    }
  }
}
