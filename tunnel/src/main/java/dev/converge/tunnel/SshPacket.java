package dev.converge.tunnel;

import java.nio.ByteBuffer;

/** One SSH packet in the clear (RFC 4253, section 6), collected from pieces. */
final class SshPacket {
  /** The largest that every client must take. */
  private static final int MAX_SIZE = 35_000;

  private static final int LENGTH_FIELD = 4;
  private static final int HEADER = LENGTH_FIELD + 1;
  private static final int BLOCK = 8;
  private static final int MIN_PADDING = 4;

  private final byte[] bytes = new byte[MAX_SIZE];
  private int filled;
  private int size = HEADER;

  /** Takes up to {@code length} bytes, none beyond its end; returns how many it took. */
  int take(byte[] source, int offset, int length) throws UntrustedServer {
    int taken = Math.min(length, size - filled);
    System.arraycopy(source, offset, bytes, filled, taken);
    filled += taken;
    if (filled == HEADER) {
      size = size();
    }
    return taken;
  }

  private int size() throws UntrustedServer {
    int rest = ByteBuffer.wrap(bytes).getInt();
    int payload = rest - 1 - padding();
    if (rest > MAX_SIZE - LENGTH_FIELD
        || (LENGTH_FIELD + rest) % BLOCK != 0
        || padding() < MIN_PADDING
        || payload < 1) {
      throw UntrustedServer.sending("a malformed packet", "SSH");
    }
    return LENGTH_FIELD + rest;
  }

  private int padding() {
    return bytes[LENGTH_FIELD] & 0xff;
  }

  boolean complete() {
    return filled == size && filled > HEADER;
  }

  /** What it carries, once complete; valid until it is handed on. */
  ByteBuffer payload() {
    return ByteBuffer.wrap(bytes, HEADER, size - HEADER - padding());
  }

  /** Hands on the whole packet and begins the next. */
  void handOn(Link.Sink sink) {
    sink.accept(bytes, 0, size);
    filled = 0;
    size = HEADER;
  }
}
