package dev.converge.bench;

import java.nio.ByteBuffer;

/**
 * Counts the payload of binary frames (RFC 6455, section 5.2) without looking at it: masked or not
 * is the same work. Other frames are skipped; a close frame is an error.
 */
final class FrameCounter implements Counter {
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7f;
  private static final int MASK_BYTES = 4;
  private static final int CLOSE = 8;
  private static final int MEDIUM = 126;
  private static final int LARGE = 127;

  private final byte[] header = new byte[14];
  private int headerBytes;
  private long remaining;
  private boolean counts;
  private long payload;

  @Override
  public void add(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      if (remaining == 0) {
        takeHeader(bytes.get());
      } else {
        int part = (int) Math.min(remaining, bytes.remaining());
        bytes.position(bytes.position() + part);
        remaining -= part;
        payload += counts ? part : 0;
      }
    }
  }

  private void takeHeader(byte next) {
    header[headerBytes++] = next;
    if (headerBytes >= 2 && headerBytes == headerLength()) {
      begin();
    }
  }

  private int headerLength() {
    int mask = (header[1] & MASKED) == 0 ? 0 : MASK_BYTES;
    return 2 + lengthBytes() + mask;
  }

  private int lengthBytes() {
    return switch (header[1] & LENGTH) {
      case MEDIUM -> Short.BYTES;
      case LARGE -> Long.BYTES;
      default -> 0;
    };
  }

  private void begin() {
    int opcode = header[0] & 0x0f;
    if (opcode == CLOSE) {
      throw new IllegalStateException("the peer closed a connection that was to be measured");
    }
    ByteBuffer fields = ByteBuffer.wrap(header, 2, lengthBytes());
    remaining =
        switch (fields.remaining()) {
          case Short.BYTES -> Short.toUnsignedLong(fields.getShort());
          case Long.BYTES -> fields.getLong();
          default -> header[1] & LENGTH;
        };
    // Continuations only follow binary frames here.
    counts = opcode == 2 || opcode == 0;
    headerBytes = 0;
  }

  @Override
  public long payload() {
    return payload;
  }
}
