package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = SEPARATE_THREAD)
final class ResumableLinkIT {
  private static final CloseReason BYE = CloseReason.normal("bye");
  private static final Duration WINDOW = Duration.ofSeconds(20);

  /** Everything in milliseconds that users have in seconds. */
  private static final StreamLimits LIMITS = limits(1 << 20, Duration.ofSeconds(10));

  private final RecordedNotices notices = new RecordedNotices();
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private Duration window = WINDOW;
  private StreamLimits limits = LIMITS;

  private static StreamLimits limits(int replay, Duration silence) {
    return new StreamLimits(
        replay,
        1 << 16,
        Duration.ofMillis(20),
        Duration.ofSeconds(20),
        Duration.ofMillis(50),
        silence,
        silence);
  }

  private Link open(FakeServer server) throws IOException {
    Resumption terms = new Resumption(window, Duration.ofMillis(5), limits, notices);
    ConnectOptions options =
        new ConnectOptions(
            new ProxySettings(Map.of()), TlsConfig.DEFAULT, Map::of, Timeouts.DEFAULT, terms);
    return new WebSocketClient(options).open(Endpoint.parse(server.url(), Role.CLIENT));
  }

  private static CompletableFuture<Void> run(StreamBridge bridge) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            bridge.run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void bytesGoBothWaysAndBothEndsAreTold() throws Exception {
    byte[] bytes = random(3_000_000);
    FakeAgent agent = new FakeAgent(LIMITS).echo();
    try (FakeServer server = FakeServer.start(agent)) {
      new StreamBridge(open(server), new ByteArrayInputStream(bytes), output).run();

      assertThat(output.toByteArray()).isEqualTo(bytes);
      assertThat(agent.ended()).isEqualTo(CloseReason.normal(""));
      server.await();
      assertThat(agent.finished()).isTrue();
      assertThat(agent.paths()).isEqualTo(1);
      assertThat(notices.lines()).isEmpty();
    }
  }

  @Test
  void nothingIsLostInTwentyCuts() throws Exception {
    byte[] up = random(4_000_000);
    byte[] down = random(4_000_001);
    FakeAgent agent = new FakeAgent(LIMITS).say(down).end(BYE);
    try (FakeServer server = FakeServer.start(agent)) {
      PipedOutputStream input = new PipedOutputStream();
      StreamBridge bridge =
          new StreamBridge(open(server), new PipedInputStream(input, 1 << 16), output);
      CompletableFuture<Void> run = run(bridge);
      for (int i = 1; i <= 20; i++) {
        input.write(up, (i - 1) * 200_000, 200_000);
        int path = i;
        await().pollInterval(Duration.ofMillis(1)).until(() -> agent.paths() == path);
        agent.cut();
      }
      input.close();
      run.get(20, TimeUnit.SECONDS);
    }
  }
}
