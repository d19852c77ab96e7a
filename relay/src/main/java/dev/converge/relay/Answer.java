package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** An HTTP response in the making; {@link #send} hands it over, once. */
final class Answer {
  /** For all that is no page: it loads nothing and stands in no frame. */
  private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

  private static final int RETRY_AFTER_SECONDS = 5;

  private final FullHttpResponse response;
  private boolean end;

  private Answer(HttpResponseStatus status, ByteBuf body) {
    response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
        .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, NOTHING)
        .set("X-Content-Type-Options", "nosniff")
        .set("Referrer-Policy", "no-referrer");
  }

  /** One line of plain text. */
  static Answer line(HttpResponseStatus status, String line) {
    return of(
        status,
        "text/plain; charset=utf-8",
        Unpooled.copiedBuffer(line + "\n", StandardCharsets.UTF_8));
  }

  /** A limit is reached; the connection ends behind it. */
  static Answer busy(String line) {
    return line(HttpResponseStatus.SERVICE_UNAVAILABLE, line)
        .with(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS)
        .endConnection();
  }

  /** Any body, which is released once it is sent. */
  static Answer of(HttpResponseStatus status, String contentType, ByteBuf body) {
    return new Answer(status, body).with(HttpHeaderNames.CONTENT_TYPE, contentType);
  }

  Answer with(CharSequence header, Object value) {
    response.headers().set(header, value);
    return this;
  }

  /** Leaves the body out, as an answer to HEAD does, but not its length. */
  Answer withoutBody() {
    response.content().clear();
    return this;
  }

  /** Closes the connection behind this answer. */
  Answer endConnection() {
    end = true;
    return with(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
  }

  /** Writes the answer; the request that it answers was the last one read before it. */
  void send(ChannelOutboundInvoker connection) {
    var sent = connection.writeAndFlush(response);
    StalledAnswer.watch(sent);
    if (end) {
      sent.addListener(new LingeringClose());
    }
  }
}
