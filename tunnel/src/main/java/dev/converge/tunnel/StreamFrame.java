package dev.converge.tunnel;

import java.nio.ByteBuffer;

/** The frames of a resumable stream: a type, a length of 24 bits, and as many bytes. */
final class StreamFrame {
  static final int DATA = 1;
  static final int ACK = 2;
  static final int END = 3;

  static final int HEAD = 4;

  /** The largest frame fills a frame of the WebSocket client. */
  static final int MAX_DATA = (1 << 16) - HEAD;

  static final int MAX_END = 125;

  private StreamFrame() {}

  static Segment data(byte[] bytes, int offset, int length) {
    byte[] head = new byte[HEAD];
    ByteBuffer.wrap(head).putInt(head(DATA, length));
    return new Segment(head, bytes, offset, length);
  }

  static Segment ack(long received) {
    byte[] frame = new byte[HEAD + Long.BYTES];
    ByteBuffer.wrap(frame).putInt(head(ACK, Long.BYTES)).putLong(received);
    return Segment.of(frame);
  }

  static Segment end(CloseReason reason) {
    byte[] payload = reason.payload();
    byte[] frame = new byte[HEAD + payload.length];
    ByteBuffer.wrap(frame).putInt(head(END, payload.length)).put(payload);
    return Segment.of(frame);
  }

  private static int head(int type, int length) {
    return type << 24 | length;
  }
}
