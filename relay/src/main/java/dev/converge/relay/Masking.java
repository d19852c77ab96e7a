package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/** Takes the mask of RFC 6455, section 5.3, off a payload where it lies. */
final class Masking {
  /** Below this, a view costs more than it saves. */
  private static final int WORTH_A_VIEW = 256;

  private Masking() {}

  /**
   * Unmasks part of a payload.
   *
   * @param mask the byte for the first one of {@code bytes} on top
   */
  static void remove(int mask, ByteBuf bytes, int from, int length) {
    if (mask == 0) {
      return;
    }
    int whole = length & -Long.BYTES;
    long wide = ((long) mask << Integer.SIZE) | (mask & 0xffff_ffffL);
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    if (whole >= WORTH_A_VIEW && bytes.nioBufferCount() == 1) {
      inView(
          bytes.nioBuffer(from, whole).order(ByteOrder.nativeOrder()).asLongBuffer(),
          little ? Long.reverseBytes(wide) : wide);
    } else {
      for (int i = from; i < from + whole; i += Long.BYTES) {
        bytes.setLong(i, bytes.getLong(i) ^ wide);
      }
    }
    for (int i = whole; i < length; i++) {
      int octet = mask >>> (Byte.SIZE * (3 - (i & 3)));
      bytes.setByte(from + i, bytes.getByte(from + i) ^ octet);
    }
  }

  /** A loop over one view: the JIT makes vector instructions of it. */
  private static void inView(LongBuffer words, long mask) {
    int count = words.limit();
    for (int i = 0; i < count; i++) {
      words.put(i, words.get(i) ^ mask);
    }
  }

  /** The mask for what comes behind {@code length} bytes. */
  static int behind(int mask, int length) {
    return Integer.rotateLeft(mask, Byte.SIZE * (length & 3));
  }
}
