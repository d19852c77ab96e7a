package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps what is read of one side of a bridge within a rate, by not reading: the sender is slowed
 * down by TCP, and nothing is dropped. Stands first, where the bytes are those of the socket.
 */
final class Throttle extends ChannelInboundHandlerAdapter {
  static final Duration BURST = Duration.ofSeconds(1);

  private final TokenBucket bytes;
  private final ReadGate gate;
  private final Metrics metrics;
  private final LongSupplier nanoTime;
  private boolean paused;

  Throttle(long rate, ReadGate gate, Metrics metrics, LongSupplier nanoTime) {
    this.gate = gate;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    bytes = new TokenBucket(rate, BURST, nanoTime.getAsLong());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (message instanceof ByteBuf read) {
      long debt = bytes.spend(read.readableBytes(), nanoTime.getAsLong());
      if (debt > 0 && !paused) {
        paused = true;
        metrics.ratePaused();
        gate.pause(true);
        resumeLater(ctx, debt);
      }
    }
    super.channelRead(ctx, message);
  }

  private void resumeLater(ChannelHandlerContext ctx, long nanos) {
    ctx.executor().schedule(() -> resume(ctx), nanos, TimeUnit.NANOSECONDS);
  }

  /** More may have been read meanwhile, of what was on its way already. */
  private void resume(ChannelHandlerContext ctx) {
    long debt = bytes.spend(0, nanoTime.getAsLong());
    if (debt > 0 && ctx.channel().isActive()) {
      resumeLater(ctx, debt);
    } else {
      paused = false;
      gate.pause(false);
    }
  }
}
