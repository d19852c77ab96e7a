package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes in their order, at the pace of who reads them. */
@ParameterizedClass
@EnumSource(names = {"NONE", "BORINGSSL"})
@ExtendWith(NoLeaks.class)
final class CarriageIT {
  /**
   * What the kernel may hold of one direction, on both sides of the relay, and the relay itself.
   */
  private static final int BOUND = 16 << 20;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  @Parameter private Security security;
  private RelayFixture relay;

  @BeforeEach
  void start() throws Exception {
    relay = new RelayFixture(security);
  }

  @AfterEach
  void nobodyIsLeft() {
    threads.shutdownNow();
    relay.awaitEmpty();
    relay.close();
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String checksum(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** Sends in messages of any size, in pieces of any size, with empty ones among them. */
  private static void sendInPieces(JdkPeer peer, byte[] bytes, long seed) throws Exception {
    Random random = new Random(seed);
    int from = 0;
    while (from < bytes.length) {
      int length =
          Math.min(bytes.length - from, random.nextInt(5) == 0 ? 0 : random.nextInt(60_000));
      peer.send(Arrays.copyOfRange(bytes, from, from + length), random.nextBoolean());
      from += length;
    }
  }

  @Test
  void bytesArriveInTheirOrderBothWaysAtOnce() throws Exception {
    byte[] up = random(6_000_000, 1);
    byte[] down = random(6_000_000, 2);
    try (var agent = JdkPeer.open(relay.uri("/agent/job"));
        var client = JdkPeer.open(relay.uri("/client/job"))) {
      var sending =
          CompletableFuture.runAsync(() -> run(() -> sendInPieces(client, up, 3)), threads);
      sendInPieces(agent, down, 4);
      sending.get(20, TimeUnit.SECONDS);
      assertThat(checksum(agent.receive(up.length))).isEqualTo(checksum(up));
      assertThat(checksum(client.receive(down.length))).isEqualTo(checksum(down));
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  private static void run(Step step) {
    try {
      step.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void readerThatStopsMakesTheWriterStopWithinABoundWhileOthersRunOn() throws Exception {
    int frames = 1500;
    byte[] block = random(64 * 1024, 5);
    byte[] frame = Frames.frame(Frames.FIN | Frames.BINARY, block);
    AtomicLong accepted = new AtomicLong();
    var readerSocket = new Socket();
    readerSocket.setReceiveBufferSize(512 * 1024);
    var writerSocket = new Socket();
    writerSocket.setSendBufferSize(512 * 1024);
    try (var agent = RawWebSocket.open(writerSocket, relay, "/agent/job");
        var client = RawWebSocket.open(readerSocket, relay, "/client/job")) {
      var writing =
          CompletableFuture.runAsync(
              () ->
                  run(
                      () -> {
                        for (int i = 0; i < frames; i++) {
                          agent.send(frame);
                          accepted.addAndGet(block.length);
                        }
                      }),
              threads);
      long stopped = awaitStandstill(accepted);
      assertThat(stopped).isLessThan(BOUND).isLessThan((long) frames * block.length);
      assertThat(writing).isNotDone();
      carryBesides();
      assertThat(accepted).as("the writer still stands").hasValue(stopped);

      for (int i = 0; i < frames; i++) {
        assertThat(client.readBytes(block.length)).isEqualTo(block);
      }
      writing.get(10, TimeUnit.SECONDS);
    }
  }

  private static long awaitStandstill(AtomicLong accepted) {
    var last = new AtomicLong(-1);
    return Awaitility.await()
        .atMost(RelayFixture.PATIENCE)
        .pollInterval(Duration.ofMillis(400))
        .until(accepted::get, now -> now > 0 && last.getAndSet(now) == now);
  }

  /** Another pair moves some megabytes. */
  private void carryBesides() throws Exception {
    byte[] data = random(4_000_000, 6);
    try (var agent = JdkPeer.open(relay.uri("/agent/other"));
        var client = JdkPeer.open(relay.uri("/client/other"))) {
      agent.sendAll(data);
      assertThat(checksum(client.receive(data.length))).isEqualTo(checksum(data));
    }
  }

  @Test
  void agentThatNobodyReadsYetIsHeldUpWithinABound() throws Exception {
    byte[] frame = Frames.frame(Frames.FIN | Frames.BINARY, new byte[64 * 1024]);
    AtomicLong accepted = new AtomicLong();
    var socket = new Socket();
    socket.setSendBufferSize(512 * 1024);
    try (var agent = RawWebSocket.open(socket, relay, "/agent/job")) {
      var writing =
          CompletableFuture.runAsync(
              () ->
                  run(
                      () -> {
                        for (int i = 0; i < 1500; i++) {
                          agent.send(frame);
                          accepted.addAndGet(64 * 1024);
                        }
                      }),
              threads);
      assertThat(awaitStandstill(accepted)).isLessThan(BOUND);
      assertThat(writing).isNotDone();
      try (var client = RawWebSocket.open(relay, "/client/job")) {
        assertThat(client.readBytes(1500 * 64 * 1024)).hasSize(1500 * 64 * 1024);
      }
      writing.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void emptyMessagesOfAWaitingAgentAreNotKept() throws IOException {
    try (var agent = RawWebSocket.open(relay, "/agent/job")) {
      var frames = new ByteArrayOutputStream();
      for (int i = 0; i < 10_000; i++) {
        frames.writeBytes(Frames.frame(Frames.FIN | Frames.BINARY, ""));
      }
      agent.send(frames.toByteArray()).binary("x");
      relay.awaitSlots(1);
      try (var client = RawWebSocket.open(relay, "/client/job")) {
        RawWebSocket.Frame first = client.read();
        assertThat(first.text()).isEqualTo("x");
      }
    }
  }
}
