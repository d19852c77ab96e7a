package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.tunnel.SessionId;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What it takes to carry a byte across a bridge, counted. */
@ExtendWith(NoLeaks.class)
final class ForwardingTest {
  private static final SessionId ID = new SessionId("job");

  /** Counts the buffers that handlers ask for. */
  private static final class Counting extends AbstractByteBufAllocator {
    int buffers;

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      buffers++;
      return UnpooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      buffers++;
      return UnpooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }

  /** A socket that takes all, or nothing, and counts how often it is asked to. */
  private static final class Socket extends ChannelOutboundHandlerAdapter {
    int flushes;
    boolean stalled;

    @Override
    public void flush(ChannelHandlerContext ctx) {
      flushes++;
      if (!stalled) {
        ctx.flush();
      }
    }
  }

  private final Counting allocator = new Counting();
  private final Socket socket = new Socket();
  private final EmbeddedChannel agent = new EmbeddedChannel();
  private final EmbeddedChannel client = new EmbeddedChannel();
  private final List<Match<WaitingSlot, WaitingClient>> matches = new ArrayList<>();
  private final RecvByteBufAllocator.ExtendedHandle reads = new ReadBuffers().newHandle();

  @BeforeEach
  void join() throws Exception {
    var rendezvous =
        new Rendezvous<WaitingSlot, WaitingClient>(RelayFixture.WAITING, () -> 0, matches::add);
    rendezvous.offer(ID, Owner.of(null), new WaitingSlot(agent, ID, rendezvous, false));
    var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/client/job");
    request.headers().set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    rendezvous.await(
        ID, new WaitingClient(client, ID, rendezvous, Upgrade.of(request), RelayFixture.LIMITS));
    request.release();
    var bridge = new Bridge(matches.get(0), BridgeLimits.NONE, new Metrics());
    client.pipeline().addLast(socket);
    install(agent, bridge.agent());
    install(client, bridge.client());
    bridge.agent().start(false);
    bridge.client().start(false);
  }

  private void install(EmbeddedChannel channel, ChannelHandler side) {
    channel.config().setAllocator(allocator);
    channel.config().setMessageSizeEstimator(new HeldMemory());
    channel
        .pipeline()
        .addLast(
            new FrameDecoder(RelayFixture.LIMITS.messageBytes(), false),
            new FrameEncoder(),
            new Heartbeat(RelayFixture.LIMITS.ping()),
            side);
  }

  @AfterEach
  void end() {
    socket.stalled = false;
    for (EmbeddedChannel side : List.of(agent, client, agent)) {
      side.close();
      agent.runPendingTasks();
      client.runPendingTasks();
    }
    agent.finishAndReleaseAll();
    client.finishAndReleaseAll();
    matches.forEach(Match::ended);
  }

  /** What one read of a socket gives, of this peer's frames. */
  private ByteBuf read(byte[] frames) {
    return reads.allocate(ByteBufAllocator.DEFAULT).writeBytes(frames);
  }

  @Test
  void readGoesAcrossInItsOwnBufferWithoutAnotherOne() {
    byte[] frame = Frames.frame(Frames.FIN | Frames.BINARY, new byte[500]);
    for (int frames = 1; frames <= 3; frames++) {
      ByteBuf read = read(new byte[0]);
      for (int i = 0; i < frames; i++) {
        read.writeBytes(frame);
      }
      agent.writeInbound(read);
      assertThat(client.outboundMessages()).as("one write").containsExactly(read);
      assertThat(read.readableBytes()).isEqualTo(4 + frames * 500);
      client.<ByteBuf>readOutbound().release();
    }
    assertThat(allocator.buffers).isZero();
  }

  @Test
  void readThatBeginsWithinAFrameNeedsNoOtherBufferEither() {
    byte[] frame = Frames.frame(Frames.FIN | Frames.BINARY, new byte[900]);
    agent.writeInbound(read(Arrays.copyOf(frame, 500)));
    agent.writeInbound(read(Arrays.copyOfRange(frame, 500, frame.length)));
    assertThat(client.outboundMessages()).hasSize(2);
    assertThat(allocator.buffers).isZero();
  }

  @Test
  void burstOfReadsIsFlushedOnce() {
    int before = socket.flushes;
    byte[] frame = Frames.frame(Frames.FIN | Frames.BINARY, "a");
    agent.writeInbound(read(frame), read(frame), read(frame));
    assertThat(socket.flushes - before).isEqualTo(1);
  }

  @Test
  void oneWhoTakesNothingHoldsNoMoreMemoryThanTheMark() {
    socket.stalled = true;
    byte[] frame = Frames.frame(Frames.FIN | Frames.BINARY, "a");
    int most = client.config().getWriteBufferHighWaterMark();
    int held = 0;
    while (agent.config().isAutoRead() && held <= 10 * most) {
      ByteBuf read = read(frame);
      held += read.capacity();
      agent.writeInbound(read);
    }
    assertThat(held).isBetween(most / 2, most + ReadBuffers.LARGE);
    socket.stalled = false;
    client.flush();
    assertThat(agent.config().isAutoRead()).isTrue();
  }
}
