package dev.converge.tunnel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 30, threadMode = SEPARATE_THREAD)
final class WebSocketConnectionIT {
  private static final Duration SHORT = Duration.ofMillis(150);
  private static final Duration LONG = Duration.ofSeconds(10);

  private static WebSocketConnection connect(FakeServer server) throws IOException {
    return connect(server, Timeouts.DEFAULT);
  }

  private static WebSocketConnection connect(FakeServer server, Timeouts timeouts)
      throws IOException {
    ConnectOptions options =
        new ConnectOptions(new ProxySettings(Map.of()), TlsConfig.DEFAULT, Map::of, timeouts, null);
    return new WebSocketClient(options).connect(Endpoint.parse(server.url(), Role.CLIENT));
  }

  private static byte[] receiveAll(Link link) {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    while (link.receive(received::write)) {}
    return received.toByteArray();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void bytesGoBothWaysAndTheCloseIsAnswered() throws IOException {
    byte[] bytes = random(3_000_000);
    CompletableFuture<CloseReason> answer = new CompletableFuture<>();
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade();
              byte[] received = peer.receiveBinary(bytes.length);
              peer.binary(Arrays.copyOf(received, 1_000_000));
              peer.closeFrame(4001, "enough");
              answer.complete(peer.receiveClose());
              assertThat(peer.isAtEnd()).isTrue();
            })) {
      WebSocketConnection connection = connect(server);
      connection.send(bytes, 0, bytes.length);

      assertThat(receiveAll(connection)).isEqualTo(Arrays.copyOf(bytes, 1_000_000));
      assertThat(connection.end()).isEqualTo(new CloseReason(4001, "enough"));
      assertThat(answer.join()).isEqualTo(new CloseReason(4001, "enough"));
      server.await();
    }
  }

  @Test
  void framesRightBehindTheUpgradeAreNotLost() throws IOException {
    byte[] behind = HexFormat.of().parseHex("820361626382026465" + "880203e8");
    try (FakeServer server = FakeServer.start(peer -> peer.upgrade(behind).receiveClose())) {
      WebSocketConnection connection = connect(server);

      assertThat(new String(receiveAll(connection), UTF_8)).isEqualTo("abcde");
      assertThat(connection.end()).isEqualTo(CloseReason.normal(""));
      server.await();
    }
  }

  @Test
  void frameInManyWritesComesThrough() throws IOException {
    byte[] payload = random(300);
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade();
              for (byte octet : Peer.frame(0x82, payload)) {
                peer.raw(octet);
              }
              peer.closeFrame(1000, "").receiveClose();
            })) {
      assertThat(receiveAll(connect(server))).isEqualTo(payload);
      server.await();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "c2 00, 1002",
    "82 81 00000000 61, 1002",
    "83 00, 1002",
    "8b 00, 1002",
    "09 00, 1002",
    "89 7e 0080, 1002",
    "80 00, 1002",
    "82 7e 0001, 1002",
    "88 01 03, 1002",
    "88 02 03ed, 1002",
    "82 7f 0000000000100001, 1009",
    "81 01 ff, 1007",
    "88 03 03e8ff, 1007",
  })
  void violationIsAnsweredWithItsCodeAlthoughMoreFollows(String hex, int code) throws IOException {
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade();
              peer.raw(HexFormat.of().parseHex("820161" + hex.replace(" ", "")));
              peer.raw(new byte[16_000_000]);
              assertThat(peer.receiveClose().code()).isEqualTo(code);
            })) {
      WebSocketConnection connection = connect(server);

      assertThat(receiveAll(connection)).containsExactly('a');
      assertThat(connection.end().code()).isEqualTo(code);
      server.await();
    }
  }

  @Test
  void pingIsAnsweredWhileBothDirectionsAreFull() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade();
              awaitStandstill(sent);
              peer.send(0x89, "hello".getBytes(UTF_8));
              // A client that waited to answer would not take these, and both would stand still.
              for (int i = 0; i < 16; i++) {
                peer.binary(new byte[1 << 20]);
              }
              Peer.Received frame = peer.receive();
              while (frame.opcode() == Frame.BINARY) {
                frame = peer.receive();
              }
              assertThat(frame.opcode()).isEqualTo(Frame.PONG);
              assertThat(new String(frame.payload(), UTF_8)).isEqualTo("hello");
              peer.reset();
            })) {
      WebSocketConnection connection = connect(server);
      CompletableFuture<Void> upload = CompletableFuture.runAsync(() -> fill(connection, sent));

      AtomicInteger received = new AtomicInteger();
      while (connection.receive((bytes, offset, length) -> received.addAndGet(length))) {}

      assertThat(received).hasValue(16 << 20);
      upload.get(10, TimeUnit.SECONDS);
      server.await();
    }
  }

  private static void fill(Link link, AtomicInteger sent) {
    byte[] block = new byte[1 << 16];
    try {
      while (sent.incrementAndGet() < 10_000) {
        link.send(block, 0, block.length);
      }
    } catch (IOException e) {
      // The server has seen enough.
    }
  }

  private static void awaitStandstill(AtomicInteger count) {
    AtomicInteger before = new AtomicInteger();
    await()
        .pollInterval(Duration.ofMillis(200))
        .until(() -> before.getAndSet(count.get()) == count.get() && count.get() > 0);
  }

  @Test
  void idlePeerIsPingedAndAnAnswerKeepsItAlive() throws IOException {
    Timeouts timeouts = new Timeouts(LONG, LONG, SHORT, LONG);
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade();
              for (int i = 0; i < 8; i++) {
                assertThat(peer.receive().opcode()).isEqualTo(Frame.PING);
                peer.send(0x8a, new byte[0]);
              }
              peer.closeFrame(1000, "").receiveClose();
            })) {
      WebSocketConnection connection = connect(server, timeouts);

      receiveAll(connection);

      assertThat(connection.end()).isEqualTo(CloseReason.normal(""));
      server.await();
    }
  }

  @Test
  void silentPeerIsGivenUp() throws IOException {
    Timeouts timeouts = new Timeouts(LONG, LONG, SHORT, LONG);
    CountDownLatch over = new CountDownLatch(1);
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade();
              awaitAll(over);
            })) {
      WebSocketConnection connection = connect(server, timeouts);

      receiveAll(connection);

      assertThat(connection.end().code()).isEqualTo(CloseReason.ABNORMAL);
      assertThat(connection.end().text()).startsWith("nothing heard for ");
      over.countDown();
      server.await();
    }
  }

  @Test
  void receiverThatTakesItsTimeIsNotADeadPeer() throws Exception {
    Timeouts timeouts = new Timeouts(LONG, LONG, SHORT, SHORT);
    CountDownLatch pinged = new CountDownLatch(6);
    byte[] bytes = random(2_000_000);
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade().binary(new byte[1]);
              while (pinged.getCount() > 0) {
                assertThat(peer.receive().opcode()).isEqualTo(Frame.PING);
                pinged.countDown();
              }
              peer.binary(Arrays.copyOf(bytes, 1 << 20)).closeFrame(1000, "");
              peer.receiveClose();
            })) {
      WebSocketConnection connection = connect(server, timeouts);

      connection.receive((b, offset, length) -> awaitAll(pinged));

      assertThat(receiveAll(connection)).hasSize(1 << 20);
      assertThat(connection.end().isNormal()).isTrue();
      server.await();
    }
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void closeIsSentOnceBehindTheDataAndTheRestStillArrives() throws IOException {
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade();
              peer.receiveBinary(100_000);
              assertThat(peer.receiveClose()).isEqualTo(CloseReason.normal("done"));
              peer.binary(new byte[200_000]).closeFrame(1000, "done");
              assertThat(peer.isAtEnd()).isTrue();
            })) {
      WebSocketConnection connection = connect(server);
      connection.send(new byte[100_000], 0, 100_000);
      connection.close(CloseReason.normal("done"));
      connection.close(CloseReason.normal("again"));

      assertThatIOException().isThrownBy(() -> connection.send(new byte[1], 0, 1));
      assertThat(receiveAll(connection)).hasSize(200_000);
      assertThat(connection.end()).isEqualTo(CloseReason.normal("done"));
      server.await();
    }
  }

  @Test
  void closeThatIsNeverAnsweredIsGivenUp() throws IOException {
    Timeouts timeouts = new Timeouts(LONG, LONG, LONG, SHORT);
    CountDownLatch over = new CountDownLatch(1);
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade();
              awaitAll(over);
            })) {
      WebSocketConnection connection = connect(server, timeouts);
      connection.close(CloseReason.normal("done"));

      receiveAll(connection);

      assertThat(connection.end()).isEqualTo(CloseReason.normal("done"));
      over.countDown();
      server.await();
    }
  }

  @Test
  void endWithoutACloseIsAbnormal() throws IOException {
    try (FakeServer server = FakeServer.start(Peer::upgrade)) {
      WebSocketConnection connection = connect(server);

      receiveAll(connection);

      assertThat(connection.end())
          .isEqualTo(CloseReason.lost("the connection ended without a close"));
      server.await();
    }
  }

  @Test
  void resetIsAbnormalEvenAfterOurClose() throws IOException {
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade().receiveClose();
              peer.reset();
            })) {
      WebSocketConnection connection = connect(server);
      connection.close(CloseReason.normal(""));

      receiveAll(connection);

      assertThat(connection.end()).isEqualTo(CloseReason.lost("Connection reset"));
      server.await();
    }
  }

  @Test
  void textIsNoneOfTheStreamsBusiness() throws IOException {
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade().binary(new byte[] {1}).send(0x81, "{}".getBytes(UTF_8));
              peer.binary(new byte[] {2}).closeFrame(1000, "").receiveClose();
            })) {
      assertThat(receiveAll(connect(server))).containsExactly(1, 2);
      server.await();
    }
  }

  @Test
  void abortEndsAReceiverAtOnce() throws Exception {
    try (FakeServer server = FakeServer.start(peer -> peer.upgrade().isAtEnd())) {
      WebSocketConnection connection = connect(server);
      CompletableFuture<byte[]> received =
          CompletableFuture.supplyAsync(() -> receiveAll(connection));
      connection.abort();

      assertThat(received.get(5, TimeUnit.SECONDS)).isEmpty();
      assertThat(connection.end()).isEqualTo(CloseReason.lost("given up"));
      server.await();
    }
  }
}
