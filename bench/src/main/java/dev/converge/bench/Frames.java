package dev.converge.bench;

import java.nio.ByteBuffer;

/** Makes frames as a WebSocket client sends them, once, to be sent many times. */
final class Frames {
  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final int BINARY = 2;
  private static final int PONG = 10;
  private static final int MEDIUM = 126;
  private static final int LARGE = 127;
  private static final int LONGEST_HEADER = 14;

  /** Not zero, so that nobody can save the work of unmasking. */
  private static final int MASK = 0x5ac3_17e9;

  private Frames() {}

  /** A binary frame of pseudo-random payload, in a buffer of the wire's kind. */
  static ByteBuffer binary(Wire wire, int length) {
    return frame(wire, BINARY, length);
  }

  /** A sign of life that asks for nothing. */
  static ByteBuffer pong(Wire wire) {
    return frame(wire, PONG, 0);
  }

  private static ByteBuffer frame(Wire wire, int opcode, int length) {
    ByteBuffer frame = wire.buffer(LONGEST_HEADER + length);
    frame.put((byte) (FIN | opcode));
    if (length < MEDIUM) {
      frame.put((byte) (MASKED | length));
    } else if (length < 1 << Short.SIZE) {
      frame.put((byte) (MASKED | MEDIUM)).putShort((short) length);
    } else {
      frame.put((byte) (MASKED | LARGE)).putLong(length);
    }
    frame.putInt(MASK);
    for (int i = 0; i < length; i++) {
      frame.put((byte) (i * 31 ^ i >> 8));
    }
    return frame.flip();
  }
}
