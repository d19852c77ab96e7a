package dev.converge.agent;

import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.Hello;
import dev.converge.tunnel.HelloReader;
import dev.converge.tunnel.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds back everything until the client's first bytes tell how it speaks: a {@link Hello} begins a
 * path of a resumable stream, anything else is plain.
 */
final class Greeting extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Greeting.class);

  /** Who goes on with the channel; called on its event loop, and adds the handlers that follow. */
  interface Heard {
    /** The client speaks plainly, or has to. */
    void plain(ChannelHandlerContext ctx, String client);

    /** The client wants a resumable stream. */
    void hello(ChannelHandlerContext ctx, String client, Hello hello);
  }

  private final String client;
  private final Duration limit;
  private final Heard heard;
  private final HelloReader hellos = new HelloReader();
  private boolean begun;
  private @Nullable Future<?> deadline;

  /**
   * @param limit how long the client may say nothing
   */
  Greeting(String client, Duration limit, Heard heard) {
    this.client = client;
    this.limit = limit;
    this.heard = heard;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    deadline = ctx.executor().schedule(() -> tooLate(ctx), limit.toMillis(), TimeUnit.MILLISECONDS);
    ctx.read();
  }

  private void tooLate(ChannelHandlerContext ctx) {
    String why = "nothing was said within " + Spoken.duration(limit);
    ControlFrames.close(ctx.pipeline(), new CloseReason(CloseReason.GOING_AWAY, why));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    byte[] bytes;
    try {
      bytes = ByteBufUtil.getBytes(buffer);
    } finally {
      buffer.release();
    }
    try {
      read(ctx, bytes);
    } catch (ProtocolViolation e) {
      ControlFrames.close(ctx.pipeline(), e.reason());
    }
  }

  private void read(ChannelHandlerContext ctx, byte[] bytes) throws ProtocolViolation {
    if (!begun && !Hello.startsWith(bytes[0])) {
      heard.plain(ctx, client);
      proceed(ctx, bytes, 0);
      return;
    }
    begun = true;
    int taken = hellos.take(bytes, 0, bytes.length);
    Hello hello = hellos.hello();
    if (hello != null) {
      answer(ctx, hello);
      proceed(ctx, bytes, taken);
    }
  }

  private void answer(ChannelHandlerContext ctx, Hello hello) throws ProtocolViolation {
    if (hello.understood()) {
      heard.hello(ctx, client, hello);
      return;
    }
    LOG.warn(
        "client {} speaks version {} of resumable streams, and this agent version {}: a lost"
            + " connection will end its session",
        client,
        hello.version(),
        Hello.VERSION);
    ctx.writeAndFlush(Unpooled.wrappedBuffer(Hello.plain().bytes()));
    heard.plain(ctx, client);
  }

  /** What is left over is for the handlers that are there now. */
  private void proceed(ChannelHandlerContext ctx, byte[] bytes, int from) {
    if (from < bytes.length) {
      ctx.fireChannelRead(Unpooled.wrappedBuffer(Arrays.copyOfRange(bytes, from, bytes.length)));
    }
    ctx.pipeline().remove(this);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ControlMessage message && message.type().equals(ControlMessage.DRAIN)) {
      ControlFrames.close(ctx.pipeline(), StreamPath.DRAINED);
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }
}
