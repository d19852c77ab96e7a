package dev.converge.relay;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each plain HTTP request on to TLS. A WebSocket is refused instead: its program would have
 * told its secrets in plain text by the time that it heard where to go.
 */
final class Redirect extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Redirect.class);
  private static final int HTTPS_PORT = 443;

  /** What may stand in a Location; all else comes from nobody's browser. */
  private static final Pattern PATH = Pattern.compile("/[\\x21-\\x7e]*");

  private final int port;

  /**
   * @param port where TLS is
   */
  Redirect(int port) {
    this.port = port;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpRequest request) {
        answer(request).endConnection().send(ctx);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private Answer answer(HttpRequest request) {
    String target = request.uri();
    if (request.decoderResult().isFailure() || !PATH.matcher(target).matches()) {
      return Answer.line(HttpResponseStatus.BAD_REQUEST, "this is not an HTTP/1.1 request");
    }
    String path = target.replaceFirst("\\?.*", "");
    Optional<String> host = Origin.of(request.headers(), false, true).map(this::secureHost);
    if (isForWebSocket(request)) {
      return Answer.line(
              HttpResponseStatus.UPGRADE_REQUIRED,
              "this relay speaks TLS: use wss://" + host.map(name -> name + path).orElse(""))
          .with(HttpHeaderNames.UPGRADE, "TLS/1.2, HTTP/1.1");
    }
    return host.map(name -> moved("https://" + name + target)).orElseGet(Site::unknownHost);
  }

  private static boolean isForWebSocket(HttpRequest request) {
    return request
            .headers()
            .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        || request.uri().startsWith("/agent/")
        || request.uri().startsWith("/client/");
  }

  private static Answer moved(String to) {
    return Answer.line(HttpResponseStatus.PERMANENT_REDIRECT, "this is at " + to)
        .with(HttpHeaderNames.LOCATION, to);
  }

  /** The host that was asked for, with the port of TLS. */
  private String secureHost(Origin asked) {
    String name = asked.host().replaceFirst(":\\d{1,5}$", "");
    return port == HTTPS_PORT ? name : name + ":" + port;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Disconnects.log(LOG, ctx.channel(), cause);
    ctx.close();
  }
}
