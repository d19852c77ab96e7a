package dev.converge.agent;

import static dev.converge.agent.FakeRelay.BINARY;
import static dev.converge.agent.FakeRelay.CLOSE;
import static dev.converge.agent.FakeRelay.FIN;
import static dev.converge.agent.FakeRelay.TEXT;
import static dev.converge.agent.FakeRelay.frame;
import static dev.converge.agent.ResumingClient.paired;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.converge.agent.FakeRelay.Connection;
import dev.converge.agent.FakeRelay.Frame;
import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.StreamLimits;
import dev.converge.tunnel.StreamRefused;
import io.netty.util.test.LeakPresenceExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Streams that outlive their connections; each session says hello and then all that it hears. */
@Timeout(60)
@ExtendWith(LeakPresenceExtension.class)
final class RelayLinkResumeIT {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final int ID_AT = 8;

  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
  private FakeRelay relay;

  @BeforeEach
  void start() throws IOException {
    relay = new FakeRelay();
  }

  @AfterEach
  void stop() throws IOException {
    relay.close();
  }

  @Test
  void streamGoesOnOverTheNextConnection() throws Exception {
    try (var agent = new StreamsFixture(relay);
        var client = new ResumingClient(heard)) {
      client.connect(relay.slot(), "a:1");
      client.write(bytes("one "));
      awaitHeard("hello one ");
      client.cut();
      client.write(bytes("two "));
      client.connect(relay.slot(), "a:2");
      awaitHeard("hello one two ");
      assertThat(agent.gone).hasValue(0);

      client.end();

      await().until(client::isFinished);
      assertThat(client.ended.get().isNormal()).isTrue();
      assertThat(agent.sessions()).isEqualTo(1);
      await().until(() -> agent.gone.get() == 1 && agent.closed() == 1);
    }
  }

  @Test
  void noByteIsLostDoubledOrMovedByManyCuts() throws Exception {
    byte[] all = new byte[4 << 20];
    Random random = new Random(1);
    random.nextBytes(all);
    try (var agent = new StreamsFixture(relay);
        var client = new ResumingClient(heard)) {
      client.connect(relay.slot(), "a:1");
      Thread writer = new Thread(() -> write(client, all));
      writer.start();
      for (int cut = 1; cut <= 20; cut++) {
        int enough = all.length / 25 * cut;
        await().pollInterval(Duration.ofMillis(1)).until(() -> count() > enough);
        client.cut();
        client.connect(relay.slot(), "a:" + cut);
      }
      await().until(() -> count() == all.length + 6);

      assertThat(client.resumed()).isBetween(10, 20);
      assertThat(Arrays.copyOfRange(heard(), 6, all.length + 6)).isEqualTo(all);
      assertThat(agent.sessions()).isEqualTo(1);
      writer.join();
    }
  }

