package dev.converge.tunnel;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The messages of an SSH server up to the point from which on everything is encrypted, and whether
 * they show the pinned host key.
 *
 * <p>The agent's own sequence is the only one allowed: KEXINIT, one reply, NEWKEYS, and a
 * DISCONNECT at any time. All else is refused, though the RFC may allow it: a message that the
 * client ignores, where this class does not, would let a server show the right key here and another
 * one there. For the same reason the server may not guess (RFC 4253, section 7), and may offer only
 * exchanges in which message 31 is the reply, with the host key first (RFC 4253, section 8; RFC
 * 5656, section 4; the post-quantum hybrids), which a group exchange (RFC 4419) is not.
 *
 * <p>That the server also owns the key is for the client to verify: the reply carries a signature
 * with it.
 */
final class KeyExchange {
  private static final int DISCONNECT = 1;
  private static final int KEXINIT = 20;
  private static final int NEWKEYS = 21;
  private static final int REPLY = 31;

  private static final int COOKIE = 16;
  private static final int OTHER_NAME_LISTS = 9;

  private static final Pattern UNDERSTOOD =
      Pattern.compile(
          "ext-info-s|kex-strict-s-v00@openssh\\.com"
              + "|curve(25519|448)-sha[0-9]+(@libssh\\.org)?"
              + "|ecdh-sha2-[0-9a-z.]+"
              + "|diffie-hellman-group[0-9]+-sha[0-9]+"
              + "|sntrup761x25519-sha512(@openssh\\.com)?"
              + "|mlkem[0-9]+(x25519|nistp[0-9]+)-sha[0-9]+");

  private final HostKeyPin pin;
  private int next = KEXINIT;
  private boolean over;

  KeyExchange(HostKeyPin pin) {
    this.pin = pin;
  }

  /** Whether the server has shown the key, and encrypts from now on. */
  boolean over() {
    return over;
  }

  /** Checks a message of the server. */
  void check(ByteBuffer message) throws UntrustedServer {
    int type = message.get() & 0xff;
    if (type == DISCONNECT) {
      return; // tells the client why, and lets the server do nothing
    }
    if (type != next) {
      throw UntrustedServer.sending("message " + type, String.valueOf(next));
    }
    try {
      follow(type, message);
    } catch (BufferUnderflowException e) {
      throw malformed(type);
    }
    if (message.hasRemaining()) {
      throw malformed(type);
    }
  }

  private void follow(int type, ByteBuffer message) throws UntrustedServer {
    switch (type) {
      case KEXINIT -> {
        checkOffer(message);
        next = REPLY;
      }
      case REPLY -> {
        checkKey(message);
        next = NEWKEYS;
      }
      default -> over = true;
    }
  }

  private static void checkOffer(ByteBuffer message) throws UntrustedServer {
    string(message, COOKIE);
    String exchanges = StandardCharsets.US_ASCII.decode(string(message)).toString();
    for (String exchange : exchanges.split(",", -1)) {
      if (!UNDERSTOOD.matcher(exchange).matches()) {
        throw UntrustedServer.sending(
            "the key exchange '" + Text.excerpt(exchange) + "'", "one that shows a key at once");
      }
    }
    for (int i = 0; i < OTHER_NAME_LISTS; i++) {
      string(message);
    }
    if (message.get() != 0) {
      throw UntrustedServer.sending("a guess", "none");
    }
    message.getInt(); // reserved
  }

  private void checkKey(ByteBuffer message) throws UntrustedServer {
    HostKeyPin shown = HostKeyPin.of(string(message));
    if (!shown.equals(pin)) {
      throw UntrustedServer.with(shown, pin);
    }
    string(message); // the server's half of the exchange
    string(message); // the signature
  }

  private static ByteBuffer string(ByteBuffer message) {
    return string(message, message.getInt());
  }

  private static ByteBuffer string(ByteBuffer message, int length) {
    if (length < 0 || length > message.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer string = message.slice(message.position(), length);
    message.position(message.position() + length);
    return string;
  }

  private static UntrustedServer malformed(int type) {
    return UntrustedServer.sending("a malformed message " + type, "SSH");
  }
}
