package dev.converge.relay;

import dev.converge.tunnel.Role;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends each HTTP request where it belongs; what comes behind an upgrade is not its business. */
final class Router extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  private final Site site;
  private final Doors doors;

  Router(Site site, Doors doors) {
    this.site = site;
    this.doors = doors;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpRequest request) {
        route(ctx, request);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void route(ChannelHandlerContext ctx, HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      malformed(request.decoderResult().cause()).endConnection().send(ctx);
    } else if (hasBody(request)) {
      Answer.line(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "no request here takes a body")
          .endConnection()
          .send(ctx);
    } else if (!request.uri().startsWith("/")) {
      Answer.line(HttpResponseStatus.BAD_REQUEST, "the request target is not a path")
          .endConnection()
          .send(ctx);
    } else if (request.uri().startsWith("/agent/")) {
      doors.enter(ctx, request, Role.AGENT);
    } else if (request.uri().startsWith("/client/")) {
      doors.enter(ctx, request, Role.CLIENT);
    } else {
      answer(ctx, request);
    }
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest request) {
    Answer answer = site.answer(request);
    // What comes behind a request to upgrade, to h2c for one, is not decoded as HTTP any more.
    if (!HttpUtil.isKeepAlive(request) || request.headers().contains(HttpHeaderNames.UPGRADE)) {
      answer.endConnection();
    }
    answer.send(ctx);
  }

  private static boolean hasBody(HttpRequest request) {
    return request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
        || HttpUtil.getContentLength(request, 0L) != 0;
  }

  private static Answer malformed(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Answer.line(HttpResponseStatus.REQUEST_URI_TOO_LONG, "the request line is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return Answer.line(
          HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the request headers are too large");
    }
    return Answer.line(HttpResponseStatus.BAD_REQUEST, "this is not an HTTP/1.1 request");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Disconnects.log(LOG, ctx.channel(), cause);
    ctx.close();
  }
}
