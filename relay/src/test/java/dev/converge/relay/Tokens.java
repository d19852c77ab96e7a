package dev.converge.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.converge.cli.Secret;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens made by hand, right and wrong. */
final class Tokens {
  static final String SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  static final String HS512 = "{\"alg\":\"HS512\"}";

  private Tokens() {}

  static Secret secret(String text) {
    return Secret.of("--token", text);
  }

  /** A right token. */
  static String of(String secret, long issued) {
    return signed(HS512, claims(issued, issued + 30), secret);
  }

  /** A right token of now. */
  static String now(String secret) {
    return of(secret, System.currentTimeMillis() / 1000);
  }

  static String claims(long issued, long expiry) {
    return "{\"iat\":" + issued + ",\"exp\":" + expiry + "}";
  }

  static String signed(String header, String claims, String secret) {
    return signed("HmacSHA512", header, claims, secret);
  }

  static String signed(String algorithm, String header, String claims, String secret) {
    String input = base64(header.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
    return input + "." + base64(hmac(algorithm, input, secret));
  }

  static byte[] hmac(String algorithm, String input, String secret) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), algorithm));
      return mac.doFinal(input.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
