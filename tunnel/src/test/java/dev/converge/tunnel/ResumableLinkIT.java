package dev.converge.tunnel;

import static dev.converge.tunnel.LinkFixture.BYE;
import static dev.converge.tunnel.LinkFixture.SHORT;
import static dev.converge.tunnel.LinkFixture.limits;
import static dev.converge.tunnel.LinkFixture.random;
import static dev.converge.tunnel.LinkFixture.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = SEPARATE_THREAD)
final class ResumableLinkIT {
  private final LinkFixture links = new LinkFixture();
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  @BeforeEach
  void pollQuickly() {
    Awaitility.setDefaultPollInterval(Duration.ofMillis(2));
  }

  @Test
  void bytesGoBothWaysAndBothEndsKnowThatItIsOver() throws Exception {
    byte[] bytes = random(3_000_000);
    FakeAgent agent = new FakeAgent(links.limits).echo();
    try (FakeServer server = FakeServer.start(agent)) {
      new StreamBridge(links.open(server), new ByteArrayInputStream(bytes), output).run();

      assertThat(output.toByteArray()).isEqualTo(bytes);
      assertThat(agent.ended()).isEqualTo(CloseReason.normal(""));
      server.await();
      assertThat(agent.finished()).isTrue();
      assertThat(agent.lastClose()).isEqualTo(CloseReason.normal(""));
      assertThat(agent.paths()).isEqualTo(1);
      assertThat(links.notices.lines()).isEmpty();
    }
  }

  @Test
  void nothingIsLostInTwentyCuts() throws Exception {
    int piece = 300_000;
    byte[] up = random(20 * piece);
    byte[] down = random(20 * piece + 20);
    FakeAgent agent = new FakeAgent(links.limits);
    try (FakeServer server = FakeServer.start(agent)) {
      PipedOutputStream input = new PipedOutputStream();
      CompletableFuture<Void> run =
          run(links.open(server), new PipedInputStream(input, 1 << 16), output);
      for (int i = 0; i < 20; i++) {
        int path = i + 1;
        await().until(() -> agent.paths() == path);
        agent.say(Arrays.copyOfRange(down, i * (piece + 1), (i + 1) * (piece + 1)));
        input.write(up, i * piece, piece);
        agent.cut();
      }
      // A client whose agent has ended throws away what it has not sent.
      await().until(() -> agent.heardSoFar() == up.length);
      agent.end(BYE);
      input.close();
      run.get(20, TimeUnit.SECONDS);

      assertThat(output.toByteArray()).isEqualTo(down);
      assertThat(agent.heard()).isEqualTo(up);
      assertThat(links.notices.lines())
          .hasSizeBetween(2, 40) // fewer if the agent's answer was cut off, too
          .allMatch(line -> line.matches("connection lost \\(.+\\); .*|reconnected after 1 s"));
    }
  }

