package dev.converge.tunnel;

import java.math.BigInteger;
import java.security.SecureRandom;

/**
 * The name under which an agent and its clients meet: 1 to 128 of {@code A-Z a-z 0-9 . _ -}.
 *
 * @param value the ID as it stands in the request path
 */
public record SessionId(String value) {
  private static final int RANDOM_BITS = 160;
  private static final int RANDOM_LENGTH = 31;
  private static final int MAX_LENGTH = 128;

  /**
   * @throws IllegalArgumentException if {@code value} is not of the form of an ID; the message is
   *     meant for the user
   */
  public SessionId {
    if (!isId(value)) {
      throw new IllegalArgumentException(
          "ID: '" + Text.excerpt(value) + "' (expected: 1 to 128 of A-Z a-z 0-9 . _ -)");
    }
  }

  /** Not by a regular expression: loading those would slow down the start of a program. */
  private static boolean isId(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return !value.isEmpty() && value.length() <= MAX_LENGTH;
  }

  /** A new ID of 160 random bits, in lower-case base 36. */
  public static SessionId random() {
    String digits = new BigInteger(RANDOM_BITS, new SecureRandom()).toString(Character.MAX_RADIX);
    return new SessionId("0".repeat(RANDOM_LENGTH - digits.length()) + digits);
  }

  @Override
  public String toString() {
    return value;
  }
}
