package dev.converge.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * A pipe from a process of the JVM's. It ends when the process has ended and what it had written is
 * read, even if another one still has the pipe; as the JDK cannot wait for either, this looks.
 */
final class PipeSource implements OutputPump.Source {
  private static final long SHORTEST_PAUSE = Duration.ofMillis(1).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofMillis(16).toNanos();

  private final InputStream in;
  private final Future<?> exit;
  private final Future<?> over;

  /**
   * A pipe of a process.
   *
   * @param exit done when the process has ended
   * @param over done from then on, or when nobody wants more of it
   */
  PipeSource(InputStream in, Future<?> exit, Future<?> over) {
    this.in = in;
    this.exit = exit;
    this.over = over;
  }

  @Override
  public int read(ByteBuffer buffer) {
    try {
      for (long pause = SHORTEST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
        boolean ended = exit.isDone();
        int available = in.available();
        if (available > 0) {
          byte[] bytes = in.readNBytes(Math.min(available, buffer.capacity()));
          buffer.put(0, bytes);
          return bytes.length;
        }
        boolean aborted = over.isDone() && !exit.isDone();
        if (ended || aborted) {
          return -1;
        }
        LockSupport.parkNanos(pause);
      }
    } catch (IOException e) {
      return -1;
    }
  }
}
