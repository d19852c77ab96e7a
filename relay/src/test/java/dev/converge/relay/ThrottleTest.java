package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class ThrottleTest {
  private static final int RATE = 100_000;
  private static final int READ = 10_000;
  private static final String PAUSES = "converge_rate_pauses_total";

  private final Metrics metrics = new Metrics();
  private final EmbeddedChannel sender = new EmbeddedChannel();
  private final EmbeddedChannel receiver = new EmbeddedChannel();
  private final ReadGate gate = new ReadGate(sender, receiver);
  private long now;

  @BeforeEach
  void install() {
    sender.freezeTime();
    sender.pipeline().addFirst(new Throttle(RATE, gate, metrics, () -> now));
  }

  @AfterEach
  void close() {
    sender.finishAndReleaseAll();
    receiver.finishAndReleaseAll();
  }

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
    sender.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    sender.runScheduledPendingTasks();
  }

  private void read(int bytes) {
    sender.writeInbound(Unpooled.wrappedBuffer(new byte[bytes]));
    ByteBuf passed = sender.readInbound();
    assertThat(passed.readableBytes()).as("nothing is dropped").isEqualTo(bytes);
    passed.release();
    gate.update();
  }

  private boolean isRead() {
    return sender.config().isAutoRead();
  }

  @Test
  void muchIsReadAtItsRateBehindABurst() {
    long bytes = 0;
    for (int i = 0; i < 10_000; i++) {
      while (isRead() && bytes < 100L * RATE) {
        read(READ);
        bytes += READ;
      }
      pass(1);
    }
    assertThat(bytes).isBetween(11L * RATE - READ, 11L * RATE + 2 * READ);
    assertThat(metrics.read().get(PAUSES)).isBetween(90L, 110L);
  }

  @Test
  void littleIsNotHeldUp() {
    for (int i = 0; i < 1000; i++) {
      read(RATE / 1000);
      assertThat(isRead()).isTrue();
      pass(1);
    }
    assertThat(metrics.read()).containsEntry(PAUSES, 0L);
  }

  @Test
  void whatWasOnItsWayAlreadyMakesThePauseLonger() {
    read(RATE + READ);
    assertThat(isRead()).isFalse();
    read(READ);
    pass(199);
    assertThat(isRead()).isFalse();
    pass(1);
    assertThat(isRead()).isTrue();
  }

  @Test
  void receiverThatTakesMoreDoesNotEndThePause() {
    read(2 * RATE);
    receiver.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    receiver.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    gate.update();
    assertThat(isRead()).isFalse();
    receiver.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    pass(1000);
    assertThat(isRead()).as("nor does the pause's end make it take more").isFalse();
    receiver.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    gate.update();
    assertThat(isRead()).isTrue();
  }
}
