package dev.converge.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Carries what is read from a stream into a link, and what the link receives to another stream,
 * until one of them ends.
 */
public final class StreamBridge {
  /** As much as one frame of a resumable stream takes. */
  private static final int CHUNK = StreamFrame.MAX_DATA;

  /** For the last words of a program that closes its output first, or signals us before its end. */
  private static final Duration LAST_WORDS = Duration.ofMillis(300);

  private static final Duration STOP = Duration.ofSeconds(1);

  private final Link link;
  private final InputStream in;
  private final OutputStream out;
  private final @Nullable HostKeyGate gate;
  private final Delivery delivery = new Delivery();
  private final CountDownLatch inputEnded = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean stopped;
  private boolean outputGone; // confined to the thread that runs the bridge, as the next
  private @Nullable UntrustedServer refused;

  public StreamBridge(Link link, InputStream in, OutputStream out) {
    this(link, in, out, null);
  }

  /**
   * @param pin the host key that the peer, an SSH server, must show; null for a peer of any kind
   */
  public StreamBridge(Link link, InputStream in, OutputStream out, @Nullable HostKeyPin pin) {
    this.link = link;
    this.in = in;
    this.out = out;
    gate = pin == null ? null : new HostKeyGate(pin);
  }

  /**
   * Runs until the link has ended and everything that it received is written. An output that takes
   * no more is a normal end too. A thread may be left that reads the input, and throws it away,
   * until its end.
   *
   * @throws UntrustedServer if the peer is not the pinned one
   * @throws IOException if the end was not a normal one; the message is meant for the user
   */
  public void run() throws IOException {
    new Upload().start();
    try {
      while (link.receive(delivery)) {}
    } finally {
      ended.countDown();
    }
    if (refused != null) {
      throw refused;
    }
    if (!link.end().isNormal() && !outputGone && !stopped) {
      throw new IOException(link.epitaph());
    }
  }

  /** Waits until the input has ended. */
  public boolean awaitInputEnd(Duration limit) {
    return await(inputEnded, limit);
  }

  /**
   * Ends the bridge within about a second, politely if possible. Whoever asks for it may have
   * closed the input just before: what is left in there is sent first.
   */
  public void stop(CloseReason reason) {
    if (await(ended, Duration.ZERO)) {
      return;
    }
    stopped = true;
    awaitInputEnd(LAST_WORDS);
    close(reason);
    await(ended, STOP);
    link.abort();
  }

  /** Closes the link even if its peer does not read. */
  private void close(CloseReason reason) {
    Deadline deadline = Deadline.start(STOP, link::abort);
    try (deadline) {
      link.close(reason);
    }
  }

  private final class Upload extends Thread {
    Upload() {
      super("upload");
      setDaemon(true);
    }

    @Override
    public void run() {
      byte[] chunk = new byte[CHUNK];
      boolean sending = true;
      for (int length = read(chunk); length >= 0; length = read(chunk)) {
        sending = sending && send(chunk, length);
      }
      link.close(CloseReason.normal(""));
      inputEnded.countDown();
    }
  }

  private final class Delivery implements Link.Sink {
    @Override
    public void accept(byte[] bytes, int offset, int length) {
      deliver(bytes, offset, length);
    }
  }

  private int read(byte[] chunk) {
    try {
      return in.read(chunk);
    } catch (IOException e) {
      link.close(new CloseReason(CloseReason.GOING_AWAY, "input: " + Causes.text(e)));
      return -1;
    }
  }

  private boolean send(byte[] chunk, int length) {
    try {
      link.send(chunk, 0, length);
      return true;
    } catch (IOException e) {
      return false; // the receiving thread learns why
    }
  }

  private void deliver(byte[] bytes, int offset, int length) {
    if (outputGone || refused != null) {
      return;
    }
    if (gate == null) {
      write(bytes, offset, length);
    } else {
      deliver(gate, bytes, offset, length);
    }
  }

  private void deliver(HostKeyGate open, byte[] bytes, int offset, int length) {
    try {
      open.pass(bytes, offset, length, this::write);
    } catch (UntrustedServer e) {
      refused = e;
      close(new CloseReason(CloseReason.POLICY_VIOLATION, "not the host key of the invitation"));
      link.abort();
    }
  }

  private void write(byte[] bytes, int offset, int length) {
    if (outputGone) {
      return;
    }
    try {
      out.write(bytes, offset, length);
      out.flush();
    } catch (IOException e) {
      outputGone = true;
      Deadline.start(Duration.ZERO, () -> stop(CloseReason.normal("")));
    }
  }

  private static boolean await(CountDownLatch latch, Duration limit) {
    try {
      return latch.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
