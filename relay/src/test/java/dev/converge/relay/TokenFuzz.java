package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.time.Instant;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens: as they come, and with any header and claims under the right signature. */
final class TokenFuzz {
  private static final long NOW = 1_767_225_600;

  @ValueSource(
      strings = {
        "{\"alg\":\"HS512\",\"typ\":\"JWT\"}\n{\"iat\":1767225600,\"exp\":1767225630}",
        "{\"alg\":\"none\"}\n{\"iat\":1767225600,\"exp\":1767225630}",
        "{\"alg\":\"HS512\",\"crit\":[\"b64\"],\"b64\":false}\n{\"iat\":1767225600,\"exp\":1767225630}",
        "{\"alg\":\"HS512\"}\n{\"iat\":1767225600.5,\"exp\":1.76722563e9}",
        "{\"alg\":\"HS512\"}\n{\"iat\":1767225600,\"exp\":1767225630,\"nbf\":99999999999999999999}",
        "{\"alg\":\"HS512\"}\n{\"iat\":-1,\"exp\":29}",
        "{\"alg\":\"HS512\",\"zip\":\"DEF\"}\n[1]",
        "{\"alg\":\"HS512\",\"alg\":\"none\"}\n{\"iat\":1,\"iat\":2}",
        "{\"alg\":[\"HS512\"]}\nnull",
        "a.b.c",
        "..",
        "eyJhbGciOiJub25lIn0.eyJpYXQiOjE3NjcyMjU2MDAsImV4cCI6MTc2NzIyNTYzMH0.",
      })
  @FuzzTest
  void tokenIsRefusedInOneLineOrLastsThirtySecondsFromNow(@NotNull String text) throws Exception {
    int end = text.indexOf('\n');
    assertThat(accepts(text)).isFalse();
    if (end >= 0) {
      String claims = text.substring(end + 1);
      if (accepts(Tokens.signed(text.substring(0, end), claims, Tokens.SECRET))) {
        assertLasting(claims);
      }
    }
  }

  private static boolean accepts(String token) {
    var secret = Tokens.secret(Tokens.SECRET);
    try {
      new TokenVerifier(secret, () -> Instant.ofEpochSecond(NOW), () -> 0).verify(token);
      return true;
    } catch (TokenRefusal e) {
      assertThat(e.getMessage()).matches("[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+").hasSizeLessThan(300);
      return false;
    }
  }

  private static void assertLasting(String claims) throws JoseException {
    Map<String, Object> said = JsonUtil.parseJson(claims);
    assertThat((Long) said.get("exp") - (Long) said.get("iat")).isEqualTo(30);
    assertThat((Long) said.get("iat")).isBetween(NOW - 90, NOW + 60);
  }
}
