package dev.converge.tunnel;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the tokens that a relay may ask for: JSON Web Tokens (RFC 7519) signed with HS512, as
 * docs/protocol.md has them. The secret itself stays here. May be used by several threads.
 */
public final class TokenMint {
  private static final String HMAC = "HmacSHA512";
  private static final String HEADER = "{\"alg\":\"HS512\",\"typ\":\"JWT\"}";
  private static final int ID_BYTES = 16;

  private final SecretKeySpec key;

  /**
   * @param secret at least one byte
   */
  public TokenMint(byte[] secret) {
    key = new SecretKeySpec(secret, HMAC);
  }

  /** The value of the header Authorization for one connection, with a token of now. */
  public String authorization() {
    byte[] id = new byte[ID_BYTES];
    new SecureRandom().nextBytes(id);
    return "Bearer " + token(Instant.now().getEpochSecond(), base64(id));
  }

  /**
   * @param id makes the token unlike those that others sign in the same second
   */
  String token(long issuedAt, String id) {
    long expiry = issuedAt + Protocol.TOKEN_LIFETIME.toSeconds();
    String claims = "{\"iat\":" + issuedAt + ",\"exp\":" + expiry + ",\"jti\":\"" + id + "\"}";
    String input = base64(ascii(HEADER)) + "." + base64(ascii(claims));
    return input + "." + base64(sign(input));
  }

  private byte[] sign(String input) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac.doFinal(ascii(input));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a JDK without " + HMAC, e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
