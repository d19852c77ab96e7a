package dev.converge.tunnel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = SEPARATE_THREAD)
final class StreamBridgeTest {
  private static final CloseReason STOP = new CloseReason(CloseReason.GOING_AWAY, "stop");

  private final FakeLink link = new FakeLink();
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  @Test
  void endOfInputClosesTheLinkBehindWhatWasRead() throws IOException {
    link.arrive("late");
    link.answerClose = true;
    new StreamBridge(link, new ByteArrayInputStream("all".getBytes(UTF_8)), output).run();

    assertThat(link.sent).hasToString("all");
    assertThat(link.closed.get()).isEqualTo(CloseReason.normal(""));
    assertThat(output).hasToString("late");
  }

  @Test
  void endOfTheLinkEndsTheBridgeThoughTheInputStaysOpen() throws IOException {
    link.arrive("a");
    link.arrive("b");
    link.finish(CloseReason.normal("bye"));

    new StreamBridge(link, new PipedInputStream(new PipedOutputStream()), output).run();

    assertThat(output).hasToString("ab");
  }

  @Test
  void abnormalEndIsAnErrorThatSaysWhy() {
    link.arrive("a");
    link.finish(CloseReason.lost("gone"));

    assertThatIOException()
        .isThrownBy(() -> new StreamBridge(link, InputStream.nullInputStream(), output).run())
        .withMessage("the session ended early: 1006 gone");
    assertThat(output).hasToString("a");
  }

  @Test
  void outputThatIsGoneEndsItQuietlyWithTheLastWordsSent() throws Exception {
    PipedOutputStream words = new PipedOutputStream();
    CountDownLatch broken = new CountDownLatch(1);
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            broken.countDown();
            throw new IOException("Broken pipe");
          }
        };
    link.answerClose = true;
    link.arrive("unwanted");
    StreamBridge bridge = new StreamBridge(link, new PipedInputStream(words), closed);
    CompletableFuture<Void> run = CompletableFuture.runAsync(() -> running(bridge));
    assertThat(broken.await(5, TimeUnit.SECONDS)).isTrue();
    words.write("last words".getBytes(UTF_8));
    words.close();

    run.get(5, TimeUnit.SECONDS);

    assertThat(link.sent).hasToString("last words");
    assertThat(link.closed.get().isNormal()).isTrue();
  }

  @Test
  void stopIsPoliteAndNoError() throws Exception {
    link.answerClose = true;
    StreamBridge bridge =
        new StreamBridge(link, new PipedInputStream(new PipedOutputStream()), output);
    CompletableFuture<Void> run = CompletableFuture.runAsync(() -> running(bridge));

    bridge.stop(STOP);

    run.get(5, TimeUnit.SECONDS);
    assertThat(link.closed.get()).isEqualTo(STOP);
  }

  @Test
  void stopEndsALinkThatDoesNotAnswer() throws Exception {
    StreamBridge bridge =
        new StreamBridge(link, new PipedInputStream(new PipedOutputStream()), output);
    CompletableFuture<Void> run = CompletableFuture.runAsync(() -> running(bridge));

    bridge.stop(STOP);

    run.get(5, TimeUnit.SECONDS);
    assertThat(link.end()).isEqualTo(CloseReason.lost("given up"));
  }

  @Test
  void stopAfterTheEndTakesNoTime() throws IOException {
    link.finish(CloseReason.normal(""));
    StreamBridge bridge =
        new StreamBridge(link, new PipedInputStream(new PipedOutputStream()), output);
    bridge.run();
    long start = System.nanoTime();

    bridge.stop(STOP);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(200));
    assertThat(link.closed).hasNullValue();
  }

  @Test
  void brokenInputIsNotANormalEnd() {
    InputStream unconnected = new PipedInputStream();
    link.answerClose = true;

    assertThatIOException()
        .isThrownBy(() -> new StreamBridge(link, unconnected, output).run())
        .withMessage("the session ended early: 1001 input: Pipe not connected");
  }

  @Test
  void serverWithoutThePinnedKeyIsCutOffAndItsReplyNotDelivered() {
    byte[] key = SshServerBytes.key("right");
    HostKeyPin pin = HostKeyPin.of(ByteBuffer.wrap(key));
    link.arrivals.add(SshServerBytes.handshake(SshServerBytes.key("wrong")));
    link.arrive("more");
    InputStream open = InputStream.nullInputStream();

    assertThatExceptionOfType(UntrustedServer.class)
        .isThrownBy(() -> new StreamBridge(link, open, output, pin).run())
        .withMessageContaining("not the " + pin + " of the invitation");
    assertThat(output.toString(UTF_8)).startsWith("SSH-2.0-").doesNotContain("wrong", "more");
    assertThat(link.end()).isNotNull();
  }

  @Test
  void serverWithThePinnedKeyIsDelivered() throws IOException {
    byte[] key = SshServerBytes.key("right");
    link.arrivals.add(SshServerBytes.handshake(key));
    link.arrive("encrypted");
    link.finish(CloseReason.normal(""));
    HostKeyPin pin = HostKeyPin.of(ByteBuffer.wrap(key));

    new StreamBridge(link, InputStream.nullInputStream(), output, pin).run();

    assertThat(output.toString(UTF_8)).startsWith("SSH-2.0-").contains("right", "encrypted");
  }

  private static void running(StreamBridge bridge) {
    try {
      bridge.run();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A link whose other side is the test. */
  private static final class FakeLink implements Link {
    private static final byte[] END = {};

    private final BlockingQueue<byte[]> arrivals = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final AtomicReference<CloseReason> closed = new AtomicReference<>();
    private final AtomicReference<CloseReason> end = new AtomicReference<>();
    private volatile boolean answerClose;

    void arrive(String text) {
      arrivals.add(text.getBytes(UTF_8));
    }

    void finish(CloseReason reason) {
      if (end.compareAndSet(null, reason)) {
        arrivals.add(END);
      }
    }

    @Override
    public boolean receive(Sink sink) {
      try {
        byte[] bytes = arrivals.take();
        if (bytes.length > 0) {
          sink.accept(bytes, 0, bytes.length);
        }
        return bytes.length > 0;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void send(byte[] bytes, int offset, int length) throws IOException {
      if (closed.get() != null || end.get() != null) {
        throw new IOException("closed");
      }
      sent.write(bytes, offset, length);
    }

    @Override
    public void close(CloseReason reason) {
      if (end.get() == null && closed.compareAndSet(null, reason) && answerClose) {
        finish(reason);
      }
    }

    @Override
    public void abort() {
      finish(CloseReason.lost("given up"));
    }

    @Override
    public CloseReason end() {
      return end.get();
    }
  }
}
