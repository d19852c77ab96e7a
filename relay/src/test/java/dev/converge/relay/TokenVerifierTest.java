package dev.converge.relay;

import static dev.converge.relay.Tokens.HS512;
import static dev.converge.relay.Tokens.SECRET;
import static dev.converge.relay.Tokens.base64;
import static dev.converge.relay.Tokens.claims;
import static dev.converge.relay.Tokens.signed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.converge.relay.TokenRefusal.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenVerifierTest {
  private static final long NOW = 1767225600;
  private static final String GOOD = claims(NOW, NOW + 30);

  private Instant now = Instant.ofEpochSecond(NOW);
  private long nanos;
  private final TokenVerifier verifier = verifier(SECRET);

  private TokenVerifier verifier(String secret) {
    return new TokenVerifier(Tokens.secret(secret), () -> now, () -> nanos);
  }

  private void pass(Duration time) {
    now = now.plus(time);
    nanos += time.toNanos();
  }

  private void assertAdmitted(String token) {
    assertThatNoException().isThrownBy(() -> verifier.verify(token));
  }

  private void assertRefused(String token, String line) {
    assertThatExceptionOfType(TokenRefusal.class)
        .isThrownBy(() -> verifier.verify(token))
        .withMessage(line)
        .matches(refusal -> refusal.kind() == Kind.INVALID);
  }

  @ParameterizedTest
  @ValueSource(longs = {-90, -60, -30, -1, 0, 1, 30, 59, 60})
  void rightTokenIsAdmittedThoughClocksDiffer(long ahead) {
    assertAdmitted(Tokens.of(SECRET, NOW + ahead));
  }

  @Test
  void exampleOfTheDocumentIsAdmitted() throws IOException, TokenRefusal {
    String document = Files.readString(Path.of("..", "docs", "protocol.md"));
    Matcher secret = Pattern.compile("(?m)^secret +(\\S+)$").matcher(document);
    Matcher token = Pattern.compile("(?m)^token +(\\S+)$").matcher(document);
    assertThat(secret.find() && token.find()).isTrue();

    verifier(secret.group(1)).verify(token.group(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "short", "ünïcödé", "{\"kty\":\"oct\"}"})
  void secretOfAnyLengthServes(String secret) throws TokenRefusal {
    verifier(secret).verify(Tokens.of(secret, NOW));
    verifier(secret.repeat(100)).verify(Tokens.of(secret.repeat(100), NOW));
  }

  @Test
  void otherClaimsAndHeadersMeanNothing() {
    assertAdmitted(
        signed(
            "{\"typ\":\"JWT\",\"kid\":\"../../etc\",\"jku\":\"http://x\",\"alg\":\"HS512\"}",
            "{\"sub\":\"me\",\"aud\":[1,2.5],\"exp\":%d,\"nbf\":%d,\"iat\":%d}"
                .formatted(NOW + 30, NOW + 60, NOW),
            SECRET));
  }

  static Stream<Arguments> wrongTimes() {
    return Stream.of(
        arguments(claims(NOW + 61, NOW + 91), "is from 61 s in the future: set the clocks"),
        arguments(claims(NOW + 3600, NOW + 3630), "is from 3600 s in the future: set the clocks"),
        arguments(
            claims(NOW - 91, NOW - 61),
            "expired 61 s ago: make one for each connection, and set the clocks"),
        arguments(
            claims(0, 30),
            "expired 1767225570 s ago: make one for each connection, and set the clocks"));
  }

  @ParameterizedTest
  @MethodSource("wrongTimes")
  void tokenOfAnotherTimeIsRefused(String claims, String line) {
    assertRefused(signed(HS512, claims, SECRET), "the token " + line);
  }

  @ParameterizedTest
  @CsvSource({"29", "31", "0", "-30", "300", "86400"})
  void lifetimeIsThirtySeconds(long lifetime) {
    assertRefused(
        signed(HS512, claims(NOW, NOW + lifetime), SECRET),
        "the token's lifetime is " + lifetime + " s (expected: exactly 30 from iat to exp)");
  }

  @Test
  void tokenBeforeItsTimeIsRefused() {
    String claims = "{\"iat\":%d,\"exp\":%d,\"nbf\":%d}".formatted(NOW, NOW + 30, NOW + 61);
    assertRefused(signed(HS512, claims, SECRET), "the token does not count yet (nbf)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"exp\":1767225630} | iat is missing",
        "{\"iat\":1767225600} | exp is missing",
        "{} | iat is missing",
        "{\"iat\":1767225600.0,\"exp\":1767225630} | iat is no such number",
        "{\"iat\":1767225600.5,\"exp\":1767225630.5} | iat is no such number",
        "{\"iat\":1.7672256e9,\"exp\":1767225630} | iat is no such number",
        "{\"iat\":\"1767225600\",\"exp\":1767225630} | iat is no such number",
        "{\"iat\":null,\"exp\":1767225630} | iat is no such number",
        "{\"iat\":true,\"exp\":1767225630} | iat is no such number",
        "{\"iat\":[1767225600],\"exp\":1767225630} | iat is no such number",
        "{\"iat\":-30,\"exp\":0} | iat is no such number",
        "{\"iat\":9223372036854775807,\"exp\":-9223372036854775779} | iat is no such number",
        "{\"iat\":18446744075476777216,\"exp\":18446744075476777246} | iat is no such number",
        "{\"iat\":1767225600,\"exp\":1e400} | exp is no such number",
        "{\"iat\":1767225600,\"exp\":1767225630,\"nbf\":\"x\"} | nbf is no such number",
        "{\"iat\":1767225600,\"exp\":1767225630,\"nbf\":null} | nbf is no such number",
      })
  void timesAreWholeSecondsOrRefused(String claims, String line) {
    assertRefused(
        signed(HS512, claims, SECRET),
        "the token's " + line + " (expected: whole seconds since 1970)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "5",
        "{",
        "{\"iat\":1767225600,\"iat\":1767225600,\"exp\":1767225630}",
        "{\"iat\":1767225600,\"exp\":1767225630,\"exp\":1767225630}",
        "{\"iat\":1767225600,\"exp\":1767225630}{}",
        "{\"iat\":1767225600,\"exp\":1767225630",
        "\"iat\""
      })
  void claimsAreOneJsonObjectOrRefused(String claims) {
    assertThatExceptionOfType(TokenRefusal.class)
        .isThrownBy(() -> verifier.verify(signed(HS512, claims, SECRET)))
        .withMessageMatching("the token's claims are no JSON object|the token is malformed .*");
  }

  @Test
  void signatureWithAnotherSecretIsRefused() {
    String line = "the token is not signed with this relay's secret";
    String good = Tokens.of(SECRET, NOW);
    String input = good.substring(0, good.lastIndexOf('.'));

    assertRefused(Tokens.of("another secret", NOW), line);
    assertRefused(Tokens.of(SECRET + "x", NOW), line);
    assertRefused(input + ".", line);
    assertRefused(input + ".AAAA", line);
    assertRefused(good.substring(0, good.length() - 4), line);
    assertRefused(good + "AAAA", line);
    assertRefused(good.substring(0, good.length() - 3) + "AAA", line);
    assertRefused(base64(" {\"alg\":\"HS512\"}".getBytes(UTF_8)) + good.substring(20), line);
    assertAdmitted(good);
  }

  static Stream<Arguments> otherAlgorithms() throws Exception {
    String none = "{\"alg\":\"none\"}";
    String input = base64(none.getBytes(UTF_8)) + "." + base64(GOOD.getBytes(UTF_8)) + ".";
    return Stream.of(
        arguments(input, "none"),
        arguments(signed(none, GOOD, SECRET), "none"),
        arguments(signed("{\"alg\":\"nOnE\"}", GOOD, SECRET), "nOnE"),
        arguments(signed("HmacSHA256", "{\"alg\":\"HS256\"}", GOOD, SECRET), "HS256"),
        arguments(signed("HmacSHA384", "{\"alg\":\"HS384\"}", GOOD, SECRET), "HS384"),
        arguments(signed("{\"alg\":\"HS256\"}", GOOD, SECRET), "HS256"),
        arguments(signed("{\"alg\":\"hs512\"}", GOOD, SECRET), "hs512"),
        arguments(signed("{\"alg\":\"RS512\"}", GOOD, SECRET), "RS512"),
        arguments(signed("{\"alg\":512}", GOOD, SECRET), "512"),
        arguments(signed("{\"alg\":[\"HS512\"]}", GOOD, SECRET), "[HS512]"),
        arguments(signed("{\"typ\":\"JWT\"}", GOOD, SECRET), "null"),
        arguments(signed("{\"alg\":\"\\u001b[2J\"}", GOOD, SECRET), "?[2J"));
  }

  @ParameterizedTest
  @MethodSource("otherAlgorithms")
  void tokenDoesNotChooseTheAlgorithm(String token, String shown) {
    assertRefused(token, "the token's alg is '" + shown + "' (expected: HS512)");
  }

  @Test
  void publicKeyAsTheSecretDoesNotMakeItAnRsaKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    String input =
        base64("{\"alg\":\"RS256\"}".getBytes(UTF_8)) + "." + base64(GOOD.getBytes(UTF_8));
    Signature rsa = Signature.getInstance("SHA256withRSA");
    rsa.initSign(pair.getPrivate());
    rsa.update(input.getBytes(UTF_8));
    String token = input + "." + base64(rsa.sign());

    assertThatExceptionOfType(TokenRefusal.class)
        .isThrownBy(() -> verifier(pem).verify(token))
        .withMessage("the token's alg is 'RS256' (expected: HS512)");
    verifier(pem).verify(Tokens.of(pem, NOW));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"alg\":\"HS512\",\"crit\":[\"exp\"]} | crit",
        "{\"alg\":\"HS512\",\"crit\":[\"b64\"],\"b64\":false} | crit",
        "{\"alg\":\"HS512\",\"crit\":[]} | crit",
        "{\"alg\":\"HS512\",\"crit\":\"x\"} | crit",
        "{\"alg\":\"HS512\",\"b64\":true} | b64",
      })
  void criticalExtensionsAreRefused(String header, String name) {
    assertRefused(
        signed(header, GOOD, SECRET), "the token's header has " + name + " (expected: none)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "5",
        "{",
        "null",
        "{\"alg\":\"none\",\"alg\":\"HS512\"}",
        "{\"alg\":\"HS512\"}x",
        "\u0000",
        "{\"alg\":"
      })
  void headerIsAJsonObjectOrRefused(String header) {
    assertRefused(signed(header, GOOD, SECRET), "the token's header is no JSON object");
  }

  static Stream<String> malformed() {
    String good = Tokens.of(SECRET, NOW);
    return Stream.of(
        "",
        ".",
        "..",
        "a.b",
        "a.b.c.d",
        "a.b.c.d.e",
        good + ".",
        good + "=",
        good + " ",
        " " + good,
        good + "\n",
        good.replace(".", ".!"),
        good.replaceFirst("\\.", ".."),
        "Bearer " + good,
        good + ", " + good,
        "{\"payload\":\"\",\"protected\":\"\",\"signature\":\"\"}",
        "\u00e9." + good,
        good + "A".repeat(4096));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatIsNoTokenIsRefused(String token) {
    assertRefused(
        token,
        "the token is malformed (expected: three parts in base64url, at most 4096 characters)");
  }

  @Test
  void tokenCountsForThirtySecondsFromItsFirstUse() {
    String early = Tokens.of(SECRET, NOW + 60); // by this relay's clock valid for 150 s
    assertAdmitted(early);
    pass(Duration.ofMillis(29_999));
    assertAdmitted(early);
    pass(Duration.ofMillis(1));
    assertRefused(early, "the token was used 30 s ago already: make one for each connection");
    pass(Duration.ofSeconds(119));
    assertRefused(early, "the token was used 149 s ago already: make one for each connection");
    pass(Duration.ofSeconds(1));
    assertRefused(early, "the token was used 150 s ago already: make one for each connection");
    pass(Duration.ofSeconds(1));
    assertRefused(
        early, "the token expired 61 s ago: make one for each connection, and set the clocks");
  }

  @Test
  void clockThatIsSetBackDoesNotReviveAToken() {
    String token = Tokens.of(SECRET, NOW);
    assertAdmitted(token);
    pass(Duration.ofSeconds(30));
    now = Instant.ofEpochSecond(NOW);
    assertRefused(token, "the token was used 30 s ago already: make one for each connection");
  }

  @Test
  void otherFormOfAUsedTokenIsTheSameToken() {
    String token = Tokens.of(SECRET, NOW);
    assertAdmitted(token);
    pass(Duration.ofSeconds(30));
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = alphabet.indexOf(token.charAt(token.length() - 1));
    for (int i = 1; i < 16; i++) { // only 2 of the last character's 6 bits mean something
      String other =
          token.substring(0, token.length() - 1) + alphabet.charAt((last & 0x30) | (last + i) % 16);
      assertThatExceptionOfType(TokenRefusal.class).isThrownBy(() -> verifier.verify(other));
    }
  }

  @Test
  void garbageIsRefusedAndNothingElse() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] header = new byte[random.nextInt(60)];
      random.nextBytes(header);
      String json = random.nextBoolean() ? new String(header, UTF_8) : mutated(HS512, random);
      String token = signed(json, mutated(GOOD, random), SECRET);
      try {
        verifier.verify(random.nextInt(8) == 0 ? mutated(token, random) : token);
      } catch (TokenRefusal e) {
        assertThat(e).hasMessageStartingWith("the token").hasMessageNotContaining("\n");
      }
    }
    assertThatExceptionOfType(TokenRefusal.class)
        .isThrownBy(() -> verifier.verify(signed("[".repeat(2900), "{}", SECRET)));
  }

  private static String mutated(String text, Random random) {
    StringBuilder changed = new StringBuilder(text);
    String characters = "{}[]\":,.0123456789eE-+\\unulltrue \u0000\u001b\u00ff\ud800";
    for (int i = random.nextInt(4); i > 0 && changed.length() > 1; i--) {
      int at = random.nextInt(changed.length());
      changed.setCharAt(at, characters.charAt(random.nextInt(characters.length())));
    }
    return changed.toString();
  }
}
