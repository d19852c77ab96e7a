package dev.converge.agent;

import dev.converge.tunnel.MaskKeys;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/** Makes binary messages of a WebSocket client, which are masked (RFC 6455, section 5.3). */
final class MaskedFrame {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int LONGEST_HEAD = 14;
  private static final int FINAL_BINARY = 0x82;
  private static final int MASKED = 0x80;
  private static final int LENGTH_OF_16_BITS = 126;
  private static final int LENGTH_OF_64_BITS = 127;

  /** What is masked at a time stays in the processor's first cache. */
  private static final int CHUNK = 8 * 1024;

  private final MaskKeys masks = new MaskKeys(new SecureRandom());
  private final byte[] chunk = new byte[CHUNK];

  /** A frame that holds the bytes, which are read; for one thread at a time. */
  ByteBuf of(ByteBuf bytes, ByteBufAllocator allocator) {
    int mask = masks.next();
    ByteBuf frame = allocator.buffer(LONGEST_HEAD + bytes.readableBytes());
    writeHead(frame, bytes.readableBytes(), mask);
    while (bytes.isReadable()) {
      int count = Math.min(CHUNK, bytes.readableBytes());
      bytes.readBytes(chunk, 0, count);
      mask(count, mask);
      frame.writeBytes(chunk, 0, count);
    }
    return frame;
  }

  private static void writeHead(ByteBuf frame, int length, int mask) {
    frame.writeByte(FINAL_BINARY);
    if (length < LENGTH_OF_16_BITS) {
      frame.writeByte(MASKED | length);
    } else if (length <= 0xffff) {
      frame.writeByte(MASKED | LENGTH_OF_16_BITS).writeShort(length);
    } else {
      frame.writeByte(MASKED | LENGTH_OF_64_BITS).writeLong(length);
    }
    frame.writeInt(mask);
  }

  private void mask(int count, int mask) {
    long wide = ((long) mask << Integer.SIZE) | (mask & 0xffffffffL);
    int i = 0;
    for (; i <= count - Long.BYTES; i += Long.BYTES) {
      LONG.set(chunk, i, (long) LONG.get(chunk, i) ^ wide);
    }
    for (; i < count; i++) {
      chunk[i] ^= (byte) (wide >>> (Long.SIZE - Byte.SIZE - Byte.SIZE * (i % Long.BYTES)));
    }
  }
}
