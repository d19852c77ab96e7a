package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameWriterTest {
  private final CountingOutput out = new CountingOutput();
  private final FrameWriter writer = new FrameWriter(out, new SecureRandom());

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 125, 126, 65535, 65536})
  void frameIsMaskedWholeAndOneWrite(int length) throws IOException {
    byte[] bytes = new byte[length + 3];
    new Random(length).nextBytes(bytes);

    writer.binary(bytes, 3, length);

    expectOneFrame(Arrays.copyOfRange(bytes, 3, 3 + length));
  }

  @ParameterizedTest
  @CsvSource({"4, 65532", "12, 0", "5, 9", "6, 30", "7, 1", "32, 200"})
  void segmentIsOneFrameAndOneWrite(int head, int body) throws IOException {
    byte[] bytes = new byte[head + body + 3];
    new Random(head).nextBytes(bytes);
    byte[] start = Arrays.copyOf(bytes, head);
    byte[] ring = new byte[body + 3];
    System.arraycopy(bytes, head, ring, 2, body);

    writer.binary(new Segment(start, ring, 2, body));

    expectOneFrame(Arrays.copyOf(bytes, head + body));
  }

  private void expectOneFrame(byte[] expected) throws IOException {
    int length = expected.length;
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(out.toByteArray()));
    assertThat(in.readUnsignedByte()).isEqualTo(0x82);
    int second = in.readUnsignedByte();
    assertThat(second & 0x80).isEqualTo(0x80);
    int extended = length < 126 ? second & 0x7f : length < 65536 ? 126 : 127;
    assertThat(second & 0x7f).isEqualTo(extended);
    if (extended >= 126) {
      assertThat(extended == 126 ? in.readUnsignedShort() : in.readLong()).isEqualTo(length);
    }
    byte[] mask = in.readNBytes(4);
    byte[] payload = in.readAllBytes();
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    assertThat(payload).isEqualTo(expected);
    assertThat(out.writes).isEqualTo(1);
  }

  @Test
  void masksDiffer() throws IOException {
    writer.binary(new byte[4], 0, 4);
    writer.binary(new byte[4], 0, 4);

    byte[] bytes = out.toByteArray();
    assertThat(Arrays.copyOfRange(bytes, 2, 6)).isNotEqualTo(Arrays.copyOfRange(bytes, 12, 16));
  }

  @Test
  void longArrayBecomesSeveralFrames() throws IOException {
    writer.binary(new byte[150_000], 0, 150_000);

    assertThat(out.writes).isEqualTo(3);
    assertThat(out.size()).isEqualTo(150_000 + 14 + 14 + 8);
  }

  @Test
  void nothingFollowsTheCloseFrame() throws IOException {
    writer.close(CloseReason.normal("done"));
    int size = out.size();

    writer.close(CloseReason.normal("again"));
    writer.control(Frame.PING, new byte[0]);

    assertThatIOException().isThrownBy(() -> writer.binary(new byte[1], 0, 1));
    assertThat(out.size()).isEqualTo(size);
  }

  private static final class CountingOutput extends ByteArrayOutputStream {
    private int writes;

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      writes++;
      super.write(bytes, offset, length);
    }
  }
}
