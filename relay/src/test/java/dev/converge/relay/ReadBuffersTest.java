package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.RecvByteBufAllocator;
import org.junit.jupiter.api.Test;

final class ReadBuffersTest {
  private final RecvByteBufAllocator.ExtendedHandle handle = new ReadBuffers().newHandle();

  /** Reads what is there of {@code bytes}; returns how large the buffer was. */
  private int read(int bytes) {
    ByteBuf buffer = handle.allocate(Buffers.COUNTED);
    int capacity = buffer.capacity();
    assertThat(buffer.readerIndex()).isGreaterThanOrEqualTo(FrameEncoder.MOST_HEADER);
    handle.attemptedBytesRead(buffer.writableBytes());
    handle.lastBytesRead(Math.min(bytes, buffer.writableBytes()));
    buffer.release();
    return capacity;
  }

  @Test
  void littleIsReadIntoSmallBuffers() {
    assertThat(read(1)).isEqualTo(ReadBuffers.SMALL);
    assertThat(read(1000)).isEqualTo(ReadBuffers.SMALL);
  }

  @Test
  void muchIsReadIntoLargeBuffersUntilLittleComesTwice() {
    read(1 << 20);
    assertThat(read(1 << 20)).isEqualTo(ReadBuffers.LARGE);
    assertThat(read(14)).isEqualTo(ReadBuffers.LARGE);
    assertThat(read(30_000))
        .as("one short read was the end of a frame")
        .isEqualTo(ReadBuffers.LARGE);
    read(14);
    read(14);
    assertThat(read(14)).isEqualTo(ReadBuffers.SMALL);
  }
}
