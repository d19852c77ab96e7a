package dev.converge.agent;

import dev.converge.tunnel.SessionId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line when a client has gone; the one about its login comes from whom it logged in to. */
final class SessionLog extends ChannelDuplexHandler {
  private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);

  private final SessionId id;
  private final String client;
  private final long start = System.nanoTime();
  private long in;
  private long out;

  SessionLog(SessionId id, String client) {
    this.id = id;
    this.client = client;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    LOG.debug("{}: client {} has come", id, client);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    in += size(message);
    ctx.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    out += size(message);
    ctx.write(message, promise);
  }

  private static int size(Object message) {
    return message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    LOG.info(
        "{}: client {} has gone after {}: {}; {} bytes in, {} bytes out",
        id,
        client,
        Spoken.duration(Duration.ofNanos(System.nanoTime() - start)),
        ControlFrames.why(ctx.pipeline()),
        in,
        out);
    ctx.fireChannelInactive();
  }
}
