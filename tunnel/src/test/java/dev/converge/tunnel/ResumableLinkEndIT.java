package dev.converge.tunnel;

import static dev.converge.tunnel.LinkFixture.BYE;
import static dev.converge.tunnel.LinkFixture.limits;
import static dev.converge.tunnel.LinkFixture.open;
import static dev.converge.tunnel.LinkFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 30, threadMode = SEPARATE_THREAD)
final class ResumableLinkEndIT {
  private final LinkFixture links = new LinkFixture();
  private final OutputStream output = OutputStream.nullOutputStream();
  private final CountDownLatch over = new CountDownLatch(1);

  /** First a path of an agent that is cut, then what the script does. */
  private FakeServer afterACut(FakeServer.Script script) {
    AtomicInteger count = new AtomicInteger();
    FakeAgent agent = new FakeAgent(links.limits);
    return FakeServer.start(
        peer -> {
          if (count.getAndIncrement() == 0) {
            peer.upgradeTo(Protocol.SUBPROTOCOL);
            agent.say(new byte[1]).greetAndFreeze(peer, new CountDownLatch(0));
          } else {
            script.run(peer);
          }
        });
  }

  private ThrowingCallable running(FakeServer server) throws IOException {
    StreamBridge bridge = new StreamBridge(links.open(server), open(), output);
    return bridge::run;
  }

  @Test
  void windowThatIsOverEndsItWithTheLastFailure() throws IOException {
    links.window = Duration.ofMillis(100);
    String answer = "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\nno agent\n";
    try (FakeServer server =
        afterACut(
            peer -> {
              peer.request();
              peer.raw(Peer.ascii(answer));
            })) {
      assertThatIOException()
          .isThrownBy(running(server))
          .withMessage("the session was not resumed within 0 s: no agent");
    }
  }

  @Test
  void windowEndsThoughAnAttemptStillRuns() throws IOException {
    links.window = Duration.ofMillis(100);
    try (FakeServer server = afterACut(peer -> over.await())) {
      assertThatIOException()
          .isThrownBy(running(server))
          .withMessage(
              "the session was not resumed within 0 s: the connection ended without a close");
      over.countDown();
    }
  }

