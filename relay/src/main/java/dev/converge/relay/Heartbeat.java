package dev.converge.relay;

import dev.converge.tunnel.Protocol;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an idle peer whether it is there, ends the connection of one that misses two answers, and
 * answers the same question. A peer that is not being read, for back-pressure, is not judged.
 * Behind a close frame nothing is asked any more (RFC 6455, section 5.5.1).
 */
final class Heartbeat extends ChannelDuplexHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private final Duration interval;
  private int missed;
  private boolean closing;
  private @Nullable Future<?> timer;

  Heartbeat(Duration interval) {
    this.interval = interval;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    start(ctx);
  }

  /** The timer of a connection that changes its event loop does so, too. */
  @Override
  public void channelUnregistered(ChannelHandlerContext ctx) throws Exception {
    stop();
    super.channelUnregistered(ctx);
  }

  @Override
  public void channelRegistered(ChannelHandlerContext ctx) throws Exception {
    if (timer == null) {
      start(ctx);
    }
    super.channelRegistered(ctx);
  }

  private void start(ChannelHandlerContext ctx) {
    timer =
        ctx.executor()
            .scheduleWithFixedDelay(
                () -> beat(ctx), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    stop();
    super.channelInactive(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stop();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (message instanceof PingWebSocketFrame ping) {
      answer(ctx, ping);
    } else if (message instanceof PongWebSocketFrame pong) {
      pong.release();
    } else {
      super.channelRead(ctx, message);
    }
  }

  /** Part of a large frame on a slow line is a sign of life as well. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    missed = 0;
    super.channelReadComplete(ctx);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise)
      throws Exception {
    closing |= message instanceof CloseWebSocketFrame;
    super.write(ctx, message, promise);
  }

  /** A peer that asks faster than it listens gets no answer: its pongs would pile up here. */
  private void answer(ChannelHandlerContext ctx, PingWebSocketFrame ping) {
    if (ctx.channel().isWritable() && !closing) {
      ctx.writeAndFlush(new PongWebSocketFrame(ping.content()));
    } else {
      ping.release();
    }
  }

  private void beat(ChannelHandlerContext ctx) {
    if (!ctx.channel().config().isAutoRead()) {
      missed = 0;
    } else if (missed >= Protocol.MISSED_PONGS) {
      LOG.debug("{}: no answer to {} pings", Addresses.text(ctx.channel()), missed);
      ctx.close();
      return;
    } else {
      missed++;
    }
    if (!closing) {
      ctx.writeAndFlush(new PingWebSocketFrame(Unpooled.EMPTY_BUFFER));
    }
  }

  private void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
