package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Hands a large write to TLS piece by piece, as the peer takes it. TLS encrypts at once what it is
 * given: each slow reader of a download would hold a copy of the whole in memory.
 */
final class LargeWrites extends ChannelDuplexHandler {
  private static final int PIECE = 64 * 1024;

  private record Waiting(Object message, ChannelPromise promise) {}

  private final Queue<Waiting> queue = new ArrayDeque<>();

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (queue.isEmpty() && !isLarge(message)) {
      ctx.write(message, promise);
    } else {
      queue.add(new Waiting(message, promise));
    }
  }

  private static boolean isLarge(Object message) {
    return message instanceof ByteBuf bytes && bytes.readableBytes() > PIECE;
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    writeOn(ctx);
    ctx.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!queue.isEmpty()) {
      flush(ctx);
    }
    ctx.fireChannelWritabilityChanged();
  }

  private void writeOn(ChannelHandlerContext ctx) {
    while (ctx.channel().isWritable() && !queue.isEmpty()) {
      Waiting next = queue.element();
      if (isLarge(next.message)) {
        ctx.write(((ByteBuf) next.message).readRetainedSlice(PIECE));
      } else {
        queue.remove();
        ctx.write(next.message, next.promise);
      }
      if (!ctx.channel().isWritable()) {
        ctx.flush();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    handlerRemoved(ctx);
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    for (Waiting waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
      ReferenceCountUtil.release(waiting.message);
      waiting.promise.tryFailure(new ClosedChannelException());
    }
  }
}
