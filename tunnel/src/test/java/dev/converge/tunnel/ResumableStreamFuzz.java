package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.io.IOException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client of a resumable stream makes of an agent that keeps to no rule. */
final class ResumableStreamFuzz {
  private static final StreamId ID = new StreamId(1, 2);
  private static final String HELLO =
      "ce435647 01 03 001c 0000000000000001 0000000000000002 00000001 ";

  static Stream<byte[]> seeds() {
    return Stream.of(
            HELLO + "0000000000000000 01000003 616263 03000002 03e8",
            HELLO + "0000000000000000 02000008 0000000000000003 03000000",
            HELLO + "0000000000000000 02000008 ffffffffffffffff",
            HELLO + "0000000000000001",
            HELLO + "0000000000000000 04000000",
            HELLO + "0000000000000000 01000000",
            HELLO + "0000000000000000 03000000 01000001 61",
            "ce435647 00 00 0000 5353482d",
            "ce435647 02 00 0001 00 5353482d",
            "ce435647 01 04 001f 0000000000000001 0000000000000002 00000000 0000000000000000 676f6e",
            "ce435647 01 03 ffff",
            "5353482d322e30")
        .map(hex -> HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @MethodSource("seeds")
  @FuzzTest
  void verdictIsTheSameHoweverTheBytesArrive(byte @NotNull [] wire) {
    assertThat(run(wire, 1)).isEqualTo(run(wire, Math.max(1, wire.length)));
  }

  /** What comes out, data as one stream, and how it ends. */
  private static String run(byte[] wire, int piece) {
    var stream = ResumableStream.client(ID, StreamLimits.DEFAULT);
    stream.pathOpened(0);
    assertThat(stream.poll(0)).isNotNull();
    var seen = new StringBuilder();
    try {
      for (int at = 0; at < wire.length; at += piece) {
        stream.receive(wire, at, Math.min(piece, wire.length - at), 0);
        for (StreamEvent e = stream.next(); e != null; e = stream.next()) {
          if (e instanceof StreamEvent.Plain) {
            return seen + "plain"; // what follows is none of the stream's business
          }
          note(e, seen);
          say(stream, e);
        }
      }
    } catch (IOException e) {
      seen.append(e.getMessage());
      assertThat(seen.toString()).doesNotContain("\n");
    }
    return seen.toString();
  }

  private static void note(StreamEvent event, StringBuilder seen) {
    if (event instanceof StreamEvent.Data data) {
      assertThat(data.length()).isPositive();
      seen.append(
          HexFormat.of().formatHex(data.bytes(), data.offset(), data.offset() + data.length()));
    } else {
      seen.append(event);
    }
  }

  /** Three bytes, which the agent may then acknowledge. */
  private static void say(ResumableStream stream, StreamEvent event) {
    if (event instanceof StreamEvent.Opened) {
      stream.write(new byte[3], 0, 3);
      while (stream.poll(0) != null) {}
    }
  }
}
