package dev.converge.relay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What tells agents apart.
 *
 * @param keyHash the SHA-256, in hex, of the key that the agent shows; empty if it shows none
 */
record Owner(String keyHash) {
  private static final Owner KEYLESS = new Owner("");

  /** The owner who shows {@code key}, which is not kept. */
  static Owner of(@Nullable String key) {
    if (key == null) {
      return KEYLESS;
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return new Owner(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
