package dev.converge.agent;

import dev.converge.tunnel.CloseReason;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pings and closes a WebSocket (RFC 6455, sections 5.5 and 7). Closing the channel sends a close
 * frame behind all that was written before, and waits for the peer's.
 */
final class ControlFrames extends ChannelDuplexHandler {
  /** How long what was written before the close frame may take on its way, in close deadlines. */
  private static final int FLUSH_FACTOR = 6;

  private static final Logger LOG = LoggerFactory.getLogger(ControlFrames.class);

  private enum State {
    OPEN,
    /** Our close frame is written; data that still comes is dropped. */
    CLOSING,
    /** Both have said it, or there is nobody to say it to. */
    CLOSED
  }

  private final Duration deadline;
  private State state = State.OPEN;
  private boolean dataRead;
  private String why = "connection lost";

  ControlFrames(Duration deadline) {
    this.deadline = deadline;
  }

  /**
   * Closes a WebSocket with this code and reason, behind all that was written before; with {@link
   * CloseReason#ABNORMAL} without a word, because nobody would hear it. From any thread.
   */
  static void close(ChannelPipeline pipeline, CloseReason reason) {
    pipeline.fireUserEventTriggered(reason);
  }

  /** Why the WebSocket ended, or ends. */
  static String why(ChannelPipeline pipeline) {
    ControlFrames frames = pipeline.get(ControlFrames.class);
    return frames == null ? "connection lost" : frames.why;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (state == State.OPEN && isData(message)) {
      dataRead = true;
      ctx.fireChannelRead(message);
      return;
    }
    try {
      if (message instanceof CloseWebSocketFrame close) {
        closedByPeer(ctx, close);
      } else if (message instanceof PingWebSocketFrame ping && state == State.OPEN) {
        answer(ctx, ping);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** Whoever asked for a read meant data. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!dataRead && !ctx.channel().config().isAutoRead()) {
      ctx.read();
    }
    dataRead = false;
    ctx.fireChannelReadComplete();
  }

  private static boolean isData(Object message) {
    return !(message instanceof CloseWebSocketFrame
        || message instanceof PingWebSocketFrame
        || message instanceof PongWebSocketFrame);
  }

  /** A channel that cannot be written to owes its peer more than a pong. */
  private static void answer(ChannelHandlerContext ctx, PingWebSocketFrame ping) {
    if (ctx.channel().isWritable()) {
      ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof CloseReason reason) {
      close(ctx, reason);
    } else if (!(event instanceof IdleStateEvent idle)) {
      ctx.fireUserEventTriggered(event);
    } else if (idle.state() == IdleState.READER_IDLE) {
      fail(ctx, "no answer to pings");
    } else if (state == State.OPEN && ctx.channel().isWritable()) {
      ctx.writeAndFlush(new PingWebSocketFrame());
    }
  }

  private void close(ChannelHandlerContext ctx, CloseReason reason) {
    if (reason.code() == CloseReason.ABNORMAL) {
      fail(ctx, reason.text());
    } else if (state == State.OPEN && ctx.channel().isActive()) {
      why = "closed by this side: " + reason;
      goodbye(ctx, reason.code(), reason.text());
    }
  }

  private void closedByPeer(ChannelHandlerContext ctx, CloseWebSocketFrame close) {
    if (state != State.OPEN) {
      end(ctx);
      return;
    }
    state = State.CLOSED;
    int code = close.statusCode() == -1 ? CloseReason.NO_STATUS : close.statusCode();
    why = "closed by the other side: " + new CloseReason(code, close.reasonText());
    say(ctx, code == CloseReason.NO_STATUS ? new CloseWebSocketFrame() : frame(code, ""));
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (!ctx.channel().isActive()) {
      ctx.close(promise);
      return;
    }
    ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
    if (state == State.OPEN) {
      why = "closed by this side";
      goodbye(ctx, CloseReason.NORMAL, "");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("{}", ctx.channel(), cause);
    if (!(cause instanceof CorruptedWebSocketFrameException violation)) {
      fail(ctx, Reasons.of(cause));
    } else if (state == State.OPEN) {
      why = Reasons.of(violation);
      goodbye(ctx, violation.closeStatus().code(), why);
    }
  }

  private void goodbye(ChannelHandlerContext ctx, int code, String text) {
    state = State.CLOSING;
    say(ctx, frame(code, text));
    ctx.channel().config().setAutoRead(true);
  }

  /** Sends our close frame; the peer's, or the end of the connection, must follow in time. */
  private void say(ChannelHandlerContext ctx, CloseWebSocketFrame frame) {
    endAfter(ctx, deadline.multipliedBy(FLUSH_FACTOR));
    ctx.writeAndFlush(frame).addListener(written -> said(ctx, written));
  }

  private void said(ChannelHandlerContext ctx, Future<?> written) {
    if (state == State.CLOSING && written.isSuccess()) {
      endAfter(ctx, deadline);
    } else {
      end(ctx);
    }
  }

  private void endAfter(ChannelHandlerContext ctx, Duration delay) {
    var end = ctx.executor().schedule(() -> end(ctx), delay.toMillis(), TimeUnit.MILLISECONDS);
    ctx.channel().closeFuture().addListener(closed -> end.cancel(false));
  }

  private void fail(ChannelHandlerContext ctx, String reason) {
    if (state == State.OPEN) {
      why = reason;
    }
    end(ctx);
  }

  private void end(ChannelHandlerContext ctx) {
    state = State.CLOSED;
    ctx.close();
  }

  private static CloseWebSocketFrame frame(int code, String text) {
    return new CloseWebSocketFrame(code, new CloseReason(code, text).text());
  }
}
