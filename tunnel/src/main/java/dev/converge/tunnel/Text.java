package dev.converge.tunnel;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text that came from elsewhere, cut and cleaned until it may stand in a message. */
public final class Text {
  private static final int EXCERPT = 80;

  private Text() {}

  /** The first 80 characters of {@code text}, control characters shown as {@code ?}. */
  public static String excerpt(String text) {
    return printable(text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "...");
  }

  /** {@code text} with everything that could move a terminal's cursor replaced by {@code ?}. */
  public static String printable(String text) {
    return isPlain(text) ? text : text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
  }

  /** Most text is, and needs no regular expression to be loaded. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  /** The longest start of {@code text} that fits in {@code bytes} bytes of UTF-8. */
  public static String truncateUtf8(String text, int bytes) {
    ByteBuffer room = ByteBuffer.allocate(bytes);
    CharBuffer rest = CharBuffer.wrap(text);
    StandardCharsets.UTF_8.newEncoder().encode(rest, room, true);
    return text.substring(0, rest.position());
  }

  /**
   * The text that {@code bytes} are in UTF-8.
   *
   * @throws CharacterCodingException if they are not UTF-8
   */
  static String fromUtf8(byte[] bytes, int offset, int length) throws CharacterCodingException {
    ByteBuffer encoded = ByteBuffer.wrap(bytes, offset, length);
    return StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
  }
}
