package dev.converge.tunnel;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Which host key an SSH server must show.
 *
 * @param fingerprint SHA-256 of the public key (RFC 4253, section 6.6) as OpenSSH prints it: {@code
 *     SHA256:} and 43 characters of base64
 */
public record HostKeyPin(String fingerprint) {
  private static final String PREFIX = "SHA256:";

  /** The last character holds 4 bits only: every key has one fingerprint, and every pin a key. */
  private static final Pattern FORM =
      Pattern.compile(PREFIX + "[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]");

  /**
   * @throws IllegalArgumentException if {@code fingerprint} is not of that form; the message is
   *     meant for the user
   */
  public HostKeyPin {
    if (!FORM.matcher(fingerprint).matches()) {
      throw new IllegalArgumentException(
          "host key in the URL: '"
              + Text.excerpt(fingerprint)
              + "' (expected: #SHA256: and 43 characters, as the agent printed it)");
    }
  }

  /** The pin that a public key meets. */
  static HostKeyPin of(ByteBuffer key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(key);
      return new HostKeyPin(
          PREFIX + Base64.getEncoder().withoutPadding().encodeToString(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return fingerprint;
  }
}
