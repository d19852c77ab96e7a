package dev.converge.tunnel;

/**
 * The text with which an SSH server begins (RFC 4253, section 4.2): lines, the last of which names
 * version 2.0. Stricter than the RFC: neither lone carriage returns nor other control characters,
 * so that no client can take for a packet, which begins with a zero, what is a line here.
 */
final class SshIdentification {
  private static final String VERSION = "SSH-2.0-";
  private static final int MAX_LENGTH = 8192;
  private static final int MAX_LINE = 255;

  private final StringBuilder line = new StringBuilder();
  private int length;
  private boolean complete;

  /** Whether the last of the lines has ended. */
  boolean complete() {
    return complete;
  }

  /** Checks a byte of it. */
  void accept(byte octet) throws UntrustedServer {
    length++;
    if (length > MAX_LENGTH || line.length() == MAX_LINE) {
      throw UntrustedServer.sending("much text", "SSH");
    }
    char character = (char) (octet & 0xff);
    boolean carriageReturned = line.length() > 0 && line.charAt(line.length() - 1) == '\r';
    if (character == '\n') {
      end();
    } else if (carriageReturned || (character < ' ' && character != '\r') || character == 0x7f) {
      throw UntrustedServer.sending("control characters", "SSH");
    } else {
      line.append(character);
    }
  }

  private void end() throws UntrustedServer {
    complete = line.indexOf(VERSION) == 0;
    if (!complete && line.indexOf("SSH-") == 0) {
      throw UntrustedServer.sending(Text.excerpt(line.toString()), VERSION + "...");
    }
    line.setLength(0);
  }
}
