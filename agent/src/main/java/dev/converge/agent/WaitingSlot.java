package dev.converge.agent;

import dev.converge.tunnel.Protocol;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * An open WebSocket that waits for a client. It is taken when the relay says so, or, at a relay
 * that does not speak {@code converge.v1}, with the client's first bytes.
 */
final class WaitingSlot extends ChannelInboundHandlerAdapter {
  private static final String IDLE = "idle";

  /** A client of which the relay says nothing. */
  private static final ControlMessage NOBODY = new ControlMessage("", "", "");

  private final Duration ping;
  private final SlotEvents events;
  private final TextMessage text = new TextMessage();

  WaitingSlot(Duration ping, SlotEvents events) {
    this.ping = ping;
    this.events = events;
  }

  /** Idle is measured before the control frames are taken out of the stream. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    Duration gone = ping.multipliedBy(Protocol.MISSED_PONGS + 1);
    String control = ctx.pipeline().context(ControlFrames.class).name();
    ctx.pipeline().addBefore(control, IDLE, idle(gone));
    events.opened(ctx.channel());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof BinaryWebSocketFrame) {
      take(ctx, NOBODY);
      ctx.fireChannelRead(message);
      return;
    }
    WebSocketFrame frame = (WebSocketFrame) message;
    try {
      ControlMessage complete = text.add(frame);
      if (text.isTooLong()) {
        ctx.pipeline().fireExceptionCaught(tooLong());
      } else if (complete != null && complete.type().equals(ControlMessage.PAIRED)) {
        take(ctx, complete);
      }
    } finally {
      frame.release();
    }
  }

  /** A session whose reads are off hears no pongs, so from here on silence means nothing. */
  private void take(ChannelHandlerContext ctx, ControlMessage paired) {
    ctx.channel().config().setAutoRead(false);
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline.replace(IDLE, IDLE, idle(Duration.ZERO));
    pipeline.replace(this, null, new ByteFrames());
    String client = paired.client().isEmpty() ? "unknown" : paired.client();
    events.taken(ctx.channel(), client, paired.mayResume());
  }

  private IdleStateHandler idle(Duration reader) {
    return new IdleStateHandler(reader.toMillis(), ping.toMillis(), 0, TimeUnit.MILLISECONDS);
  }

  private static CorruptedWebSocketFrameException tooLong() {
    return new CorruptedWebSocketFrameException(
        WebSocketCloseStatus.MESSAGE_TOO_BIG,
        "control message longer than " + TextMessage.MAX_BYTES + " bytes");
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    events.lost(ControlFrames.why(ctx.pipeline()));
    ctx.fireChannelInactive();
  }
}
