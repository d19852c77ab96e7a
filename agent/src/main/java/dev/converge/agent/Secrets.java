package dev.converge.agent;

import java.security.SecureRandom;
import java.util.Base64;

/** Secrets made for one run. */
final class Secrets {
  /** Without letters and digits that one mistakes for others; 32 of them make 5 bits each. */
  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

  private static final int GROUPS = 5;
  private static final int GROUP_LENGTH = 5;
  private static final int KEY_BYTES = 32;

  private Secrets() {}

  /** 125 random bits that one can read out and type: {@code xxxxx-xxxxx-xxxxx-xxxxx-xxxxx}. */
  static String password() {
    SecureRandom random = new SecureRandom();
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < GROUPS * GROUP_LENGTH; i++) {
      if (i > 0 && i % GROUP_LENGTH == 0) {
        password.append('-');
      }
      password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return password.toString();
  }

  /** 256 random bits, fit for an HTTP header. */
  static String key() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
  }
}
