package dev.converge.relay;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames of RFC 6455, section 5.2, put together by hand so that they can be wrong. */
final class Frames {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;
  static final int FIN = 0x80;

  private static final byte[] MASK = {0x12, (byte) 0xfe, 0x34, 0x56};

  private Frames() {}

  /** A masked frame. */
  static byte[] frame(int firstByte, byte[] payload) {
    return frame(firstByte, payload, payload.length, true);
  }

  static byte[] frame(int firstByte, String payload) {
    return frame(firstByte, payload.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] unmasked(int firstByte, byte[] payload) {
    return frame(firstByte, payload, payload.length, false);
  }

  /** A frame that announces {@code length} bytes and has {@code payload}. */
  static byte[] frame(int firstByte, byte[] payload, long length, boolean masked) {
    var frame = new ByteArrayOutputStream();
    frame.write(firstByte);
    int maskBit = masked ? 0x80 : 0;
    if (length >= 0 && length < 126) {
      frame.write(maskBit | (int) length);
    } else if (length >= 0 && length < 65536) {
      frame.write(maskBit | 126);
      frame.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
    } else {
      frame.write(maskBit | 127);
      frame.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
    }
    if (masked) {
      frame.writeBytes(MASK);
    }
    for (int i = 0; i < payload.length; i++) {
      frame.write(masked ? payload[i] ^ MASK[i % 4] : payload[i]);
    }
    return frame.toByteArray();
  }

  static byte[] close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    return close(ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
  }

  static byte[] close(byte[] payload) {
    return frame(FIN | CLOSE, payload);
  }
}
