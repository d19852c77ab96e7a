package dev.converge.tunnel;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of a resumable stream. It keeps what is not data; of data it only counts how
 * much is to come.
 */
final class StreamFrameReader {
  private final ByteBuffer frame = ByteBuffer.allocate(StreamFrame.HEAD + StreamFrame.MAX_END);
  private int data;

  /** How many of the next bytes of the path are data. */
  int data() {
    return data;
  }

  /** Data have been dealt with. */
  void skip(int length) {
    data -= length;
  }

  /**
   * Takes bytes, none of them data.
   *
   * @return how many
   */
  int take(byte[] bytes, int offset, int length) throws ProtocolViolation {
    int taken = Math.min(length, missing());
    frame.put(bytes, offset, taken);
    if (frame.position() == StreamFrame.HEAD && taken > 0) {
      begin();
    }
    return taken;
  }

  private int missing() {
    int filled = frame.position();
    return (filled < StreamFrame.HEAD ? StreamFrame.HEAD : StreamFrame.HEAD + length()) - filled;
  }

  int type() {
    return frame.get(0) & 0xff;
  }

  private int length() {
    return frame.getInt(0) & 0xffffff;
  }

  private void begin() throws ProtocolViolation {
    int length = length();
    boolean valid =
        switch (type()) {
          case StreamFrame.DATA -> length > 0;
          case StreamFrame.ACK -> length == Long.BYTES;
          case StreamFrame.END -> length <= StreamFrame.MAX_END;
          default -> throw new ProtocolViolation("unknown frame " + type());
        };
    if (!valid) {
      throw new ProtocolViolation("frame " + type() + " of " + length + " bytes");
    }
    if (type() == StreamFrame.DATA) {
      data = length;
      frame.clear();
    }
  }

  /** The payload of a frame that is whole; null if it is not. */
  byte @Nullable [] payload() {
    if (frame.position() < StreamFrame.HEAD || missing() > 0) {
      return null;
    }
    byte[] payload = new byte[length()];
    frame.get(StreamFrame.HEAD, payload);
    frame.clear();
    return payload;
  }
}
