package dev.converge.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Links over connections that are lost within milliseconds instead of seconds. */
final class LinkFixture {
  static final CloseReason BYE = CloseReason.normal("bye");

  private static final Duration LONG = Duration.ofSeconds(20);
  static final Duration SHORT = Duration.ofMillis(300);

  final RecordedNotices notices = new RecordedNotices();
  Duration window = LONG;
  Duration pause = Duration.ofMillis(5);
  StreamLimits limits = limits(1 << 20, LONG);
  Duration close = Duration.ofSeconds(10);
  Duration ping = LONG;

  static StreamLimits limits(int replay, Duration silence) {
    Duration ack = Duration.ofMillis(20);
    Duration stalled = Duration.ofMillis(50);
    return new StreamLimits(replay, 1 << 16, ack, LONG, stalled, silence, silence);
  }

  Link open(FakeServer server) throws IOException {
    Resumption terms = new Resumption(window, pause, limits, notices);
    Timeouts timeouts = new Timeouts(LONG, LONG, ping, close);
    ConnectOptions options =
        new ConnectOptions(
            new ProxySettings(Map.of()), TlsConfig.DEFAULT, Map::of, timeouts, terms);
    return new WebSocketClient(options).open(Endpoint.parse(server.url(), Role.CLIENT));
  }

  /** Carries bytes over a link, in a thread of its own. */
  static CompletableFuture<Void> run(Link link, InputStream in, OutputStream out) {
    return run(new StreamBridge(link, in, out));
  }

  static CompletableFuture<Void> run(StreamBridge bridge) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            bridge.run();
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        },
        task -> new Thread(task, "receiver").start());
  }

  /** An input that does not end. */
  static InputStream open() throws IOException {
    return new PipedInputStream(new PipedOutputStream());
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
