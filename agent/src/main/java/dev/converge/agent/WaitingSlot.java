package dev.converge.agent;

import dev.converge.tunnel.Protocol;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * An open WebSocket that waits for a client. It is taken when the relay says so, or, at a relay
 * that does not speak {@code converge.v1}, with the client's first bytes.
 */
final class WaitingSlot extends ChannelInboundHandlerAdapter {
  private static final int MAX_TEXT = 64 << 10;
  private static final String IDLE = "idle";

  private final Duration ping;
  private final SlotEvents events;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();

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
      take(ctx, "");
      ctx.fireChannelRead(message);
      return;
    }
    WebSocketFrame frame = (WebSocketFrame) message;
    try {
      text.writeBytes(ByteBufUtil.getBytes(frame.content()));
      if (text.size() > MAX_TEXT) {
        ctx.pipeline().fireExceptionCaught(tooLong());
      } else if (frame.isFinalFragment()) {
        obey(ctx, ControlMessage.parse(text.toString(StandardCharsets.UTF_8)));
        text.reset();
      }
    } finally {
      frame.release();
    }
  }

  private void obey(ChannelHandlerContext ctx, ControlMessage message) {
    if (message.type().equals(ControlMessage.PAIRED)) {
      take(ctx, message.client());
    }
  }

  /** A session whose reads are off hears no pongs, so from here on silence means nothing. */
  private void take(ChannelHandlerContext ctx, String client) {
    ctx.channel().config().setAutoRead(false);
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline.replace(IDLE, IDLE, idle(Duration.ZERO));
    pipeline.replace(this, null, new ByteFrames());
    events.taken(ctx.channel(), client.isEmpty() ? "unknown" : client);
  }

  private IdleStateHandler idle(Duration reader) {
    return new IdleStateHandler(reader.toMillis(), ping.toMillis(), 0, TimeUnit.MILLISECONDS);
  }

  private static CorruptedWebSocketFrameException tooLong() {
    return new CorruptedWebSocketFrameException(
        WebSocketCloseStatus.MESSAGE_TOO_BIG, "control message longer than " + MAX_TEXT + " bytes");
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    events.lost(ControlFrames.why(ctx.pipeline()));
    ctx.fireChannelInactive();
  }
}
