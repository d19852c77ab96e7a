package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Buffers that are counted, so that a test sees at once which were lost. */
final class Buffers {
  static final UnpooledByteBufAllocator COUNTED = UnpooledByteBufAllocator.DEFAULT;

  static {
    new HttpResponseEncoder(); // It keeps some constants in buffers.
  }

  private Buffers() {}

  static ByteBuf of(byte[] bytes) {
    return COUNTED.buffer(bytes.length + 1).writeBytes(bytes);
  }

  static ByteBuf of(ByteBuf bytes) {
    return COUNTED.buffer(bytes.readableBytes() + 1).writeBytes(bytes);
  }

  /** Bytes that are allocated now. */
  static long held() {
    return COUNTED.metric().usedHeapMemory() + COUNTED.metric().usedDirectMemory();
  }
}
