package dev.converge.relay;

import dev.converge.tunnel.Protocol;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A request to become a WebSocket (RFC 6455, section 4.2) that is known to be well-formed. */
final class Upgrade {
  private static final int NONCE_BYTES = 16;
  private static final String VERSION = "13";

  private static final String ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final String key;
  private final boolean converge;

  private Upgrade(String key, boolean converge) {
    this.key = key;
    this.converge = converge;
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

  /** What is needed of a request to which there is no {@link #objection}. */
  static Upgrade of(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return new Upgrade(
        headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY),
        headers.containsValue(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, Protocol.SUBPROTOCOL, false));
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
    return converge;
  }

  /**
   * Answers 101 and puts the frame codec in the place of HTTP's. Bytes that came behind the request
   * run through it before this returns, so the handlers behind it must be there.
   *
   * @param converge whether the subprotocol is agreed upon
   */
  void accept(Channel channel, boolean converge, int maxFrame) {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline
        .context(HttpResponseEncoder.class)
        .writeAndFlush(ByteBufUtil.writeAscii(channel.alloc(), switchingProtocols(converge)));
    pipeline.replace(HttpResponseEncoder.class, null, new FrameEncoder());
    pipeline.replace(UpgradeBoundary.class, null, new FrameDecoder(maxFrame, converge));
  }

  /** The one answer that each connection of a pair gets, so it is not put together by a codec. */
  private String switchingProtocols(boolean converge) {
    return "HTTP/1.1 101 Switching Protocols\r\n"
        + "upgrade: websocket\r\n"
        + "connection: upgrade\r\n"
        + ("sec-websocket-accept: " + acceptance() + "\r\n")
        + (converge ? "sec-websocket-protocol: " + Protocol.SUBPROTOCOL + "\r\n" : "")
        + "\r\n";
  }

  private String acceptance() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + ACCEPT_GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
