package dev.converge.tunnel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class TokenMintTest {
  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), UTF_8);
  }

  /** What stands behind a word and spaces on a line of the example. */
  private static String example(String document, String name) {
    Matcher line = Pattern.compile("(?m)^" + name + " +(\\S+)$").matcher(document);
    assertThat(line.find()).as(name).isTrue();
    return line.group(1);
  }

  @Test
  void exampleOfTheDocumentIsWhatIsMinted() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "protocol.md"));
    String token = example(document, "token");
    String secret = example(document, "secret");

    assertThat(new TokenMint(secret.getBytes(UTF_8)).token(1767225600, "AAECAwQFBgcICQoLDA0ODw"))
        .isEqualTo(token)
        .startsWith(example(document, "signing input") + ".");
    assertThat(decoded(token.split("\\.", -1)[0])).isEqualTo(example(document, "header"));
    assertThat(decoded(token.split("\\.", -1)[1])).isEqualTo(example(document, "payload"));
  }

  @Test
  void tokenIsOfNowForThirtySeconds() {
    long before = Instant.now().getEpochSecond();
    String authorization = new TokenMint("s".getBytes(UTF_8)).authorization();
    long after = Instant.now().getEpochSecond();

    Matcher claims =
        Pattern.compile("\\{\"iat\":(\\d+),\"exp\":(\\d+),\"jti\":\"[A-Za-z0-9_-]{22}\"}")
            .matcher(decoded(authorization.split("\\.", -1)[1]));
    assertThat(authorization).matches("Bearer [A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{86}");
    assertThat(claims.matches()).isTrue();
    assertThat(Long.parseLong(claims.group(1))).isBetween(before, after);
    assertThat(Long.parseLong(claims.group(2)) - Long.parseLong(claims.group(1))).isEqualTo(30);
  }

  @Test
  void tokensOfOneSecondDiffer() {
    TokenMint mint = new TokenMint("s".getBytes(UTF_8));

    assertThat(mint.authorization()).isNotEqualTo(mint.authorization());
  }

  @Test
  void emptySecretMakesNoTokens() {
    assertThatIllegalArgumentException().isThrownBy(() -> new TokenMint(new byte[0]));
  }
}
