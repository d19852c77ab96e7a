package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class StalledAnswerTest {
  private static final int LIMIT_SECONDS = 75;

  private final SlowChannel channel = new SlowChannel();

  /** Takes as many bytes as it is let. */
  private static final class SlowChannel extends EmbeddedChannel {
    private int room;

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
      if (room > 0) {
        in.removeBytes(room);
        room = 0;
      }
    }

    void take(int bytes) {
      room = bytes;
      flushOutbound();
    }
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      channel.advanceTimeBy(1, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  private void answer() {
    StalledAnswer.watch(channel.writeAndFlush(Buffers.of(new byte[100])));
  }

  @Test
  void aPeerThatTakesNothingIsCutOff() {
    answer();
    channel.take(10);
    pass(LIMIT_SECONDS);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aSlowPeerGetsItsWholeAnswerAndStays() {
    answer();
    for (int i = 0; i < 10; i++) {
      pass(LIMIT_SECONDS - 20);
      assertThat(channel.isOpen()).isTrue();
      channel.take(10);
    }
    pass(LIMIT_SECONDS * 2);
    assertThat(channel.isOpen()).isTrue();
  }
}
