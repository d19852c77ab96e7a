package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.MessageSizeEstimator;

/**
 * Counts what waits to be written by the memory that it holds: a byte may wait in a buffer for
 * many, and the bound of a slow reader is one of memory.
 */
final class HeldMemory implements MessageSizeEstimator {
  private static final Handle OTHERS = DefaultMessageSizeEstimator.DEFAULT.newHandle();

  @Override
  public Handle newHandle() {
    return message -> message instanceof ByteBuf bytes ? bytes.capacity() : OTHERS.size(message);
  }
}
