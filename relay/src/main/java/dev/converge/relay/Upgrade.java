package dev.converge.relay;

import dev.converge.tunnel.Protocol;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A request to become a WebSocket (RFC 6455, section 4.2) that is known to be well-formed. */
final class Upgrade {
  private static final int NONCE_BYTES = 16;
  private static final String VERSION = "13";

  private final HttpHeaders headers;

  private Upgrade(HttpHeaders headers) {
    this.headers = headers;
  }

  /** What is wrong with the request, or null if it may be upgraded. */
  static @Nullable Answer objection(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (!request.method().equals(HttpMethod.GET)) {
      return Answer.line(HttpResponseStatus.METHOD_NOT_ALLOWED, "a WebSocket begins with GET")
          .with(HttpHeaderNames.ALLOW, HttpMethod.GET.name());
    }
    if (!headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        || !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
      return upgradeRequired("this address speaks WebSocket; see / for how to use it");
    }
    if (!VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      return upgradeRequired("this relay speaks version 13 of WebSocket, as RFC 6455 has it");
    }
    if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        || !isNonce(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY))) {
      return Answer.line(
          HttpResponseStatus.BAD_REQUEST,
          "a WebSocket begins with HTTP/1.1 and a Sec-WebSocket-Key of 16 bytes in base64");
    }
    return null;
  }

  /** The request without what only HTTP needs. */
  static Upgrade of(HttpRequest request) {
    HttpHeaders kept = new DefaultHttpHeaders();
    for (CharSequence name :
        new CharSequence[] {
          HttpHeaderNames.CONNECTION,
          HttpHeaderNames.UPGRADE,
          HttpHeaderNames.SEC_WEBSOCKET_KEY,
          HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL,
          HttpHeaderNames.SEC_WEBSOCKET_VERSION
        }) {
      kept.set(name, request.headers().getAll(name));
    }
    return new Upgrade(kept);
  }

  private static Answer upgradeRequired(String line) {
    return Answer.line(HttpResponseStatus.UPGRADE_REQUIRED, line)
        .with(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .with(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
  }

  private static boolean isNonce(@Nullable String key) {
    try {
      return key != null && Base64.getDecoder().decode(key).length == NONCE_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether the peer speaks {@code converge.v1}. */
  boolean speaksConverge() {
    return headers.containsValue(
        HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, Protocol.SUBPROTOCOL, false);
  }

  /**
   * Answers 101 and puts the frame codec in the place of HTTP's. Bytes that came behind the request
   * run through it before this returns, so the handlers behind it must be there.
   *
   * @param converge whether the subprotocol is agreed upon
   */
  void accept(Channel channel, boolean converge, int maxFrame) {
    WebSocketDecoderConfig decoding =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(maxFrame)
            .expectMaskedFrames(true)
            .allowMaskMismatch(false)
            .allowExtensions(false)
            .withUTF8Validator(false)
            .build();
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.GET,
            "/",
            Unpooled.EMPTY_BUFFER,
            headers,
            EmptyHttpHeaders.INSTANCE);
    new WebSocketServerHandshaker13("", converge ? Protocol.SUBPROTOCOL : null, decoding)
        .handshake(channel, request, EmptyHttpHeaders.INSTANCE, channel.newPromise());
  }
}
