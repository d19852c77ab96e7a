package dev.converge.agent;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * sftp's replies, on their way to a client in packets that are full: a reply is somewhat longer
 * than what it is asked for, and most are short. Blocks as long as the client does not read.
 */
final class Replies {
  /** What OpenSSH's client takes in one packet. */
  private static final int PACKET = 32 * 1024;

  private final Outlet outlet;
  private final ByteBuffer waiting = ByteBuffer.allocate(PACKET);

  Replies(Outlet outlet) {
    this.outlet = outlet;
  }

  void add(byte[] bytes, int offset, int length) throws IOException {
    int end = offset + length;
    for (int from = offset; from < end; ) {
      int count = Math.min(end - from, waiting.remaining());
      if (count == PACKET) {
        outlet.write(ByteBuffer.wrap(bytes, from, PACKET));
      } else {
        waiting.put(bytes, from, count);
        if (!waiting.hasRemaining()) {
          send();
        }
      }
      from += count;
    }
  }

  /** Sends what waits for more. */
  void send() throws IOException {
    if (waiting.position() > 0) {
      outlet.write(waiting.flip());
      waiting.clear();
    }
  }
}
