package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The frames of a server that keeps to no rule. */
final class FrameReaderFuzz {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "820161 89027069 8a00 880203e8",
            "020161 8900 000162 800163 8104c3a4c3a4",
            "0101c3 8001a4 880b03e9676f6f642d627965",
            "827e0080" + "61".repeat(128),
            "827f0000000000010000" + "61".repeat(32),
            "827f7fffffffffffffff 61",
            "817e03e8 61",
            "880103 8900",
            "8802ffff",
            "88040fa0c328",
            "0100 0100",
            "c20161",
            "0900",
            "8281000000006100")
        .map(hex -> HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @MethodSource("seeds")
  @FuzzTest
  void framesAreTheSameHoweverTheyArrive(byte @NotNull [] wire) {
    List<String> whole = read(new ByteArrayInputStream(wire), wire.length);
    assertThat(read(new Drops(wire), wire.length)).isEqualTo(whole);
  }

  /** What comes out, binary payload as one stream, and how it ends. */
  private static List<String> read(InputStream wire, int bytes) {
    var reader = new FrameReader(new Inbound(wire));
    List<String> seen = new ArrayList<>();
    var binary = new StringBuilder();
    try {
      int payload = 0;
      while (true) {
        Frame frame = reader.next();
        payload += frame.length();
        assertThat(payload).isLessThanOrEqualTo(bytes);
        if (frame.opcode() == Frame.BINARY) {
          binary.append(HexFormat.of().formatHex(frame.payload()));
        } else {
          seen.add(binary + "|" + understood(frame));
          binary.setLength(0);
        }
      }
    } catch (IOException e) {
      seen.add(binary + "|" + e);
    }
    return seen;
  }

  private static String understood(Frame frame) throws IOException {
    byte[] payload = frame.payload();
    switch (frame.opcode()) {
      case Frame.TEXT -> assertThat(isUtf8(payload)).isTrue();
      case Frame.PING, Frame.PONG -> assertThat(payload).hasSizeLessThanOrEqualTo(125);
      case Frame.CLOSE -> {
        CloseReason reason = CloseReason.parse(payload);
        assertThat(reason.payload()).isEqualTo(payload);
        assertThat(reason.toString()).matches("[0-9]{4}( [^\\p{Cc}\\p{Cf}]+)?");
      }
      default -> throw new AssertionError("opcode " + frame.opcode());
    }
    return frame.opcode() + HexFormat.of().formatHex(payload);
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Gives one byte at a time. */
  private static final class Drops extends ByteArrayInputStream {
    Drops(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
      return super.read(target, offset, Math.min(1, length));
    }
  }
}
