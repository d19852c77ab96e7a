package dev.converge.agent;

import java.io.IOException;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One way out to a client. What is in flight is bounded by two chunks: the one on its way to the
 * network, and the one that waits for it.
 */
final class Outlet {
  private final IoOutputStream stream;
  private @Nullable IoWriteFuture inFlight;

  Outlet(IoOutputStream stream) {
    this.stream = stream;
  }

  /**
   * Takes the bytes as its own, and returns once those before them are out; blocks as long as the
   * client does not read.
   */
  synchronized void write(byte[] bytes, int length) throws IOException {
    flush();
    inFlight = stream.writeBuffer(new ByteArrayBuffer(bytes, 0, length));
  }

  synchronized void flush() throws IOException {
    if (inFlight != null) {
      inFlight.verify();
      inFlight = null;
    }
  }
}