  private static void write(ResumingClient client, byte[] bytes) {
    try {
      client.write(bytes);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void newestConnectionWinsThoughTheOlderLooksAlive() throws Exception {
    try (var agent = new StreamsFixture(relay);
        var client = new ResumingClient(heard)) {
      Connection older = relay.slot();
      client.connect(older, "a:1");
      awaitHeard("hello ");
      client.leave();
      client.connect(relay.slot(), "a:2");
      client.write(bytes("two"));

      awaitHeard("hello two");
      assertThat(client.closeOf(older).payload()).endsWith("the session goes on elsewhere");
      assertThat(agent.sessions()).isEqualTo(1);
    }
  }

  @Test
  void ofTwoConnectionsAtTheSameMomentOneGoesOn() throws Exception {
    try (var agent = new StreamsFixture(relay);
        var client = new ResumingClient(heard)) {
      client.connect(relay.slot(), "a:1");
      awaitHeard("hello ");
      for (int i = 0; i < 5; i++) {
        client.leave();
        byte[] hello = client.hello();
        Connection one = relay.slot();
        Connection other = relay.slot();
        one.write(paired("a:2"));
        other.write(paired("a:3"));
        one.write(frame(FIN | BINARY, hello));
        other.write(frame(FIN | BINARY, hello));
        var loser = CompletableFuture.anyOf(closing(one), closing(other)).get(10, TimeUnit.SECONDS);
        Connection winner = loser == one ? other : one;
        winner.socket.close();
      }
      client.connect(relay.slot(), "a:4");
      client.write(bytes("still here"));

      awaitHeard("hello still here");
      assertThat(agent.sessions()).isEqualTo(1);
    }
  }

  /** Completes when the agent closes a connection in favour of a newer one. */
  private static CompletableFuture<Connection> closing(Connection slot) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            assertThat(closeOf(slot).payload()).endsWith("the session goes on elsewhere");
            return slot;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Test
  void whoDoesNotKnowTheWholeIdIsRefused() throws Exception {
    try (var agent = new StreamsFixture(relay);
        var client = new ResumingClient(heard)) {
      client.connect(relay.slot(), "a:1");
      awaitHeard("hello ");
      client.cut();
      byte[] guess = client.hello();
      for (int bit : new int[] {0, 31, 64, 127}) {
        byte[] wrong = guess.clone();
        wrong[ID_AT + bit / 8] ^= (byte) (1 << bit % 8);
        Connection slot = relay.slot();
        slot.write(paired("b:1"), frame(FIN | BINARY, wrong));
        assertThat(slot.read().payload())
            .startsWith("\u00ceCVG\1\4")
            .endsWith(
                "the agent does not know this session (it was over, or the agent is another one)");
        assertThat(slot.read().closeCode()).isEqualTo(CloseReason.NORMAL);
      }
      assertThat(agent.sessions()).isEqualTo(1);
    }
  }

  @Test
  void clientThatDoesNotComeBackInTimeIsGone() throws Exception {
    try (var agent = new StreamsFixture(relay, Duration.ofMillis(200), LONG, ResumingClient.QUICK);
        var client = new ResumingClient(heard)) {
      client.connect(relay.slot(), "a:1");
      awaitHeard("hello ");
      client.cut();
      await().until(() -> agent.closed() == 1 && agent.gone.get() == 1);

      client.connect(relay.slot(), "a:2");

      assertThat(client.failed.get(10, TimeUnit.SECONDS))
          .isInstanceOf(StreamRefused.class)
          .hasMessageContaining("does not know this session");
    }
  }

  @Test
  void windowOfZeroEndsTheSessionAtOnce() throws Exception {
    try (var agent = new StreamsFixture(relay, Duration.ZERO, LONG, ResumingClient.QUICK);
        var client = new ResumingClient(heard)) {
      client.connect(relay.slot(), "a:1");
      awaitHeard("hello ");
      client.cut();

      await().until(() -> agent.closed() == 1 && agent.gone.get() == 1);
    }
  }

  @Test
  void clientThatIsBackIsNotHeldToTheWindow() throws Exception {
    Duration window = Duration.ofMillis(300);
    try (var agent = new StreamsFixture(relay, window, LONG, ResumingClient.QUICK);
        var client = new ResumingClient(heard)) {
      client.connect(relay.slot(), "a:1");
      awaitHeard("hello ");
      Connection next = relay.slot();
      client.cut();
      client.connect(next, "a:2");

      await().during(window.multipliedBy(2)).until(() -> agent.gone.get() == 0);
      assertThat(client.resumed()).isEqualTo(1);
    }
  }

  @Test
  void clientWithoutTheSubprotocolIsGreetedAtOnce() throws Exception {
    try (var agent = new StreamsFixture(relay)) {
      Connection slot = relay.slot();
      slot.write(FakeRelay.paired("a:1"));

      assertThat(slot.read().payload()).isEqualTo("hello ");
      assertThat(agent.plain).hasValue(1);
    }
  }

  @Test
  void clientThatBeginsWithSomethingElseIsPlain() throws Exception {
    try (var agent = new StreamsFixture(relay)) {
      Connection slot = relay.slot();
      slot.write(paired("a:1"));
      assertThatNothingComes(slot);
      slot.write(frame(FIN | BINARY, "SSH-2.0-x"), frame(FIN | BINARY, " more"));

      awaitPlain(slot, "hello SSH-2.0-x more");
      assertThat(agent.came).hasValue(0);
    }
  }

  @Test
  void otherVersionGoesOnPlainly() throws Exception {
    try (var agent = new StreamsFixture(relay)) {
      Connection slot = relay.slot();
      byte[] hello = {(byte) 0xce, 'C', 'V', 'G', 9, 77, 0, 3, 1, 2, 3, 'S', 'S', 'H'};
      slot.write(paired("a:1"));
      for (byte b : hello) {
        slot.write(frame(FIN | BINARY, new byte[] {b}));
      }
      assertThat(slot.read().payload()).isEqualTo("\u00ceCVG\0\0\0\0");

      awaitPlain(slot, "hello SSH");
      assertThat(agent.plain).hasValue(1);
    }
  }

  @Test
  void brokenHelloIsAViolation() throws Exception {
    try (var agent = new StreamsFixture(relay)) {
      for (byte[] hello :
          new byte[][] {
            {(byte) 0xce, 'C', 'X'},
            {(byte) 0xce, 'C', 'V', 'G', 1, 9, 0, 0},
            {(byte) 0xce, 'C', 'V', 'G', 1, 1, 0, 23},
          }) {
        Connection slot = relay.slot();
        slot.write(paired("a:1"), frame(FIN | BINARY, Arrays.copyOf(hello, 40)));
        assertThat(slot.read().closeCode()).isEqualTo(CloseReason.PROTOCOL_ERROR);
      }
      byte[] accept = new byte[32];
      System.arraycopy(new byte[] {(byte) 0xce, 'C', 'V', 'G', 1, 3, 0, 24}, 0, accept, 0, 8);
      Connection slot = relay.slot();
      slot.write(paired("a:1"), frame(FIN | BINARY, accept));
      assertThat(slot.read().closeCode()).isEqualTo(CloseReason.PROTOCOL_ERROR);
      assertThat(agent.sessions()).isZero();
    }
  }

  @Test
  void clientThatSaysNothingIsLetGo() throws Exception {
    try (var agent =
        new StreamsFixture(relay, LONG, Duration.ofMillis(100), ResumingClient.QUICK)) {
      Connection slot = relay.slot();
      slot.write(paired("a:1"), frame(FIN | BINARY, new byte[] {(byte) 0xce, 'C'}));

      Frame close = slot.read();
      assertThat(close.closeCode()).isEqualTo(CloseReason.GOING_AWAY);
      assertThat(agent.sessions()).isZero();
    }
  }

  @Test
  void outputStopsAtAFullBufferAndGoesOnAfterwards() throws Exception {
    int replay = 256 << 10;
    try (var agent = new StreamsFixture(relay, LONG, LONG, keeping(replay));
        var client = new ResumingClient(heard)) {
      client.connect(relay.slot(), "a:1");
      awaitHeard("hello ");
      client.cut();
      StreamSession session = agent.session();
      byte[] chunk = new byte[replay / 8];
      var written = new ArrayList<IoWriteFuture>();
      for (int i = 0; i < 9; i++) {
        written.add(session.writeBuffer(new ByteArrayBuffer(chunk)));
      }
      await().until(() -> written.get(6).isWritten());
      assertThat(written.get(8).awaitUninterruptibly(Duration.ofMillis(100))).isFalse();
      session.close(false);

      client.connect(relay.slot(), "a:2");

      assertThat(client.ended.get(10, TimeUnit.SECONDS).isNormal()).isTrue();
      assertThat(count()).isEqualTo(6 + 9 * chunk.length);
      assertThat(written.get(8).isWritten()).isTrue();
    }
  }

  @Test
  void sessionThatIsCutShortSendsWhatWasTakenAndNoMore() throws Exception {
    int replay = 64 << 10;
    try (var agent = new StreamsFixture(relay, LONG, LONG, keeping(replay));
        var client = new ResumingClient(heard)) {
      client.connect(relay.slot(), "a:1");
      awaitHeard("hello ");
      client.cut();
      StreamSession session = agent.session();
      var written = session.writeBuffer(new ByteArrayBuffer(new byte[2 * replay]));
      session.close(true);
      assertThat(written.awaitUninterruptibly(LONG)).isTrue();
      assertThat(written.getException()).isInstanceOf(ClosedChannelException.class);

      client.connect(relay.slot(), "a:2");

      assertThat(client.ended.get(10, TimeUnit.SECONDS).isNormal()).isTrue();
      assertThat(count()).isBetween(replay, replay + 6);
    }
  }

  private static StreamLimits keeping(int replay) {
    return new StreamLimits(
        replay,
        64 << 10,
        Duration.ofMillis(10),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        LONG,
        LONG);
  }

  @Test
  void sessionThatDoesNotReadStopsTheClient() throws Exception {
    clientIsHeldUpWhile(StreamSession::suspendRead, StreamSession::resumeRead);
  }

  @Test
  void sessionThatIsBusyStopsTheClient() throws Exception {
    var idle = new CountDownLatch(1);
    clientIsHeldUpWhile(
        session -> session.execute(() -> await().until(() -> idle.getCount() == 0)),
        session -> idle.countDown());
  }

  private void clientIsHeldUpWhile(Consumer<StreamSession> stop, Consumer<StreamSession> goOn)
      throws Exception {
    byte[] all = new byte[8 << 20];
    try (var agent = new StreamsFixture(relay);
        var client = new ResumingClient(heard)) {
      client.connect(relay.slot(), "a:1");
      awaitHeard("hello ");
      StreamSession session = agent.session();
      stop.accept(session);
      Thread writer = new Thread(() -> write(client, all));
      writer.start();
      await().during(Duration.ofMillis(300)).until(() -> client.said() < 2 << 20);

      goOn.accept(session);

      await().atMost(Duration.ofSeconds(30)).until(() -> count() == all.length + 6);
      writer.join();
    }
  }

  @Test
  void drainedConnectionIsLeftAtOnce() throws Exception {
    try (var agent = new StreamsFixture(relay);
        var client = new ResumingClient(heard)) {
      Connection slot = relay.slot();
      client.connect(slot, "a:1");
      awaitHeard("hello ");
      slot.write(frame(FIN | TEXT, "{\"type\":\"drain\"}"));
      assertThat(client.closeOf(slot).closeCode()).isEqualTo(CloseReason.GOING_AWAY);
      await().until(() -> !client.isConnected());

      client.write(bytes("on"));
      client.connect(relay.slot(), "a:2");

      awaitHeard("hello on");
      assertThat(agent.sessions()).isEqualTo(1);
    }
  }

  @Test
  void connectionOnWhichNothingWasSaidIsDrainedToo() throws Exception {
    try (var agent = new StreamsFixture(relay)) {
      Connection slot = relay.slot();
      slot.write(paired("a:1"), frame(FIN | TEXT, "{\"type\":\"drain\"}"));

      assertThat(slot.read().closeCode()).isEqualTo(CloseReason.GOING_AWAY);
      assertThat(agent.sessions()).isZero();
    }
  }

  @Test
  void plainConnectionIsNotDrained() throws Exception {
    try (var agent = new StreamsFixture(relay)) {
      Connection slot = relay.slot();
      slot.write(FakeRelay.paired("a:1"), frame(FIN | TEXT, "{\"type\":\"drain\"}"));
      slot.write(frame(FIN | BINARY, "on"));

      awaitPlain(slot, "hello on");
      assertThat(agent.closed()).isZero();
    }
  }

  @Test
  void violationEndsTheSession() throws Exception {
    try (var agent = new StreamsFixture(relay);
        var client = new ResumingClient(heard)) {
      Connection slot = relay.slot();
      client.connect(slot, "a:1");
      awaitHeard("hello ");
      slot.write(frame(FIN | BINARY, new byte[] {9, 0, 0, 0}));

      assertThat(client.closeOf(slot).closeCode()).isEqualTo(CloseReason.PROTOCOL_ERROR);
      await().until(() -> !client.isConnected());
      await().until(() -> agent.closed() == 1 && agent.gone.get() == 1);
      client.connect(relay.slot(), "a:2");
      assertThat(client.failed.get(10, TimeUnit.SECONDS)).isInstanceOf(StreamRefused.class);
    }
  }

  @Test
  void positionThatWasNeverSentIsRefused() throws Exception {
    try (var agent = new StreamsFixture(relay);
        var client = new ResumingClient(heard)) {
      client.connect(relay.slot(), "a:1");
      awaitHeard("hello ");
      client.cut();
      byte[] hello = client.hello();
      hello[hello.length - 2] = 1;
      Connection slot = relay.slot();
      slot.write(paired("a:2"), frame(FIN | BINARY, hello));

      assertThat(slot.read().payload()).startsWith("\u00ceCVG\1\4").contains("resumed at 26");
      assertThat(slot.read().closeCode()).isEqualTo(CloseReason.PROTOCOL_ERROR);
      await().until(() -> agent.closed() == 1);
    }
  }

  @Test
  void silentConnectionIsLeftWithoutAWord() throws Exception {
    var limits =
        new StreamLimits(
            1 << 20,
            64 << 10,
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            Duration.ofMillis(300),
            Duration.ofMillis(300));
    try (var agent = new StreamsFixture(relay, LONG, LONG, limits);
        var client = new ResumingClient(heard)) {
      Connection slot = relay.slot();
      slot.write(paired("a:1"), frame(FIN | BINARY, client.hello()));
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(
              () -> {
                for (int i = 0; i < 20; i++) {
                  assertThat(slot.read().opcode()).isEqualTo(BINARY);
                }
              });
      assertThat(agent.gone).hasValue(0);
      client.leave();
      client.connect(relay.slot(), "a:2");

      awaitHeard("hello ");
    }
  }

  @Test
  void endOfTheSessionComesBehindItsLastBytes() throws Exception {
    try (var agent = new StreamsFixture(relay);
        var client = new ResumingClient(heard)) {
      client.connect(relay.slot(), "a:1");
      awaitHeard("hello ");
      client.cut();
      StreamSession session = agent.session();
      session.writeBuffer(new ByteArrayBuffer(bytes("bye")));
      session.close(false);
      Connection last = relay.slot();
      client.connect(last, "a:2");

      assertThat(client.ended.get(10, TimeUnit.SECONDS).code()).isEqualTo(CloseReason.NORMAL);
      assertThat(text()).isEqualTo("hello bye");
      assertThat(client.closeOf(last).closeCode()).isEqualTo(CloseReason.NORMAL);
      assertThat(client.isFinished()).isTrue();
      assertThat(agent.gone).hasValue(1);
    }
  }

  @Test
  void clientThatMissedTheLastAckIsToldAgain() throws Exception {
    try (var agent = new StreamsFixture(relay);
        var client = new ResumingClient(heard)) {
      client.connect(relay.slot(), "a:1");
      awaitHeard("hello ");
      client.deafenAtEnd();
      agent.session().close(false);
      await().until(() -> agent.gone.get() == 1 && !client.isConnected());
      assertThat(client.isFinished()).isFalse();
      client.cut();

      client.listen();
      client.connect(relay.slot(), "a:2");

      await().until(client::isFinished);
      assertThat(client.failed).isNotDone();
    }
  }

  @Test
  void endOfTheAgentIsToldToThoseWhoAreThereAndNotWaitedForByOthers() throws Exception {
    try (var agent = new StreamsFixture(relay);
        var away = new ResumingClient(new ByteArrayOutputStream());
        var client = new ResumingClient(heard)) {
      Connection drained = relay.slot();
      away.connect(drained, "a:1");
      agent.session();
      client.connect(relay.slot(), "b:1");
      StreamSession session = agent.session();
      awaitHeard("hello ");
      drained.write(frame(FIN | TEXT, "{\"type\":\"drain\"}"));
      away.closeOf(drained);

      var told = agent.streams.close();
      session.writeBuffer(new ByteArrayBuffer(bytes("farewell")));
      session.close(false);

      told.get(2, TimeUnit.SECONDS);
      awaitHeard("hello farewell");
      assertThat(client.ended.get(10, TimeUnit.SECONDS).isNormal()).isTrue();
      assertThat(agent.gone).hasValue(2);
    }
  }

  @Test
  void logTellsOfLossAndReturnAndOfAllBytesAtTheEndButNotTheId() throws Exception {
    PrintStream stderr = System.err;
    var log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try (var agent = new StreamsFixture(relay);
        var client = new ResumingClient(heard)) {
      client.connect(relay.slot(), "a:1");
      client.write(bytes("one "));
      awaitHeard("hello one ");
      client.cut();
      await().until(() -> log.toString(StandardCharsets.UTF_8).contains("lost its connection"));
      client.connect(relay.slot(), "a:2");
      client.write(bytes("two"));
      awaitHeard("hello one two");
      client.end();
      await().until(() -> agent.gone.get() == 1);
      assertThat(log.toString(StandardCharsets.UTF_8))
          .doesNotContain(HexFormat.of().toHexDigits(client.id.low()));
    } finally {
      System.setErr(stderr);
    }
    assertThat(
            log.toString(StandardCharsets.UTF_8).lines().map(line -> line.replaceAll(".*id: ", "")))
        .containsExactly(
            "client a:1 lost its connection (connection lost); it may come back for 10 seconds",
            "client a:1 is back after 0 seconds (from a:2)",
            "client a:1 has gone after 0 seconds: closed by the other side: 1000 bye; 7 bytes in,"
                + " 13 bytes out");
  }

  private byte[] heard() {
    return heard.toByteArray();
  }

  private int count() {
    return heard.size();
  }

  private String text() {
    return heard.toString(StandardCharsets.ISO_8859_1);
  }

  private void awaitHeard(String expected) {
    await().untilAsserted(() -> assertThat(text()).isEqualTo(expected));
  }

  private static void awaitPlain(Connection slot, String expected) throws IOException {
    StringBuilder all = new StringBuilder();
    while (all.length() < expected.length()) {
      all.append(slot.read().payload());
    }
    assertThat(all).hasToString(expected);
  }

  private static void assertThatNothingComes(Connection slot) throws IOException {
    slot.socket.setSoTimeout(100);
    assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(slot::read);
    slot.socket.setSoTimeout(10_000);
  }

  private static Frame closeOf(Connection slot) throws IOException {
    Frame frame = slot.read();
    while (frame.opcode() != CLOSE) {
      frame = slot.read();
    }
    return frame;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
