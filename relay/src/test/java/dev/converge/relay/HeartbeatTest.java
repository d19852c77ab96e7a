package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class HeartbeatTest {
  private static final Duration INTERVAL = Duration.ofSeconds(20);

  private final EmbeddedChannel channel = new EmbeddedChannel();

  @BeforeEach
  void install() {
    channel.freezeTime();
    channel.pipeline().addLast(new Heartbeat(INTERVAL));
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void passIntervals(int count) {
    for (int i = 0; i < count; i++) {
      channel.advanceTimeBy(INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  private int pings() {
    int pings = 0;
    for (WebSocketFrame frame = channel.readOutbound();
        frame != null;
        frame = channel.readOutbound()) {
      pings += frame instanceof PingWebSocketFrame ? 1 : 0;
      frame.release();
    }
    return pings;
  }

  private void pong() {
    channel.writeInbound(new PongWebSocketFrame());
  }

  @Test
  void peerThatMissesTwoPongsIsDropped() {
    passIntervals(2);
    assertThat(channel.isOpen()).isTrue();
    passIntervals(1);
    assertThat(channel.isOpen()).isFalse();
    assertThat(pings()).isEqualTo(2);
  }

  @Test
  void peerThatAnswersStays() {
    for (int i = 0; i < 10; i++) {
      passIntervals(2);
      pong();
    }
    assertThat(channel.isOpen()).isTrue();
    assertThat(pings()).isEqualTo(20);
    assertThat(channel.inboundMessages()).as("pongs stay on their hop").isEmpty();
  }

  @Test
  void anyDataIsASignOfLife() {
    for (int i = 0; i < 5; i++) {
      passIntervals(2);
      channel.writeInbound(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[1])));
    }
    assertThat(channel.isOpen()).isTrue();
    assertThat(channel.inboundMessages()).hasSize(5);
  }

  @Test
  void partOfAFrameIsASignOfLife() {
    for (int i = 0; i < 5; i++) {
      passIntervals(2);
      channel.pipeline().fireChannelReadComplete();
    }
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void peerThatIsNotReadIsAskedButNotJudged() {
    channel.config().setAutoRead(false);
    passIntervals(10);
    assertThat(channel.isOpen()).isTrue();
    assertThat(pings()).isEqualTo(10);
    channel.config().setAutoRead(true);
    passIntervals(2);
    assertThat(channel.isOpen()).as("what it missed before does not count").isTrue();
    passIntervals(1);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void nothingIsAskedOrAnsweredBehindACloseFrame() {
    channel.writeOutbound(new CloseWebSocketFrame());
    passIntervals(1);
    channel.writeInbound(new PingWebSocketFrame(Unpooled.wrappedBuffer(new byte[1])));
    WebSocketFrame first = channel.readOutbound();
    assertThat(first).isInstanceOf(CloseWebSocketFrame.class);
    first.release();
    assertThat(channel.outboundMessages()).isEmpty();
  }

  @Test
  void peerThatNeverAnswersOurCloseIsDropped() {
    channel.writeOutbound(new CloseWebSocketFrame());
    passIntervals(3);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void timerOfAConnectionGoesWithItToAnotherEventLoop() {
    passIntervals(1);
    channel.pipeline().fireChannelUnregistered();
    passIntervals(5);
    assertThat(pings()).as("none at the loop that it has left").isEqualTo(1);
    channel.pipeline().fireChannelRegistered();
    passIntervals(1);
    assertThat(pings()).isEqualTo(1);
  }

  @Test
  void pingIsAnsweredWithItsPayload() {
    channel.writeInbound(
        new PingWebSocketFrame(Unpooled.copiedBuffer("42", StandardCharsets.US_ASCII)));
    PongWebSocketFrame pong = channel.readOutbound();
    assertThat(pong.content().toString(StandardCharsets.US_ASCII)).isEqualTo("42");
    pong.release();
    assertThat(channel.inboundMessages()).isEmpty();
  }

  @Test
  void peerThatAsksButDoesNotListenGetsNoAnswer() {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    channel.writeInbound(new PingWebSocketFrame(Unpooled.wrappedBuffer(new byte[1])));
    assertThat(channel.outboundMessages()).isEmpty();
  }
}
