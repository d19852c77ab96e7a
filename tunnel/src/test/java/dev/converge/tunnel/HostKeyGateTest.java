package dev.converge.tunnel;

import static dev.converge.tunnel.SshServerBytes.handshake;
import static dev.converge.tunnel.SshServerBytes.join;
import static dev.converge.tunnel.SshServerBytes.keyExchangeInit;
import static dev.converge.tunnel.SshServerBytes.newKeys;
import static dev.converge.tunnel.SshServerBytes.packet;
import static dev.converge.tunnel.SshServerBytes.reply;
import static dev.converge.tunnel.SshServerBytes.string;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostKeyGateTest {
  private static final byte[] RIGHT = SshServerBytes.key("right");
  private static final byte[] WRONG = SshServerBytes.key("wrong");
  private static final byte[] HELLO = "SSH-2.0-Test\r\n".getBytes(UTF_8);
  private static final byte[] INIT = packet(keyExchangeInit());
  private static final byte[] NEXT_INIT = join(HELLO, INIT);

  private final HostKeyGate gate = new HostKeyGate(HostKeyPin.of(ByteBuffer.wrap(RIGHT)));
  private final ByteArrayOutputStream client = new ByteArrayOutputStream();

  private void arrive(byte... bytes) throws UntrustedServer {
    gate.pass(bytes, 0, bytes.length, client::write);
  }

  private void refused(byte[] bytes, String message) {
    assertThatExceptionOfType(UntrustedServer.class)
        .isThrownBy(() -> arrive(bytes))
        .withMessageContaining(message);
  }

  @Test
  void rightKeyLetsEverythingThroughAsItIs() throws UntrustedServer {
    byte[] encrypted = new byte[100_000];
    new Random(1).nextBytes(encrypted);
    byte[] all = join("welcome\r\nhello\n".getBytes(UTF_8), handshake(RIGHT), encrypted);

    arrive(all);

    assertThat(client.toByteArray()).isEqualTo(all);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 13, 64, 1000})
  void piecesOfAnySizeMakeTheSame(int size) throws UntrustedServer {
    byte[] all = join(handshake(RIGHT), new byte[100]);
    for (int from = 0; from < all.length; from += size) {
      arrive(Arrays.copyOfRange(all, from, Math.min(all.length, from + size)));
    }
    assertThat(client.toByteArray()).isEqualTo(all);
  }

  @Test
  void wrongKeyIsRefusedAtEverySplitAndItsReplyNeverPasses() {
    byte[] all = join(handshake(WRONG), new byte[100]);
    for (int split = 0; split <= all.length; split++) {
      client.reset();
      HostKeyGate fresh = new HostKeyGate(HostKeyPin.of(ByteBuffer.wrap(RIGHT)));
      byte[] head = Arrays.copyOf(all, split);
      byte[] tail = Arrays.copyOfRange(all, split, all.length);
      assertThatExceptionOfType(UntrustedServer.class)
          .isThrownBy(
              () -> {
                fresh.pass(head, 0, head.length, client::write);
                fresh.pass(tail, 0, tail.length, client::write);
              })
          .withMessage(
              "the host key is "
                  + SshServerBytes.pin(WRONG).substring(1)
                  + ", not the "
                  + SshServerBytes.pin(RIGHT).substring(1)
                  + " of the invitation: somebody between you and the agent answers in its place,"
                  + " or the agent was started anew; nobody was logged in");
      assertThat(client.toByteArray()).isEqualTo(NEXT_INIT);
    }
  }

  @Test
  void nothingPassesAfterARefusal() throws UntrustedServer {
    refused(handshake(WRONG), "the host key is SHA256:");
    arrive(handshake(RIGHT));
    assertThat(client.toByteArray()).isEqualTo(NEXT_INIT);
  }

  @Test
  void everyPacketIsHeldBackUntilItIsWhole() throws UntrustedServer {
    arrive(join(NEXT_INIT, Arrays.copyOf(reply(RIGHT), 30)));
    assertThat(client.toByteArray()).isEqualTo(NEXT_INIT);
  }

  /** After a right start, all that a server could try to have its own key used. */
  static Stream<Arguments> tricks() {
    byte[] group = join(new byte[] {31}, string(RIGHT), string((byte) 2));
    byte[] certificate =
        join(string("ssh-ed25519-cert-v01@openssh.com".getBytes(UTF_8)), RIGHT, RIGHT);
    return Stream.of(
        trick("message 21 (expected: 31)", newKeys()),
        trick("message 31 (expected: 21)", reply(RIGHT), reply(WRONG)),
        trick("message 33 (expected: 21)", reply(RIGHT), packet((byte) 33)),
        trick("a malformed message 31", packet(group)),
        trick("message 2 (expected: 31)", packet((byte) 2, (byte) 0)),
        trick("message 3 (expected: 21)", reply(RIGHT), packet((byte) 3)),
        trick("message 4 (expected: 31)", packet((byte) 4)),
        trick("message 7 (expected: 21)", reply(RIGHT), packet((byte) 7)),
        trick("message 20 (expected: 31)", INIT),
        trick("message 20 (expected: 21)", reply(RIGHT), INIT),
        trick("message 33 (expected: 31)", packet((byte) 33)),
        trick("message 52 (expected: 31)", packet((byte) 52)),
        trick("message 52 (expected: 21)", reply(RIGHT), packet((byte) 52)),
        trick("message 80 (expected: 31)", packet((byte) 80)),
        trick("a malformed message 21", reply(RIGHT), packet((byte) 21, (byte) 0)),
        trick("a malformed message 31", packet((byte) 31)),
        trick("a malformed message 31", packet(join(new byte[] {31}, new byte[] {-1, -1, -1, -1}))),
        trick("a malformed message 31", packet(join(new byte[] {31}, string(RIGHT)))),
        trick("the host key is", packet(join(new byte[] {31}, string(new byte[0])))),
        trick("the host key is", reply(certificate)),
        trick("the host key is", reply(join(RIGHT, new byte[1]))));
  }

  private static Arguments trick(String message, byte[]... packets) {
    return Arguments.of(message, join(packets));
  }

  @ParameterizedTest
  @MethodSource("tricks")
  void anythingButOneReplyAndNewKeysIsRefused(String message, byte[] packets) {
    refused(join(NEXT_INIT, packets), message);
    assertThat(client.toString(ISO_8859_1)).doesNotContain("wrong");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "diffie-hellman-group-exchange-sha256",
        "curve25519-sha256,diffie-hellman-group-exchange-sha256",
        "rsa2048-sha256",
        "gss-group14-sha256-toWM5Slw5Ew8Mqkay+al2g==",
        "",
        "curve25519-sha256,",
      })
  void exchangesWhoseReplyIsAnotherAreRefused(String exchanges) {
    refused(join(HELLO, packet(keyExchangeInit(exchanges, 0))), "the key exchange '");
  }

  @Test
  void exchangesOfTheAgentAreTaken() throws UntrustedServer {
    String exchanges =
        "mlkem768x25519-sha256,sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com,"
            + "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,"
            + "ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group16-sha512,"
            + "diffie-hellman-group18-sha512,ext-info-s,kex-strict-s-v00@openssh.com";
    byte[] all =
        join(HELLO, packet(keyExchangeInit(exchanges, 0)), reply(RIGHT), newKeys(), new byte[9]);
    arrive(all);
    assertThat(client.toByteArray()).isEqualTo(all);
  }

  @Test
  void guessWouldLetTheClientSkipTheReplyThatIsSeenHere() {
    refused(join(HELLO, packet(keyExchangeInit("curve25519-sha256", 1)), reply(RIGHT)), "a guess");
  }

  @Test
  void initThatEndsEarlyOrLateIsRefused() {
    byte[] whole = keyExchangeInit();
    refused(join(HELLO, packet(Arrays.copyOf(whole, whole.length - 1))), "a malformed message 20");
    HostKeyGate fresh = new HostKeyGate(HostKeyPin.of(ByteBuffer.wrap(RIGHT)));
    byte[] longer = join(HELLO, packet(join(whole, new byte[1])));
    assertThatExceptionOfType(UntrustedServer.class)
        .isThrownBy(() -> fresh.pass(longer, 0, longer.length, client::write))
        .withMessageContaining("a malformed message 20");
  }

  @Test
  void disconnectReachesTheClientAndOpensNothing() throws UntrustedServer {
    byte[] disconnect = packet(join(new byte[] {1, 0, 0, 0, 11}, string("enough".getBytes(UTF_8))));
    arrive(join(HELLO, disconnect, INIT, disconnect));
    assertThat(client.toByteArray()).isEqualTo(join(HELLO, disconnect, INIT, disconnect));
    refused(reply(WRONG), "the host key is");
  }

  @Test
  void textInsteadOfSshReachesTheClientThoughItDoesNotEnd() throws UntrustedServer {
    arrive("Too many connections, try lat".getBytes(UTF_8));
    assertThat(client).hasToString("Too many connections, try lat");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-1.99-x\n",
        "SSH-1.5-x\n",
        "SSH-2.1-x\n",
        "a\rSSH-2.0-x\r\n",
        "a\r\r\n",
        "a\0\n",
        "\033[2J\n",
        "\177\n",
      })
  void textThatAClientCouldReadOtherwiseIsRefused(String text) {
    refused(text.getBytes(ISO_8859_1), "the host key of the invitation was not shown: ");
  }

  @Test
  void packetsCannotHideInText() {
    refused(join("hello\n".getBytes(UTF_8), INIT), "control characters (expected: SSH)");
    assertThat(client).hasToString("");
  }

  @Test
  void textIsLimited() {
    refused("a".repeat(256).getBytes(UTF_8), "much text");
    HostKeyGate fresh = new HostKeyGate(HostKeyPin.of(ByteBuffer.wrap(RIGHT)));
    byte[] lines = "a\n".repeat(5000).getBytes(UTF_8);
    assertThatExceptionOfType(UntrustedServer.class)
        .isThrownBy(() -> fresh.pass(lines, 0, lines.length, client::write))
        .withMessageContaining("much text");
  }

  static Stream<byte[]> malformedPackets() {
    return Stream.of(
        packetHead(35_004, 4), // larger than clients must take
        packetHead(Integer.MAX_VALUE, 4),
        packetHead(-4, 4),
        packetHead(0, 4),
        packetHead(13, 4), // not whole blocks
        packetHead(12, 3), // little padding
        packetHead(12, 11), // no payload
        packetHead(12, 255));
  }

  private static byte[] packetHead(int length, int padding) {
    return ByteBuffer.allocate(5).putInt(length).put((byte) padding).array();
  }

  @ParameterizedTest
  @MethodSource("malformedPackets")
  void malformedPacketIsRefusedByItsHead(byte[] head) {
    refused(join(HELLO, head), "a malformed packet");
  }

  @Test
  void randomBytesNeverPassForAServer() {
    Random random = new Random(2);
    for (int i = 0; i < 10_000; i++) {
      byte[] noise = new byte[random.nextInt(200) + 100];
      random.nextBytes(noise);
      HostKeyGate fresh = new HostKeyGate(HostKeyPin.of(ByteBuffer.wrap(RIGHT)));
      ByteArrayOutputStream passed = new ByteArrayOutputStream();
      byte[] all = join(NEXT_INIT, noise);
      try {
        fresh.pass(all, 0, all.length, passed::write);
      } catch (UntrustedServer e) {
        // As it should be, unless it waits for more of a packet.
      }
      assertThat(passed.size()).isEqualTo(NEXT_INIT.length);
    }
  }
}
