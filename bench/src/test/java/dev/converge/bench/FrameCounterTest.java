package dev.converge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameCounterTest {
  private final FrameCounter counter = new FrameCounter();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 200, 65535, 65536, 100_000})
  void aMaskedFrameCountsItsPayloadWhereverItIsCut(int length) throws Exception {
    ByteBuffer frame = binary(length);
    while (frame.hasRemaining()) {
      ByteBuffer part = frame.slice(frame.position(), Math.min(3, frame.remaining()));
      frame.position(frame.position() + part.remaining());
      counter.add(part);
    }
    counter.add(binary(5));
    assertThat(counter.payload()).isEqualTo(length + 5);
  }

  @Test
  void framesWithoutAMaskCountTooAndControlFramesDoNot() {
    counter.add(bytes(0x82, 2, 'a', 'b', 0x89, 1, 'x', 0x81, 3, '{', '}', '\n', 0x82, 1, 'c'));
    assertThat(counter.payload()).isEqualTo(3);
  }

  @Test
  void aMessageInPartsCountsWhole() {
    counter.add(bytes(0x02, 1, 'a', 0x80, 2, 'b', 'c'));
    assertThat(counter.payload()).isEqualTo(3);
  }

  @Test
  void aConnectionThatIsClosedIsNotMeasured() {
    assertThatIllegalStateException().isThrownBy(() -> counter.add(bytes(0x88, 0)));
  }

  private static ByteBuffer binary(int length) throws Exception {
    try (SocketChannel channel = SocketChannel.open()) {
      return Frames.binary(new PlainWire(channel), length);
    }
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length);
    for (int value : values) {
      buffer.put((byte) value);
    }
    return buffer.flip();
  }
}
