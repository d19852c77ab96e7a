package dev.converge.agent;

import static org.awaitility.Awaitility.await;

import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.ResumableStream;
import dev.converge.tunnel.Segment;
import dev.converge.tunnel.StreamEvent;
import dev.converge.tunnel.StreamId;
import dev.converge.tunnel.StreamLimits;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The client's end of a resumable stream, through a relay that the test commands. */
final class ResumingClient implements Closeable {
  static final StreamLimits QUICK =
      new StreamLimits(
          1 << 20,
          64 << 10,
          Duration.ofMillis(10),
          Duration.ofMillis(400),
          Duration.ofMillis(100),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5));

  private static final int MAX_FRAME = 60_000;

  /** What is done with the agent's bytes. */
  interface Ear {
    void hear(byte[] bytes, int offset, int length) throws IOException;
  }

  final StreamId id;
  final ResumableStream stream;
  final CompletableFuture<CloseReason> ended = new CompletableFuture<>();
  final CompletableFuture<IOException> failed = new CompletableFuture<>();
  final CompletableFuture<String> plain = new CompletableFuture<>();
  private final Map<FakeRelay.Connection, FakeRelay.Frame> closes = new ConcurrentHashMap<>();
  private final Ear ear;
  private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
  private FakeRelay.@Nullable Connection path;
  private int resumed;
  private long said;
  private boolean deafAtEnd;
  private boolean deaf;

  /** Keeps what it hears. */
  ResumingClient(ByteArrayOutputStream heard) {
    this(QUICK, (bytes, offset, length) -> heard.write(bytes, offset, length));
  }

  ResumingClient(StreamLimits limits, Ear ear) {
    this.ear = ear;
    id = StreamId.random(new SecureRandom());
    stream = ResumableStream.client(id, limits);
    var unused = ticks.scheduleWithFixedDelay(this::tick, 5, 5, TimeUnit.MILLISECONDS);
  }

  static byte[] paired(String client) {
    return FakeRelay.frame(
        FakeRelay.FIN | FakeRelay.TEXT,
        "{\"type\":\"paired\",\"client\":\"" + client + "\",\"subprotocol\":\"converge.v1\"}");
  }

  /** Goes on over this slot. */
  synchronized void connect(FakeRelay.Connection slot, String client) throws IOException {
    slot.write(paired(client));
    path = slot;
    stream.pathOpened(System.nanoTime());
    send();
    Thread reader = new Thread(() -> read(slot), "client");
    reader.setDaemon(true);
    reader.start();
  }

  /** The connection breaks, without a word. */
  synchronized void cut() throws IOException {
    if (path != null) {
      path.socket.close();
    }
    left();
  }

  /** Goes away without a word to the connection, which stays open. */
  synchronized void leave() {
    left();
  }

  private void left() {
    path = null;
    stream.pathLost();
    notifyAll();
  }

  private void read(FakeRelay.Connection slot) {
    try {
      for (FakeRelay.Frame frame = slot.read(); ; frame = slot.read()) {
        if (frame.opcode() == FakeRelay.CLOSE) {
          closes.put(slot, frame);
          slot.write(FakeRelay.frame(FakeRelay.FIN | FakeRelay.CLOSE, ""));
          break;
        }
        if (frame.opcode() == FakeRelay.BINARY) {
          receive(slot, frame.payload().getBytes(StandardCharsets.ISO_8859_1));
        }
      }
    } catch (IOException e) {
      // A cut.
    }
    synchronized (this) {
      if (path == slot) {
        left();
      }
    }
  }

  private synchronized void receive(FakeRelay.Connection slot, byte[] bytes) throws IOException {
    if (path != slot || deaf) {
      return;
    }
    stream.receive(bytes, 0, bytes.length, System.nanoTime());
    try {
      for (StreamEvent event = stream.next(); event != null; event = stream.next()) {
        handle(event);
      }
    } catch (IOException e) {
      failed.complete(e);
    }
    send();
    notifyAll();
  }

  private void handle(StreamEvent event) throws IOException {
    if (event instanceof StreamEvent.Data data) {
      ear.hear(data.bytes(), data.offset(), data.length());
    } else if (event instanceof StreamEvent.Ended end) {
      ended.complete(end.reason());
      deaf = deafAtEnd;
      stream.end(CloseReason.normal(""));
    } else if (event instanceof StreamEvent.Resumed) {
      resumed++;
    } else if (event instanceof StreamEvent.Plain first) {
      plain.complete(
          new String(first.bytes(), first.offset(), first.length(), StandardCharsets.ISO_8859_1));
    }
  }

  private synchronized void tick() {
    try {
      send();
    } catch (IOException e) {
      left();
    }
  }

  private void send() throws IOException {
    FakeRelay.Connection to = path;
    if (to == null) {
      return;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long now = System.nanoTime();
    for (Segment segment = stream.poll(now); segment != null; segment = stream.poll(now)) {
      out.writeBytes(segment.head());
      out.write(segment.body(), segment.offset(), segment.length());
    }
    byte[] all = out.toByteArray();
    for (int from = 0; from < all.length; from += MAX_FRAME) {
      byte[] piece = Arrays.copyOfRange(all, from, Math.min(all.length, from + MAX_FRAME));
      to.write(FakeRelay.frame(FakeRelay.FIN | FakeRelay.BINARY, piece));
    }
  }

  /** The agent's close frame on a connection that the client has had. */
  FakeRelay.Frame closeOf(FakeRelay.Connection slot) {
    return await().until(() -> closes.get(slot), frame -> frame != null);
  }

  /** What the client says first on its next path, which the test carries there. */
  synchronized byte[] hello() {
    stream.pathOpened(System.nanoTime());
    byte[] hello = stream.poll(System.nanoTime()).head();
    stream.pathLost();
    return hello;
  }

  /** Nothing of what the agent says behind its end arrives. */
  synchronized void deafenAtEnd() {
    deafAtEnd = true;
  }

  synchronized void listen() {
    deafAtEnd = false;
    deaf = false;
  }

  /** Says something, once there is room for it. */
  synchronized void write(byte[] bytes, int offset, int length) throws Exception {
    int from = offset;
    while (from < offset + length) {
      int taken = stream.write(bytes, from, offset + length - from);
      from += taken;
      said += taken;
      try {
        send();
      } catch (IOException e) {
        left();
      }
      if (taken == 0) {
        wait(20);
      }
    }
  }

  void write(byte[] bytes) throws Exception {
    write(bytes, 0, bytes.length);
  }

  synchronized void end() {
    stream.end(CloseReason.normal("bye"));
    tick();
  }

  /** Says what comes from somewhere, and at its end goes; in the background. */
  void pump(InputStream in) {
    Thread pump =
        new Thread(
            () -> {
              byte[] buffer = new byte[32 << 10];
              try {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                  write(buffer, 0, n);
                }
              } catch (Exception e) {
                // As good as an end.
              }
              end();
            },
            "pump");
    pump.setDaemon(true);
    pump.start();
  }

  /** How many bytes there was room for. */
  synchronized long said() {
    return said;
  }

  synchronized boolean isConnected() {
    return path != null;
  }

  synchronized boolean isFinished() {
    return stream.finished();
  }

  /** How often it was told that the stream goes on. */
  synchronized int resumed() {
    return resumed;
  }

  @Override
  public void close() throws IOException {
    ticks.shutdownNow();
    cut();
  }
}
