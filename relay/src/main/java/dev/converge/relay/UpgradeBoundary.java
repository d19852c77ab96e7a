package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Decodes HTTP up to a request to upgrade, and keeps the bytes behind that for the decoder that
 * replaces this one. While they wait they are bounded by no longer reading.
 */
final class UpgradeBoundary extends HttpRequestDecoder {
  private static final int MAX_KEPT = 64 * 1024;

  private enum State {
    HTTP,
    UPGRADE_HEADERS,
    BEHIND_UPGRADE
  }

  private State state = State.HTTP;

  UpgradeBoundary(HttpDecoderConfig config) {
    super(config);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (state == State.BEHIND_UPGRADE) {
      if (in.readableBytes() > MAX_KEPT) {
        ctx.channel().config().setAutoRead(false);
      }
      return;
    }
    int before = out.size();
    super.decode(ctx, in, out);
    for (Object decoded : out.subList(before, out.size())) {
      watch(decoded);
    }
  }

  private void watch(Object decoded) {
    if (decoded instanceof HttpRequest request
        && request.headers().contains(HttpHeaderNames.UPGRADE)) {
      state = State.UPGRADE_HEADERS;
    }
    if (decoded instanceof LastHttpContent && state == State.UPGRADE_HEADERS) {
      state = State.BEHIND_UPGRADE;
    }
  }
}
