package dev.converge.relay;

import dev.converge.cli.Secret;
import dev.converge.tunnel.Text;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwa.AlgorithmFactoryFactory;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.HeaderParameterNames;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** Checks tokens against one secret, as docs/protocol.md has them. For all event loops. */
final class TokenVerifier {
  private static final String ALGORITHM = AlgorithmIdentifiers.HMAC_SHA512;
  private static final int MOST_CHARACTERS = 4096;
  private static final int MOST_REMEMBERED = 200_000;

  /** The library skips what is no base64url; here one token has one form. */
  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");

  private final HmacKey key;
  private final InstantSource clock;
  private final FirstUses uses;

  TokenVerifier(Secret secret, InstantSource clock, LongSupplier nanoTime) {
    key = new HmacKey(secret.bytes());
    this.clock = clock;
    uses = new FirstUses(MOST_REMEMBERED, nanoTime);
    AlgorithmFactoryFactory.getInstance(); // tries all algorithms: not on an event loop
  }

  /** Returns if the token counts; its times mean nothing before its signature is known. */
  void verify(String token) throws TokenRefusal {
    JsonWebSignature signed = parse(token);
    checkHeader(signed);
    checkSignature(signed);
    TokenTimes.check(claims(signed), clock.instant().getEpochSecond());
    uses.use(FirstUses.Mark.of(Base64.getUrlDecoder().decode(signed.getEncodedSignature())));
  }

  private static JsonWebSignature parse(String token) throws TokenRefusal {
    if (token.length() > MOST_CHARACTERS || !FORM.matcher(token).matches()) {
      throw TokenRefusal.invalid(
          "the token is malformed (expected: three parts in base64url, at most "
              + MOST_CHARACTERS
              + " characters)");
    }
    try {
      JsonWebSignature signed = new JsonWebSignature();
      signed.setCompactSerialization(token);
      return signed;
    } catch (JoseException e) {
      throw TokenRefusal.invalid("the token's header is no JSON object");
    }
  }

  private static void checkHeader(JsonWebSignature signed) throws TokenRefusal {
    Object algorithm = signed.getHeaders().getObjectHeaderValue(HeaderParameterNames.ALGORITHM);
    if (!ALGORITHM.equals(algorithm)) {
      throw TokenRefusal.invalid(
          "the token's alg is '"
              + Text.excerpt(String.valueOf(algorithm))
              + "' (expected: "
              + ALGORITHM
              + ")");
    }
    for (String name :
        new String[] {
          HeaderParameterNames.CRITICAL, HeaderParameterNames.BASE64URL_ENCODE_PAYLOAD
        }) {
      if (signed.getHeaders().getObjectHeaderValue(name) != null) {
        throw TokenRefusal.invalid("the token's header has " + name + " (expected: none)");
      }
    }
  }

  private void checkSignature(JsonWebSignature signed) throws TokenRefusal {
    signed.setAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, ALGORITHM));
    signed.setKey(key);
    signed.setDoKeyValidation(false); // a short secret was warned about
    try {
      if (signed.verifySignature()) {
        return;
      }
    } catch (JoseException e) {
      // Falls through: a signature that cannot be verified is not right either.
    }
    throw TokenRefusal.invalid("the token is not signed with this relay's secret");
  }

  private static Map<String, Object> claims(JsonWebSignature signed) throws TokenRefusal {
    try {
      return JsonUtil.parseJson(signed.getPayload());
    } catch (JoseException e) {
      throw TokenRefusal.invalid("the token's claims are no JSON object");
    }
  }
}
