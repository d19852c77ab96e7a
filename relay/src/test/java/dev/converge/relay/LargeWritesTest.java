package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class LargeWritesTest {
  private static final int PIECE = 64 * 1024;

  /** A peer that takes nothing until it is told to: what is flushed stays here. */
  private static final class Stalled extends ChannelOutboundHandlerAdapter {
    private record Held(ByteBuf bytes, ChannelPromise promise) {}

    private final Queue<Held> held = new ArrayDeque<>();
    private ChannelHandlerContext ctx;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      this.ctx = ctx;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      held.add(new Held((ByteBuf) message, promise));
      full(held.size() >= 4);
    }

    private void full(boolean full) {
      var outbound = ctx.channel().unsafe().outboundBuffer();
      if (outbound != null) {
        outbound.setUserDefinedWritability(1, !full);
      }
    }

    /** The bytes that were held; there is room again. */
    byte[] take() {
      var bytes = Unpooled.buffer();
      for (Held next = held.poll(); next != null; next = held.poll()) {
        bytes.writeBytes(next.bytes);
        next.bytes.release();
        next.promise.setSuccess();
      }
      full(false);
      byte[] taken = new byte[bytes.readableBytes()];
      bytes.readBytes(taken).release();
      return taken;
    }
  }

  private final Stalled peer = new Stalled();
  private final EmbeddedChannel channel = new EmbeddedChannel(peer, new LargeWrites());

  LargeWritesTest() {
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
  }

  @Test
  void largeWriteGoesOutAsThePeerTakesIt() {
    var written = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[10 * PIECE + 1]));
    var behind = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {7}));
    assertThat(peer.held).hasSize(4);
    assertThat(peer.take()).hasSize(4 * PIECE);
    channel.runPendingTasks();
    assertThat(written.isDone()).isFalse();
    assertThat(peer.take()).hasSize(4 * PIECE);
    channel.runPendingTasks();
    byte[] rest = peer.take();
    assertThat(rest).hasSize(2 * PIECE + 2).endsWith(7);
    assertThat(written.isSuccess()).isTrue();
    assertThat(behind.isSuccess()).isTrue();
    channel.finishAndReleaseAll();
  }

  @Test
  void whatThePeerNeverTookIsReleased() {
    ByteBuf bytes = Unpooled.wrappedBuffer(new byte[10 * PIECE]);
    var written = channel.writeAndFlush(bytes);
    peer.take();
    channel.close();
    channel.runPendingTasks();
    assertThat(written.isSuccess()).isFalse();
    peer.take();
    assertThat(bytes.refCnt()).isZero();
  }
}
