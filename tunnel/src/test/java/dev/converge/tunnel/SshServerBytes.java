package dev.converge.tunnel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** What an SSH server says before it encrypts, byte by byte as a test wants it. */
public final class SshServerBytes {
  /** A public key as the reply carries it; two tests' keys differ by their name. */
  public static byte[] key(String name) {
    return join(string("ssh-ed25519".getBytes(UTF_8)), string(name.getBytes(UTF_8)));
  }

  /** The fragment of the URL that pins a key, with its number sign. */
  public static String pin(byte[] key) {
    return "#" + HostKeyPin.of(ByteBuffer.wrap(key));
  }

  /** A handshake that shows {@code key}, up to where encryption begins. */
  public static byte[] handshake(byte[] key) {
    return join(
        "SSH-2.0-Test\r\n".getBytes(UTF_8), packet(keyExchangeInit()), reply(key), newKeys());
  }

  static byte[] keyExchangeInit() {
    return keyExchangeInit("mlkem768x25519-sha256,curve25519-sha256,ext-info-s", 0);
  }

  static byte[] keyExchangeInit(String exchanges, int guess) {
    byte[] lists = new byte[0];
    for (int i = 0; i < 9; i++) {
      lists = join(lists, string("aes128-gcm@openssh.com,none".getBytes(UTF_8)));
    }
    return join(
        new byte[] {20},
        new byte[16],
        string(exchanges.getBytes(UTF_8)),
        lists,
        new byte[] {(byte) guess, 0, 0, 0, 0});
  }

  static byte[] reply(byte[] key) {
    return packet(join(new byte[] {31}, string(key), string(new byte[32]), string(new byte[80])));
  }

  static byte[] newKeys() {
    return packet((byte) 21);
  }

  /** A packet in the clear, with the least padding. */
  static byte[] packet(byte... payload) {
    int padding = 8 - (5 + payload.length) % 8;
    padding += padding < 4 ? 8 : 0;
    return ByteBuffer.allocate(5 + payload.length + padding)
        .putInt(1 + payload.length + padding)
        .put((byte) padding)
        .put(payload)
        .array();
  }

  static byte[] string(byte... bytes) {
    return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private SshServerBytes() {}
}
