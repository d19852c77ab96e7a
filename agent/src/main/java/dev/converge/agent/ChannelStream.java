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

  private final Channel channel;
  private final Home home;
  private final Intake intake;
  private final Burst burst;

  ChannelStream(Channel channel) {
    this.channel = channel;
    home = new Home(channel.eventLoop());
    intake = new Intake(home, this::readIfWanted);
    burst = new Burst(home, this::sendBurst);
  }

  /** To be called on the event loop, before the handler is added. */
  void feed(StreamSession session) {
    intake.feed(session);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (!channel.isActive()) {
      intake.end();
    }
    readIfWanted();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    try {
      byte[] bytes = ByteBufUtil.getBytes(buffer);
      intake.pass(bytes, 0, bytes.length);
    } finally {
      buffer.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    readIfWanted();
  }

  private void readIfWanted() {
    if (intake.mayRead()) {
      channel.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    intake.end();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("{}: lost", channel, cause);
    var unused = context.close();
  }

  @Override
  public Home home() {
    return home;
  }

  // Always through the event loop's queue, also when on the event loop: a write that is done at
  // once would overtake those that other threads have queued.
  @Override
  public void send(byte[] bytes, int offset, int length, Consumer<@Nullable Throwable> done) {
    burst.add(new Piece(bytes, offset, length, done));
  }

  private void sendBurst() {
    for (Piece piece : burst.take()) {
      channel
          .write(Unpooled.wrappedBuffer(piece.bytes, piece.offset, piece.length))
          .addListener(written -> piece.done.accept(written.cause()));
    }
    channel.flush();
  }

  @Override
  public void reading(boolean on) {
    home.later(() -> intake.wanted(on));
  }

  @Override
  public void close(boolean immediately) {
    home.later(
        () -> {
          if (immediately) {
            var unused = channel.close();
          } else {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
          }
        });
  }
}
