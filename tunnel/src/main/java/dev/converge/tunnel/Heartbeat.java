package dev.converge.tunnel;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends the pongs and pings of one connection from a thread of its own: the thread that receives
 * must never wait for room to send, or two full directions would wait for each other for ever.
 */
final class Heartbeat extends Thread {
  private static final byte[] EMPTY = {};

  private final FrameWriter writer;
  private final long interval;

  private byte @Nullable [] pong;
  private boolean stopped;
  private boolean resting;
  private volatile long heard = System.nanoTime();

  Heartbeat(FrameWriter writer, Duration interval) {
    super("heartbeat");
    this.writer = writer;
    this.interval = interval.toNanos();
    setDaemon(true);
  }

  synchronized void end() {
    stopped = true;
    notifyAll();
  }

  /** Has no pings sent, because someone else watches the peer; or has them sent again. */
  synchronized void rest(boolean on) {
    resting = on;
    notifyAll();
  }

  /** Something arrived. */
  void heard() {
    heard = System.nanoTime();
  }

  /** For how long nothing has arrived. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - heard);
  }

  /** Has the latest ping answered; those before it need no answer of their own. */
  synchronized void answer(byte[] ping) {
    pong = ping;
    notifyAll();
  }

  @Override
  public void run() {
    try {
      for (Frame frame = await(); frame != null; frame = await()) {
        writer.control(frame.opcode(), frame.bytes());
      }
    } catch (IOException | InterruptedException e) {
      // The receiving thread finds out by itself why the connection ended.
    }
  }

  /** Waits for something to say; null if there will be nothing more. */
  private synchronized @Nullable Frame await() throws InterruptedException {
    long pinged = System.nanoTime();
    while (!stopped && pong == null) {
      long idle = System.nanoTime() - Math.max(pinged, heard);
      if (idle >= interval && !resting) {
        return new Frame(Frame.PING, EMPTY, 0, 0);
      }
      wait(1 + Math.max(0, interval - idle) / 1_000_000);
    }
    byte[] answer = pong;
    pong = null;
    return stopped || answer == null ? null : new Frame(Frame.PONG, answer, 0, answer.length);
  }
}
