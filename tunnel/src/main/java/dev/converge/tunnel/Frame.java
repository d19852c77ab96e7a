package dev.converge.tunnel;

import java.util.Arrays;

/**
 * A frame, or the part of a binary one that has arrived so far.
 *
 * @param opcode one of the constants here
 * @param bytes shared with the reader: valid until it reads on
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(int opcode, byte[] bytes, int offset, int length) {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  static boolean isControl(int opcode) {
    return opcode >= CLOSE;
  }

  byte[] payload() {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }
}
