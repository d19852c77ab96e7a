package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.test.LeakPresenceExtension;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakPresenceExtension.class)
final class ChannelStreamTest {
  private static final int CHUNK = 64 * 1024;

  private final Queue<Runnable> lane = new ArrayDeque<>();
  private final List<String> handled = new ArrayList<>();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private int reads;
  private int flushes;
  private StreamSession session;

  @BeforeEach
  void attach() {
    channel.config().setAutoRead(false);
    channel
        .pipeline()
        .addLast(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void read(ChannelHandlerContext context) {
                reads++;
              }

              @Override
              public void flush(ChannelHandlerContext context) {
                flushes++;
                context.flush();
              }
            });
    var stream = new ChannelStream(channel);
    session =
        new StreamSession("client", stream, new RecordingHandler(handled), new Lane(lane::add));
    stream.feed(session);
    session.begin();
    channel.pipeline().addLast(stream);
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void runLane() {
    while (!lane.isEmpty()) {
      lane.remove().run();
    }
    channel.runPendingTasks();
  }

  private void receive(int bytes) {
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[bytes]));
  }

  @Test
  void sessionBeginsBeforeAnyInput() {
    receive(3);
    runLane();
    assertThat(handled).containsExactly("created", "received 3");
  }

  @Test
  void channelIsReadNoFurtherThanTheSessionKeepsUp() {
    for (int i = 0; i < 4; i++) {
      receive(CHUNK);
    }
    int before = reads;
    receive(1);
    assertThat(reads).isEqualTo(before);
    runLane();
    assertThat(reads).isGreaterThan(before);
  }

  @Test
  void suspendedSessionIsNotRead() {
    session.suspendRead();
    channel.runPendingTasks();
    int before = reads;
    receive(1);
    runLane();
    assertThat(reads).isEqualTo(before);
    session.resumeRead();
    channel.runPendingTasks();
    assertThat(reads).isEqualTo(before + 1);
  }

  @Test
  void writesKeepTheirOrderAndAreConfirmed() {
    var first = session.writeBuffer(new ByteArrayBuffer(new byte[] {1}));
    var second = session.writeBuffer(new ByteArrayBuffer(new byte[] {2}));
    assertThat(first.isDone()).isFalse();
    channel.runPendingTasks();
    assertThat(first.isWritten()).isTrue();
    assertThat(second.isWritten()).isTrue();
    for (byte expected : new byte[] {1, 2}) {
      ByteBuf out = channel.readOutbound();
      assertThat(out.readByte()).isEqualTo(expected);
      out.release();
    }
  }

  @Test
  void whatIsSaidBeforeTheEventLoopLooksIsFlushedOnce() {
    for (int burst = 1; burst <= 2; burst++) {
      for (int i = 0; i < 10; i++) {
        session.writeBuffer(new ByteArrayBuffer(new byte[] {1}));
      }
      channel.runPendingTasks();
      assertThat(flushes).isEqualTo(burst);
    }
    assertThat(channel.outboundMessages()).hasSize(20);
  }

  @Test
  void endOfTheChannelEndsTheSessionAfterItsInput() {
    receive(5);
    var unused = channel.close();
    runLane();
    assertThat(handled).containsExactly("created", "received 5", "closed");
    assertThat(session.isClosed()).isTrue();
    var late = session.writeBuffer(new ByteArrayBuffer(new byte[] {1}));
    assertThat(late.getException()).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void endOfTheSessionClosesTheChannelAfterItsOutput() {
    session.writeBuffer(new ByteArrayBuffer(new byte[] {1}));
    session.close(false);
    channel.runPendingTasks();
    ByteBuf out = channel.readOutbound();
    assertThat(out.readByte()).isEqualTo((byte) 1);
    out.release();
    assertThat(channel.isOpen()).isFalse();
  }
}
