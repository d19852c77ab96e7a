package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What an SSH server, or whoever answers in its place, says before it encrypts. */
final class HostKeyGateFuzz {
  private static final HostKeyPin PIN = HostKeyPin.of(ByteBuffer.wrap(SshServerBytes.key("right")));

  static Stream<byte[]> seeds() {
    byte[] right = SshServerBytes.handshake(SshServerBytes.key("right"));
    return Stream.of(
        right,
        SshServerBytes.handshake(SshServerBytes.key("wrong")),
        Arrays.copyOf(right, right.length + 64),
        Arrays.copyOf(right, right.length / 2),
        "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
        "welcome\r\nSSH-1.99-x\r\n".getBytes(StandardCharsets.US_ASCII),
        new byte[64]);
  }

  @MethodSource("seeds")
  @FuzzTest
  void verdictIsTheSameHoweverTheBytesArrive(byte @NotNull [] bytes) {
    Passed whole = pass(bytes, bytes.length);
    Passed drops = pass(bytes, 1);
    assertThat(drops.refusal).isEqualTo(whole.refusal);
    assertThat(ByteBuffer.wrap(bytes, 0, drops.bytes.remaining())).isEqualTo(drops.bytes);
    // Of text that ends badly more has passed if it came in pieces; of packets just as much.
    int passed = whole.bytes.remaining();
    assertThat(drops.bytes.slice(0, passed)).isEqualTo(whole.bytes);
    assertThat(passed == drops.bytes.remaining() || !whole.refusal.isEmpty()).isTrue();
    assertThat(whole.refusal).matches("[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]*");
  }

  private record Passed(ByteBuffer bytes, String refusal) {}

  private static Passed pass(byte[] bytes, int piece) {
    var gate = new HostKeyGate(PIN);
    var client = new ByteArrayOutputStream();
    try {
      for (int at = 0; at < bytes.length; at += piece) {
        gate.pass(bytes, at, Math.min(piece, bytes.length - at), client::write);
      }
      return new Passed(ByteBuffer.wrap(client.toByteArray()), "");
    } catch (UntrustedServer e) {
      return new Passed(ByteBuffer.wrap(client.toByteArray()), String.valueOf(e.getMessage()));
    }
  }
}
