package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.tunnel.SessionId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class BridgeSideTest {
  private static final SessionId ID = new SessionId("job");
  private static final Duration CLOSE_LIMIT = RelayFixture.LIMITS.close();

  private static final Duration LONGEST = Duration.ofMinutes(90);
  private static final String EXPIRED = "converge_bridges_expired_total";

  private static final class FlushCounter extends ChannelOutboundHandlerAdapter {
    int flushes;

    @Override
    public void flush(ChannelHandlerContext ctx) {
      flushes++;
      ctx.flush();
    }
  }

  private final Metrics metrics = new Metrics();
  private final FlushCounter clientFlushes = new FlushCounter();
  private final EmbeddedChannel agent = new EmbeddedChannel();
  private final EmbeddedChannel client = new EmbeddedChannel();
  private final List<Match<WaitingSlot, WaitingClient>> matches = new ArrayList<>();
  private final Rendezvous<WaitingSlot, WaitingClient> rendezvous =
      new Rendezvous<>(RelayFixture.WAITING, () -> 0, matches::add);

  @BeforeEach
  void join() throws Exception {
    agent.freezeTime();
    client.freezeTime();
    rendezvous.offer(ID, Owner.of(null), new WaitingSlot(agent, ID, rendezvous, false));
    var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/client/job");
    request.headers().set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    rendezvous.await(
        ID, new WaitingClient(client, ID, rendezvous, Upgrade.of(request), RelayFixture.LIMITS));
    request.release();
    var bridge = new Bridge(matches.get(0), new BridgeLimits(null, LONGEST), metrics);
    agent.pipeline().addLast(decoder(), new FrameEncoder(), bridge.agent());
    client.pipeline().addLast(clientFlushes, decoder(), new FrameEncoder(), bridge.client());
    bridge.agent().start(false);
    bridge.client().start(true);
  }

  private static FrameDecoder decoder() {
    return new FrameDecoder(RelayFixture.LIMITS.messageBytes(), false);
  }

  @AfterEach
  void everythingIsOver() {
    agent.close();
    client.close();
    run();
    agent.finishAndReleaseAll();
    client.finishAndReleaseAll();
    assertThat(rendezvous.ids()).as("the owner's term has begun").isEqualTo(1);
    matches.forEach(Match::ended);
  }

  private void run() {
    for (int i = 0; i < 3; i++) {
      agent.runPendingTasks();
      client.runPendingTasks();
    }
  }

  private static byte[] data(String text) {
    return Frames.frame(Frames.FIN | Frames.BINARY, text);
  }

  private static byte[] close(int code, String reason) {
    return Frames.close(code, reason);
  }

  /** All of it in one read. */
  private void receive(EmbeddedChannel side, byte[]... frames) {
    side.writeInbound(Unpooled.wrappedBuffer(frames).copy());
    run();
  }

  /** What went out to one side since the last look. */
  private static String sent(EmbeddedChannel side) {
    ByteBuf bytes = Unpooled.buffer();
    for (ByteBuf out = side.readOutbound(); out != null; out = side.readOutbound()) {
      bytes.writeBytes(out);
      out.release();
    }
    var text = new StringBuilder();
    while (bytes.isReadable()) {
      int opcode = bytes.readByte() & 0x0f;
      text.append(payload(opcode, bytes.readSlice(bytes.readByte())));
    }
    bytes.release();
    return text.toString();
  }

  private static String payload(int opcode, ByteBuf bytes) {
    if (opcode != Frames.CLOSE) {
      return bytes.toString(StandardCharsets.US_ASCII) + '|';
    }
    String code = bytes.isReadable() ? String.valueOf(bytes.readUnsignedShort()) : "-1";
    return "close " + code + ' ' + bytes.toString(StandardCharsets.US_ASCII);
  }

  @Test
  void burstOfFramesIsFlushedOnce() {
    int before = clientFlushes.flushes;
    receive(agent, data("a"), data("b"), data("c"));
    assertThat(sent(client)).as("one message").isEqualTo("abc|");
    assertThat(clientFlushes.flushes - before).isEqualTo(1);
  }

  @Test
  void sideIsReadOnlyWhileTheOtherIsWritable() {
    client.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    run();
    assertThat(agent.config().isAutoRead()).isFalse();
    assertThat(client.config().isAutoRead()).as("the other direction goes on").isTrue();
    client.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    run();
    assertThat(agent.config().isAutoRead()).isTrue();
  }

  @Test
  void closeOfOneSideComesToTheOtherBehindItsData() {
    receive(agent, data("last"), close(4001, "done"));
    assertThat(sent(client)).isEqualTo("last|close 4001 done");
    assertThat(agent.isOpen()).isTrue();
  }

  @Test
  void closeIsAnsweredBehindWhatTheOtherSideStillSays() {
    receive(agent, close(4001, "done"));
    receive(client, data("and this"), close(1000, "ok"));
    assertThat(sent(agent)).isEqualTo("and this|close 4001 done");
    assertThat(agent.isOpen()).isFalse();
    assertThat(client.isOpen()).isFalse();
  }

  @Test
  void sideThatDoesNotAnswerACloseIsClosedAtTheLimit() {
    receive(agent, close(1000, ""));
    client.advanceTimeBy(CLOSE_LIMIT.toNanos() - 1, TimeUnit.NANOSECONDS);
    client.runScheduledPendingTasks();
    assertThat(client.isOpen()).isTrue();
    client.advanceTimeBy(1, TimeUnit.NANOSECONDS);
    client.runScheduledPendingTasks();
    run();
    assertThat(client.isOpen()).isFalse();
    assertThat(sent(agent)).isEqualTo("close 1000 ");
    assertThat(agent.isOpen()).isFalse();
  }

  @Test
  void closeWithoutACodeStaysOne() {
    receive(agent, Frames.close(new byte[0]));
    assertThat(sent(client)).isEqualTo("close -1 ");
  }

  @Test
  void brokenConnectionIsToldToTheOtherSide() {
    agent.close();
    run();
    assertThat(sent(client)).isEqualTo("close 1001 the agent's connection broke");
  }

  @Test
  void sideThatClosedAndBrokeLeavesItsOwnReason() {
    receive(agent, close(4001, "done"));
    agent.close();
    run();
    assertThat(sent(client)).isEqualTo("close 4001 done");
  }

  @Test
  void closesThatCrossEndBothSides() {
    agent.writeInbound(Unpooled.copiedBuffer(close(4001, "a")));
    client.writeInbound(Unpooled.copiedBuffer(close(4002, "c")));
    run();
    assertThat(sent(agent)).startsWith("close 400").hasSize("close 4001 a".length());
    assertThat(sent(client)).startsWith("close 400").hasSize("close 4001 a".length());
    assertThat(agent.isOpen()).isFalse();
    assertThat(client.isOpen()).isFalse();
  }

  @Test
  void dataThatComesWhenBothWereToldToCloseIsDropped() {
    agent.pipeline().fireUserEventTriggered(Shutdown.END_BRIDGES);
    client.pipeline().fireUserEventTriggered(Shutdown.END_BRIDGES);
    receive(agent, data("late"));
    assertThat(sent(client)).isEqualTo("close 1001 this relay is shutting down");
    assertThat(sent(agent)).isEqualTo("close 1001 this relay is shutting down");
  }

  private void drain() {
    agent.pipeline().fireUserEventTriggered(Shutdown.DRAIN);
    client.pipeline().fireUserEventTriggered(Shutdown.DRAIN);
    run();
  }

  @Test
  void peerThatSpeaksConvergeIsToldOfTheDrainBehindItsDataAndGetsTheRest() {
    receive(agent, data("before"));
    drain();
    receive(agent, data("after"));
    assertThat(sent(client)).isEqualTo("before|{\"type\":\"drain\"}|after|");
    assertThat(sent(agent)).as("it speaks no subprotocol").isEmpty();
    assertThat(client.isOpen()).isTrue();
  }

  @Test
  void peerThatWasToldToCloseHearsOfNoDrain() {
    receive(agent, close(4001, "done"));
    drain();
    assertThat(sent(client)).isEqualTo("close 4001 done");
  }

  private void pass(Duration time) {
    client.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
    agent.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
    client.runScheduledPendingTasks();
    agent.runScheduledPendingTasks();
    run();
  }

  @Test
  void bridgeThatLastsTooLongIsEndedOnBothSides() {
    pass(LONGEST.minusNanos(1));
    assertThat(sent(client)).isEmpty();
    pass(Duration.ofNanos(1));
    assertThat(sent(client)).isEqualTo("close 1008 a session lasts 1h30m at this relay");
    assertThat(sent(agent)).isEqualTo("close 1008 a session lasts 1h30m at this relay");
    assertThat(metrics.read()).containsEntry(EXPIRED, 1L);
    receive(agent, data("last"), close(1008, ""));
    assertThat(agent.isOpen()).isFalse();
  }

  @Test
  void sideThatTakesNothingIsCutOffWhenTheBridgeHasLastedTooLong() {
    agent
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void flush(ChannelHandlerContext ctx) {}
            });
    pass(LONGEST);
    pass(CLOSE_LIMIT.multipliedBy(2).minusNanos(1));
    assertThat(agent.isOpen()).isTrue();
    pass(Duration.ofNanos(1));
    assertThat(agent.isOpen()).isFalse();
  }

  @Test
  void sideWhosePeerIsGoneIsReadToItsEnd() {
    client.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    run();
    client.close();
    run();
    assertThat(agent.config().isAutoRead()).isTrue();
    receive(agent, data("into the void"), close(1000, ""));
    assertThat(agent.isOpen()).isFalse();
  }
}