  @Test
  void pathThatIsCutBeforeTheAgentHasAnsweredIsReplaced() throws Exception {
    FakeAgent agent = new FakeAgent(links.limits).echo();
    AtomicInteger count = new AtomicInteger();
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgradeTo(Protocol.SUBPROTOCOL);
              if (count.getAndIncrement() == 0) {
                assertThat(FakeAgent.hello(peer).kind()).isEqualTo(Hello.Kind.OPEN);
                peer.reset();
              } else {
                agent.carry(peer);
              }
            })) {
      new StreamBridge(links.open(server), new ByteArrayInputStream(random(10)), output).run();

      assertThat(output.toByteArray()).isEqualTo(random(10));
      server.await();
    }
  }

  @Test
  void whatIsOnlyReceivedIsAcknowledgedInTime() throws Exception {
    byte[] down = random(4_000_000); // four times what the agent can keep
    FakeAgent agent = new FakeAgent(links.limits).say(down).end(BYE);
    try (FakeServer server = FakeServer.start(agent)) {
      run(links.open(server), LinkFixture.open(), output).get(10, TimeUnit.SECONDS);

      assertThat(output.toByteArray()).isEqualTo(down);
    }
  }

  @Test
  void fullDirectionsDoNotWaitForEachOtherAndWhoDoesNotReadIsHeardOf() throws Exception {
    byte[] up = random(20_000_000);
    byte[] down = random(20_000_001);
    links.limits = limits(32 << 20, Duration.ofSeconds(20));
    FakeAgent agent = new FakeAgent(links.limits).say(down).end(BYE);
    CountDownLatch taken = new CountDownLatch(1);
    OutputStream slow = slow(taken);
    try (FakeServer server = FakeServer.start(agent)) {
      CompletableFuture<Void> run = run(links.open(server), new ByteArrayInputStream(up), slow);
      await().until(() -> agent.ended() != null);
      int said = agent.messages();
      await().until(() -> agent.messages() > said + 2);
      taken.countDown();
      run.get(20, TimeUnit.SECONDS);

      assertThat(output.toByteArray()).isEqualTo(down);
      assertThat(agent.heard()).isEqualTo(up);
      assertThat(agent.paths()).isEqualTo(1);
    }
  }

  /** An output that takes nothing until the latch is open. */
  private OutputStream slow(CountDownLatch taken) {
    return new OutputStream() {
      @Override
      public void write(int octet) {
        throw new AssertionError();
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        waitFor(taken);
        output.write(bytes, offset, length);
      }
    };
  }

  private static void waitFor(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void writerThatIsStuckInADeadSocketGoesOnWithTheNext() throws Exception {
    byte[] up = random(24_000_000);
    links.limits = limits(32 << 20, SHORT);
    FakeAgent agent = new FakeAgent(links.limits).end(BYE);
    CountDownLatch thaw = new CountDownLatch(1);
    AtomicInteger count = new AtomicInteger();
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgradeTo(Protocol.SUBPROTOCOL);
              if (count.getAndIncrement() == 0) {
                agent.greetAndFreeze(peer, thaw);
              } else {
                agent.carry(peer);
              }
            })) {
      Link link = links.open(server);
      CompletableFuture<Void> run = run(link, LinkFixture.open(), output);
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(
              () -> {
                try {
                  link.send(up, 0, up.length);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      sent.get(10, TimeUnit.SECONDS);
      await().until(() -> agent.heardSoFar() == up.length);
      run.get(10, TimeUnit.SECONDS);

      assertThat(agent.heard()).isEqualTo(up);
      assertThat(agent.paths()).isGreaterThan(1);
      assertThat(links.notices.lines().peek())
          .isEqualTo("connection lost (nothing is heard any more); reconnecting for up to 20 s");
      thaw.countDown();
      server.await();
    }
  }

  @Test
  void pathThatTheStreamWatchesIsNotPinged() throws Exception {
    links.ping = Duration.ofMillis(200); // and silent after thrice as long, without a word
    FakeAgent agent = new FakeAgent(links.limits).echo();
    try (FakeServer server = FakeServer.start(agent)) {
      Link link = links.open(server);
      CompletableFuture<Void> run = run(link, LinkFixture.open(), output);
      await().until(() -> agent.paths() == 1);
      await().pollDelay(Duration.ofMillis(400)).until(() -> true);
      link.close(BYE);
      run.get(10, TimeUnit.SECONDS);

      assertThat(agent.pings()).isZero();
    }
  }

  @Test
  void drainMovesTheSessionAtOnce() throws Exception {
    links.pause = Duration.ofSeconds(30);
    FakeAgent agent = new FakeAgent(links.limits).echo();
    try (FakeServer server = FakeServer.start(agent)) {
      PipedOutputStream input = new PipedOutputStream();
      CompletableFuture<Void> run =
          run(links.open(server), new PipedInputStream(input, 1 << 16), output);
      input.write(random(1000));
      await().until(() -> agent.heardSoFar() == 1000);
      agent.path().send(0x81, "{\"type\": \"drain\"}".getBytes(UTF_8));
      await().until(() -> agent.paths() == 2);
      await().until(() -> agent.lastClose() != null && agent.lastClose().code() == 1001);
      input.write(random(1000));
      input.close();
      run.get(10, TimeUnit.SECONDS);

      assertThat(output.size()).isEqualTo(2000);
      assertThat(links.notices.lines())
          .containsExactly(
              "connection lost (the relay is shutting down); reconnecting for up to 20 s",
              "reconnected after 1 s");
      server.await();
    }
  }

  @Test
  void drainIsNothingToAPlainConnection() throws Exception {
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade().send(0x81, "{\"type\":\"drain\"}".getBytes(UTF_8));
              peer.binary(new byte[5]).closeFrame(1000, "").receiveClose();
            })) {
      new StreamBridge(links.open(server), LinkFixture.open(), output).run();

      assertThat(output.size()).isEqualTo(5);
      server.await();
    }
  }

  @Test
  void agentOfAnotherVersionIsServedPlainlyWithAWarning() throws Exception {
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgradeTo(Protocol.SUBPROTOCOL);
              FakeAgent.hello(peer);
              ByteArrayOutputStream answer = new ByteArrayOutputStream();
              answer.writeBytes(Hello.plain().bytes());
              answer.writeBytes("SSH".getBytes(UTF_8));
              peer.binary(answer.toByteArray());
              assertThat(peer.receiveBinary(100_000)).isEqualTo(random(100_000));
              assertThat(peer.receiveClose()).isEqualTo(CloseReason.normal(""));
              peer.binary("-2.0".getBytes(UTF_8)).closeFrame(1000, "");
            })) {
      new StreamBridge(links.open(server), new ByteArrayInputStream(random(100_000)), output).run();

      assertThat(output).hasToString("SSH-2.0");
      assertThat(links.notices.lines())
          .containsExactly(
              "warning: the agent does not speak this version of resumable streams;"
                  + " a lost connection will end the session");
      server.await();
    }
  }

  @Test
  void endThatCameBeforeItWasKnownToBePlainIsTold() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgradeTo(Protocol.SUBPROTOCOL);
              FakeAgent.hello(peer);
              closed.await();
              peer.binary(Hello.plain().bytes());
              assertThat(peer.receiveClose()).isEqualTo(BYE);
              peer.closeFrame(1000, "");
            })) {
      Link link = links.open(server);
      link.close(BYE);
      closed.countDown();
      while (link.receive(output::write)) {}

      server.await();
    }
  }

  @Test
  void inputThatEndsDuringAnOutageIsDelivered() throws Exception {
    FakeAgent agent = new FakeAgent(links.limits).echo();
    CountDownLatch again = new CountDownLatch(1);
    AtomicInteger count = new AtomicInteger();
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              if (count.getAndIncrement() > 0) {
                again.await();
              }
              agent.run(peer);
            })) {
      PipedOutputStream input = new PipedOutputStream();
      CompletableFuture<Void> run = run(links.open(server), new PipedInputStream(input), output);
      await().until(() -> agent.paths() == 1);
      agent.cut();
      await().until(() -> links.notices.lines().size() == 1);
      input.write(random(100));
      input.close();
      again.countDown();
      run.get(10, TimeUnit.SECONDS);

      assertThat(output.toByteArray()).isEqualTo(random(100));
      server.await();
    }
  }

  @Test
  void pathIsReplacedWhileNobodyTakesWhatArrives() throws Exception {
    byte[] down = random(3_000_000); // more than the agent keeps: it waits, too
    CountDownLatch taken = new CountDownLatch(1);
    FakeAgent agent = new FakeAgent(links.limits).say(down).end(BYE);
    try (FakeServer server = FakeServer.start(agent)) {
      CompletableFuture<Void> run = run(links.open(server), LinkFixture.open(), slow(taken));
      for (int i = 1; i <= 3; i++) {
        int path = i;
        await().until(() -> agent.paths() == path && agent.messages() > path);
        agent.cut();
      }
      await().until(() -> agent.paths() == 4);
      assertThat(output.size()).isZero();
      taken.countDown();
      run.get(10, TimeUnit.SECONDS);

      assertThat(output.toByteArray()).isEqualTo(down);
      assertThat(links.notices.lines()).hasSize(6).last().isEqualTo("reconnected after 1 s");
    }
  }

  @Test
  void pathThatIsMadeWhileNobodyTakesWhatArrivesIsKept() throws Exception {
    links.limits = limits(1 << 20, SHORT); // the agent waits no longer for a sign of life
    CountDownLatch taken = new CountDownLatch(1);
    FakeAgent agent = new FakeAgent(links.limits).say(random(3_000_000)).end(BYE);
    try (FakeServer server = FakeServer.start(agent)) {
      CompletableFuture<Void> run = run(links.open(server), LinkFixture.open(), slow(taken));
      await().until(() -> agent.messages() > 1);
      agent.cut();
      await().until(() -> agent.paths() == 2);
      int said = agent.messages();
      await().until(() -> agent.messages() > said + 8);
      taken.countDown();
      run.get(10, TimeUnit.SECONDS);

      assertThat(output.toByteArray()).isEqualTo(random(3_000_000));
      assertThat(agent.paths()).isEqualTo(2);
    }
  }

  @Test
  void whatComesInOneMessageWithTheAnswerIsDelivered() throws Exception {
    links.close = SHORT; // this agent does not say that it has our end
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgradeTo(Protocol.SUBPROTOCOL);
              Hello hello = FakeAgent.hello(peer);
              ResumableStream agent =
                  ResumableStream.agent(hello.id(), links.limits, ReplayBudget.unlimited());
              agent.pathOpened(hello, System.nanoTime());
              agent.write(random(1000), 0, 1000);
              agent.end(BYE);
              peer.binary(all(agent)).receiveClose();
            })) {
      run(links.open(server), LinkFixture.open(), output).get(10, TimeUnit.SECONDS);

      assertThat(output.toByteArray()).isEqualTo(random(1000));
    }
  }

  private static byte[] all(ResumableStream agent) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Segment next = agent.poll(0); next != null; next = agent.poll(0)) {
      bytes.writeBytes(next.head());
      bytes.write(next.body(), next.offset(), next.length());
    }
    return bytes.toByteArray();
  }
}
