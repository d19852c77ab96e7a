package dev.converge.agent;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link ByteStream} over a Netty channel whose handlers turn its messages into {@code ByteBuf}s
 * and back. Its fields belong to the channel's event loop.
 */
final class ChannelStream extends ChannelInboundHandlerAdapter implements ByteStream {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelStream.class);

  /** Input that waits for its session before the channel is read again, in bytes. */
  private static final int MOST_WAITING = 256 * 1024;

  private final Channel channel;
  private @Nullable StreamSession session;
  private boolean wanted = true;
  private int waiting;

  ChannelStream(Channel channel) {
    this.channel = channel;
  }

  /** To be called on the event loop, before the handler is added. */
  void feed(StreamSession fed) {
    session = fed;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (!channel.isActive()) {
      end();
    }
    readIfWanted();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    try {
      pass(ByteBufUtil.getBytes(buffer));
    } finally {
      buffer.release();
    }
  }

  private void pass(byte[] bytes) {
    if (session != null && bytes.length > 0) {
      waiting += bytes.length;
      session.received(
          bytes, 0, bytes.length, () -> channel.eventLoop().execute(() -> processed(bytes.length)));
    }
  }

  private void processed(int length) {
    boolean wasFull = waiting >= MOST_WAITING;
    waiting -= length;
    if (wasFull) {
      readIfWanted();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    readIfWanted();
  }

  private void readIfWanted() {
    if (wanted && waiting < MOST_WAITING) {
      channel.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("{}: lost", channel, cause);
    var unused = context.close();
  }

  private void end() {
    StreamSession ended = session;
    session = null;
    if (ended != null) {
      ended.ended();
    }
  }

  // Always through the event loop's queue, also when on the event loop: a write that is done at
  // once would overtake those that other threads have queued.
  @Override
  public void send(byte[] bytes, int offset, int length, Consumer<@Nullable Throwable> done) {
    ByteBuf buffer = Unpooled.wrappedBuffer(bytes, offset, length);
    channel
        .eventLoop()
        .execute(
            () ->
                channel.writeAndFlush(buffer).addListener(written -> done.accept(written.cause())));
  }

  @Override
  public void reading(boolean on) {
    channel
        .eventLoop()
        .execute(
            () -> {
              wanted = on;
              readIfWanted();
            });
  }

  @Override
  public void close(boolean immediately) {
    channel
        .eventLoop()
        .execute(
            () -> {
              if (immediately) {
                var unused = channel.close();
              } else {
                channel
                    .writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(ChannelFutureListener.CLOSE);
              }
            });
  }
}
