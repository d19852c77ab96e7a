package dev.converge.agent;

import dev.converge.tunnel.Protocol;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP phase of a slot: asks for the WebSocket, reads the answer, and then either makes place
 * for the WebSocket phase or closes the channel.
 */
final class UpgradeHandler extends ChannelInboundHandlerAdapter {
  private static final int MAX_BODY = 1024;
  private static final WebSocketDecoderConfig FRAMES =
      WebSocketDecoderConfig.newBuilder()
          .expectMaskedFrames(false)
          .allowExtensions(false)
          .maxFramePayloadLength(Protocol.MAX_FRAME)
          .closeOnProtocolViolation(false)
          .build();

  private enum State {
    ASKING,
    READING,
    DONE
  }

  private final Upgrade upgrade = new Upgrade();
  private final LinkConfig config;
  private final SlotEvents events;
  private final StringBuilder body = new StringBuilder();
  private State state = State.ASKING;
  private @Nullable HttpResponse response;
  private @Nullable Future<?> timeout;

  UpgradeHandler(LinkConfig config, SlotEvents events) {
    this.config = config;
    this.events = events;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    long deadline = config.times().handshake().toMillis();
    timeout = ctx.executor().schedule(() -> tooLate(ctx), deadline, TimeUnit.MILLISECONDS);
    ctx.writeAndFlush(upgrade.request(config));
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (state == State.ASKING && message instanceof HttpResponse head) {
        response = head;
        state = State.READING;
      }
      if (state == State.READING && message instanceof HttpContent content) {
        read(ctx, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void read(ChannelHandlerContext ctx, HttpContent content) {
    body.append(content.content().toString(StandardCharsets.UTF_8));
    boolean last = content instanceof LastHttpContent;
    if (last && response != null && upgrade.isGrantedBy(response)) {
      open(ctx.pipeline());
    } else if (last || body.length() > MAX_BODY) {
      fail(ctx, ended());
    }
  }

  /** What follows the response in the same read reaches the decoder when the codec is removed. */
  private void open(ChannelPipeline pipeline) {
    state = State.DONE;
    pipeline.addLast(
        new WebSocket13FrameEncoder(true),
        new WebSocket13FrameDecoder(FRAMES),
        new Utf8FrameValidator(false),
        new ControlFrames(config.times().close()),
        new WaitingSlot(config.times().ping(), events));
    pipeline.remove(this);
    pipeline.remove(HttpClientCodec.class);
  }

  private IOException ended() {
    return response == null
        ? new IOException("connection closed without an answer")
        : Refusal.of(response, body.substring(0, Math.min(body.length(), MAX_BODY)));
  }

  private void tooLate(ChannelHandlerContext ctx) {
    String limit = Spoken.duration(config.times().handshake());
    fail(ctx, new SocketTimeoutException("no answer within " + limit));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent tls && !tls.isSuccess()) {
      fail(ctx, tls.cause());
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(ctx, ended());
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, cause);
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    if (state != State.DONE) {
      state = State.DONE;
      Throwable explained = config.trust().explained(cause, ctx.pipeline());
      ctx.close();
      events.failed(explained);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timeout != null) {
      timeout.cancel(false);
    }
  }
}
