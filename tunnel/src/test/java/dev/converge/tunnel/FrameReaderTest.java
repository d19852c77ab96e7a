package dev.converge.tunnel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameReaderTest {
  private static FrameReader reader(byte[] bytes) {
    return new FrameReader(new Inbound(new ByteArrayInputStream(bytes)));
  }

  private static FrameReader reader(String hex) {
    return reader(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 125, 126, 127, 65535, 65536, 65537, 1 << 20})
  void payloadOfEachLengthComesThroughInAnyPieces(int length) throws IOException {
    byte[] payload = new byte[length];
    new Random(length).nextBytes(payload);
    byte[] frame = Peer.frame(0x82, payload);
    int cut = Math.min(frame.length, 3);
    InputStream pieces =
        new SequenceInputStream(
            Collections.enumeration(
                List.of(
                    new ByteArrayInputStream(frame, 0, 1),
                    new ByteArrayInputStream(frame, 1, cut - 1),
                    new ByteArrayInputStream(frame, cut, frame.length - cut))));
    FrameReader reader = new FrameReader(new Inbound(pieces));

    ByteArrayOutputStream received = new ByteArrayOutputStream();
    while (received.size() < length) {
      received.writeBytes(reader.next().payload());
    }

    assertThat(received.toByteArray()).isEqualTo(payload);
    assertThatExceptionOfType(EOFException.class).isThrownBy(reader::next);
  }

  @Test
  void fragmentsWithControlFramesAmongThemAreOneStream() throws IOException {
    FrameReader reader = reader("02 01 61  89 02 7069  00 00  00 01 62  8a 00  80 01 63  82 01 64");
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Frame frame = reader.next();
      seen.add(frame.opcode() + new String(frame.payload(), UTF_8));
    }

    assertThat(seen).containsExactly("2a", "9pi", "2b", "10", "2c", "2d");
  }

  @Test
  void emptyMessagesSayNothing() throws IOException {
    assertThat(reader("82 00  02 00  80 00  82 01 61").next().payload()).containsExactly('a');
  }

  @Test
  void textIsOneFrameEvenIfACharacterIsTorn() throws IOException {
    Frame frame = reader("01 01 c3  80 01 a4").next();

    assertThat(frame.opcode()).isEqualTo(Frame.TEXT);
    assertThat(new String(frame.payload(), UTF_8)).isEqualTo("ä");
  }

  @ParameterizedTest
  @CsvSource({
    "c2 00, 1002, reserved bits",
    "a2 00, 1002, reserved bits",
    "92 00, 1002, reserved bits",
    "83 00, 1002, unknown opcode 3",
    "87 00, 1002, unknown opcode 7",
    "8b 00, 1002, unknown opcode 11",
    "8f 00, 1002, unknown opcode 15",
    "82 81 00000000 61, 1002, masked",
    "89 80 00000000, 1002, masked",
    "09 00, 1002, fragmented",
    "08 00, 1002, fragmented",
    "89 7e 007e, 1002, too long",
    "80 00, 1002, out of sequence",
    "00 01 61, 1002, out of sequence",
    "02 00 82 00, 1002, out of sequence",
    "02 00 01 00, 1002, out of sequence",
    "82 7e 007d, 1002, not minimal",
    "82 7f 000000000000ffff, 1002, not minimal",
    "82 7f 8000000000000000, 1002, not minimal",
    "82 7f 0000000000100001, 1009, frame of 1048577 bytes",
    "81 01 ff, 1007, not UTF-8",
    "81 02 c3 28, 1007, not UTF-8",
    "81 03 eda080, 1007, not UTF-8",
    "01 01 c3 80 00, 1007, not UTF-8",
  })
  void violationIsToldWithItsCode(String hex, int code, String what) {
    FrameReader reader = reader(hex);

    assertThatExceptionOfType(ProtocolViolation.class)
        .isThrownBy(reader::next)
        .withMessageContaining(what)
        .matches(e -> e.reason().code() == code);
  }

  @Test
  void textOfManyFragmentsIsBounded() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(Peer.frame(0x01, new byte[1 << 19]));
    bytes.writeBytes(Peer.frame(0x00, new byte[1 << 19]));
    bytes.writeBytes(Peer.frame(0x00, new byte[1]));

    assertThatExceptionOfType(ProtocolViolation.class)
        .isThrownBy(reader(bytes.toByteArray())::next)
        .matches(e -> e.reason().code() == CloseReason.TOO_BIG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "82", "82 7e", "82 7e 01", "82 02", "89 02 61", "81 01"})
  void endWithinAFrameIsAnEnd(String hex) {
    assertThatExceptionOfType(EOFException.class).isThrownBy(reader(hex)::next);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 1005, ''",
    "03e8, 1000, ''",
    "03e9 6279 65, 1001, bye",
    "0bb8, 3000, ''",
    "1387, 4999, ''",
    "03f6 78, 1014, x",
  })
  void closeFrameIsUnderstood(String hex, int code, String text) throws IOException {
    byte[] payload = HexFormat.of().parseHex(hex.replace(" ", ""));

    assertThat(CloseReason.parse(payload)).isEqualTo(new CloseReason(code, text));
    assertThat(new CloseReason(code, text).payload()).isEqualTo(payload);
  }

  @ParameterizedTest
  @CsvSource({
    "03, 1002",
    "03e7, 1002",
    "03ec, 1002",
    "03ed, 1002",
    "03ee, 1002",
    "03f7, 1002",
    "07d0, 1002",
    "0bb7, 1002",
    "1388, 1002",
    "ffff, 1002",
    "0000, 1002",
    "03e8ff, 1007",
  })
  void badCloseFrameIsAViolation(String hex, int code) {
    assertThatExceptionOfType(ProtocolViolation.class)
        .isThrownBy(() -> CloseReason.parse(HexFormat.of().parseHex(hex)))
        .matches(e -> e.reason().code() == code);
  }
}
