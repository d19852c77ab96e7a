package dev.converge.relay;

import dev.converge.tunnel.Protocol;
import java.time.Duration;
import java.util.Map;

/** Whether a token is of now, by its {@code iat}, {@code exp} and {@code nbf} (RFC 7519, 4.1). */
final class TokenTimes {
  /** How far the clock of whoever made the token may be from this relay's. */
  static final Duration SKEW = Duration.ofSeconds(60);

  private static final long LIFETIME = Protocol.TOKEN_LIFETIME.toSeconds();

  /** The end of the year 9999: sums of such numbers do not overflow. */
  private static final long LATEST = 253_402_300_799L;

  private TokenTimes() {}

  /**
   * @param now in seconds since 1970
   */
  static void check(Map<String, Object> claims, long now) throws TokenRefusal {
    long issued = seconds(claims, "iat");
    long expiry = seconds(claims, "exp");
    if (expiry - issued != LIFETIME) {
      throw TokenRefusal.invalid(
          "the token's lifetime is "
              + (expiry - issued)
              + " s (expected: exactly "
              + LIFETIME
              + " from iat to exp)");
    }
    if (issued > now + SKEW.toSeconds()) {
      throw TokenRefusal.invalid(
          "the token is from " + (issued - now) + " s in the future: set the clocks");
    }
    if (now > expiry + SKEW.toSeconds()) {
      throw TokenRefusal.invalid(
          "the token expired "
              + (now - expiry)
              + " s ago: make one for each connection, and set the clocks");
    }
    if (claims.containsKey("nbf") && seconds(claims, "nbf") > now + SKEW.toSeconds()) {
      throw TokenRefusal.invalid("the token does not count yet (nbf)");
    }
  }

  private static long seconds(Map<String, Object> claims, String name) throws TokenRefusal {
    if (claims.get(name) instanceof Long seconds && seconds >= 0 && seconds <= LATEST) {
      return seconds;
    }
    throw TokenRefusal.invalid(
        "the token's "
            + name
            + (claims.containsKey(name) ? " is no such number" : " is missing")
            + " (expected: whole seconds since 1970)");
  }
}
