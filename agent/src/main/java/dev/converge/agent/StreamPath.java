package dev.converge.agent;

import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.Hello;
import dev.converge.tunnel.Segment;
import dev.converge.tunnel.StreamId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that carries a {@link LastingStream} for a while. What happens on it is told to
 * the stream on the stream's event loop, which may be another than the channel's.
 */
final class StreamPath extends ChannelInboundHandlerAdapter {
  static final CloseReason DRAINED = new CloseReason(CloseReason.GOING_AWAY, "the relay goes away");

  private static final Logger LOG = LoggerFactory.getLogger(StreamPath.class);

  private final Channel channel;
  private final String client;
  private final LastingStream stream;

  StreamPath(Channel channel, String client, LastingStream stream) {
    this.channel = channel;
    this.client = client;
    this.stream = stream;
  }

  /** Whom the relay has paired it with. */
  String client() {
    return client;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (!channel.isActive()) {
      lost(ControlFrames.why(ctx.pipeline()));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    try {
      byte[] bytes = ByteBufUtil.getBytes(buffer);
      stream.atHome(() -> stream.received(this, bytes));
    } finally {
      buffer.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    stream.atHome(() -> stream.readComplete(this));
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (channel.isWritable()) {
      stream.atHome(() -> stream.writable(this));
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ControlMessage message && message.type().equals(ControlMessage.DRAIN)) {
      lost(DRAINED.text());
      close(DRAINED);
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    lost(ControlFrames.why(ctx.pipeline()));
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("{}: lost", channel, cause);
    var unused = ctx.close();
  }

  private void lost(String why) {
    stream.atHome(() -> stream.lost(this, why));
  }

  void read() {
    channel.read();
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  /**
   * The segment lies in the replay buffer, and another event loop may get to it only when the
   * stream has gone on elsewhere: it gets a copy. On this one it is copied as it is framed.
   */
  void write(Segment segment) {
    ByteBuf bytes =
        Unpooled.wrappedBuffer(
            Unpooled.wrappedBuffer(segment.head()),
            Unpooled.wrappedBuffer(segment.body(), segment.offset(), segment.length()));
    channel.write(channel.eventLoop().inEventLoop() ? bytes : bytes.copy());
  }

  void flush() {
    channel.flush();
  }

  /** Tells the client that it cannot have the stream, and closes the channel. */
  void refuse(StreamId id) {
    byte[] hello = Hello.refuse(id, LastingStreams.UNKNOWN).bytes();
    channel.write(Unpooled.wrappedBuffer(hello));
    close(CloseReason.normal(""));
  }

  /** Closes the channel behind what was written; the stream must have left it. */
  void close(CloseReason reason) {
    ControlFrames.close(channel.pipeline(), reason);
  }
}