  @Test
  void pathsOfNoUseAreNotReplacedInARush() throws IOException {
    links.window = Duration.ofMillis(200);
    links.pause = Duration.ofSeconds(20);
    FakeAgent agent = new FakeAgent(links.limits);
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgradeTo(Protocol.SUBPROTOCOL);
              agent.greetAndFreeze(peer, new CountDownLatch(0));
            })) {
      assertThatIOException()
          .isThrownBy(running(server))
          .withMessageStartingWith("the session was not resumed within 0 s: the connection ended");
      assertThat(agent.paths()).isEqualTo(2);
    }
  }

  @Test
  void agentThatDoesNotKnowTheSessionEndsIt() throws IOException {
    try (FakeServer server =
        afterACut(
            peer -> {
              peer.upgradeTo(Protocol.SUBPROTOCOL);
              Hello hello = FakeAgent.hello(peer);
              assertThat(hello.kind()).isEqualTo(Hello.Kind.RESUME);
              peer.binary(Hello.refuse(hello.id(), "nobody knows it").bytes()).receiveClose();
            })) {
      assertThatIOException()
          .isThrownBy(running(server))
          .withMessage("the session cannot be resumed: nobody knows it");
      server.await();
    }
  }

  @Test
  void agentThatTakesNoSessionSaysSo() throws IOException {
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgradeTo(Protocol.SUBPROTOCOL);
              Hello hello = FakeAgent.hello(peer);
              peer.binary(Hello.refuse(hello.id(), "full").bytes()).receiveClose();
            })) {
      assertThatIOException().isThrownBy(running(server)).withMessage("the agent refuses: full");
      assertThat(links.notices.lines()).isEmpty();
      server.await();
    }
  }

  @Test
  void violationEndsItAndIsTold() throws IOException {
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgradeTo(Protocol.SUBPROTOCOL).binary(new byte[] {'S', 'S', 'H'});
              assertThat(peer.receiveClose().code()).isEqualTo(1002);
            })) {
      assertThatIOException()
          .isThrownBy(running(server))
          .withMessage("the session ended early: 1002 no hello of a resumable stream");
      server.await();
    }
  }

  @Test
  void limitOfTheRelayEndsIt() throws IOException {
    try (FakeServer server =
        afterACut(
            peer -> {
              peer.upgradeTo(Protocol.SUBPROTOCOL).closeFrame(1008, "8 h are over").receiveClose();
            })) {
      assertThatIOException()
          .isThrownBy(running(server))
          .withMessage("the session ended early: 1008 8 h are over");
    }
  }

  @Test
  void endOfTheAgentEndsItAtOnceAndTheAgentKnows() throws Exception {
    FakeAgent agent = new FakeAgent(links.limits).end(BYE);
    try (FakeServer server = FakeServer.start(agent)) {
      Link link = links.open(server);
      run(link, open(), output).get(10, TimeUnit.SECONDS);

      assertThat(link.end()).isEqualTo(BYE);
      assertThatIOException().isThrownBy(() -> link.send(new byte[1], 0, 1));
      server.await();
      assertThat(agent.finished()).isTrue();
    }
  }

  @Test
  void pathThatIsLostBehindTheEndOfTheAgentIsNotReplaced() throws Exception {
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              ResumableStream agent = accept(peer);
              agent.end(BYE);
              say(agent, peer);
              say(agent, peer);
            })) {
      Link link = links.open(server);
      run(link, open(), output).get(10, TimeUnit.SECONDS);

      assertThat(link.end()).isEqualTo(BYE);
      assertThat(links.notices.lines()).isEmpty();
    }
  }

  private ResumableStream accept(Peer peer) throws IOException {
    peer.upgradeTo(Protocol.SUBPROTOCOL);
    Hello hello = FakeAgent.hello(peer);
    ResumableStream agent =
        ResumableStream.agent(hello.id(), links.limits, ReplayBudget.unlimited());
    agent.pathOpened(hello, System.nanoTime());
    return agent;
  }

  private static void say(ResumableStream agent, Peer peer) throws IOException {
    peer.binary(agent.poll(System.nanoTime()).head());
  }

  @Test
  void agentThatHasAllButNeverEndsIsNotWaitedFor() throws Exception {
    links.close = Duration.ofMillis(200);
    FakeAgent agent = new FakeAgent(links.limits);
    try (FakeServer server = FakeServer.start(agent)) {
      Link link = links.open(server);
      InputStream input = new ByteArrayInputStream(new byte[10]);
      run(link, input, output).get(5, TimeUnit.SECONDS);

      assertThat(agent.heardSoFar()).isEqualTo(10);
      assertThat(link.end()).isEqualTo(CloseReason.normal(""));
    }
  }

  @Test
  void outputThatIsGoneEndsItThoughTheConnectionIsLostToo() throws Exception {
    CountDownLatch broken = new CountDownLatch(1);
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            broken.countDown();
            throw new IOException("Broken pipe");
          }
        };
    FakeAgent agent = new FakeAgent(links.limits).say(new byte[1]);
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              if (agent.paths() > 0) {
                over.await();
              }
              agent.run(peer);
            })) {
      CompletableFuture<Void> run = run(links.open(server), open(), gone);
      broken.await();
      agent.cut();

      run.get(10, TimeUnit.SECONDS);
      over.countDown();
    }
  }

  @Test
  void stopEndsItThoughTheConnectionIsLost() throws Exception {
    try (FakeServer server = afterACut(peer -> over.await())) {
      StreamBridge bridge = new StreamBridge(links.open(server), open(), output);
      CompletableFuture<Void> run = run(bridge);
      await().until(() -> !links.notices.lines().isEmpty());

      bridge.stop(new CloseReason(CloseReason.GOING_AWAY, "stop"));

      run.get(10, TimeUnit.SECONDS);
      over.countDown();
    }
  }

  private enum When {
    DIALLING,
    PAUSING,
    GREETING,
    ATTACHED,
    STUCK
  }

  @ParameterizedTest
  @EnumSource
  void abortEndsItAtOnce(When when) throws Exception {
    links.limits = limits(32 << 20, Duration.ofSeconds(20));
    links.pause = Duration.ofSeconds(20);
    CountDownLatch reached = new CountDownLatch(1);
    try (FakeServer server = server(when, reached)) {
      Link link = links.open(server);
      CompletableFuture<Void> run = run(link, open(), output);
      CompletableFuture<Void> upload =
          CompletableFuture.runAsync(
              () ->
                  assertThatIOException()
                      .isThrownBy(() -> link.send(new byte[40 << 20], 0, 40 << 20)));
      assertThat(reached.await(5, TimeUnit.SECONDS)).isTrue();
      long start = System.nanoTime();
      link.abort();

      upload.get(10, TimeUnit.SECONDS);
      assertThat(run).failsWithin(Duration.ofSeconds(10));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
      assertThat(link.end()).isEqualTo(CloseReason.lost("given up"));
      over.countDown();
    }
  }

  private FakeServer server(When when, CountDownLatch reached) {
    FakeAgent agent = new FakeAgent(links.limits);
    return switch (when) {
      case DIALLING ->
          afterACut(
              peer -> {
                peer.request();
                reached.countDown();
                over.await();
              });
      case PAUSING ->
          afterACut(
              peer -> {
                peer.request();
                peer.reset();
                reached.countDown();
              });
      case GREETING ->
          afterACut(
              peer -> {
                peer.upgradeTo(Protocol.SUBPROTOCOL);
                FakeAgent.hello(peer);
                reached.countDown();
                over.await();
              });
      case ATTACHED ->
          FakeServer.start(
              peer -> {
                peer.upgradeTo(Protocol.SUBPROTOCOL);
                reached.countDown();
                agent.carry(peer);
              });
      case STUCK ->
          FakeServer.start(
              peer -> {
                peer.upgradeTo(Protocol.SUBPROTOCOL);
                reached.countDown();
                agent.greetAndFreeze(peer, over);
              });
    };
  }
}
