package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyUrlTest {
  @Test
  void usersKeysStandBesideTheirPage() {
    assertThat(KeyUrl.ofUser("GitHub", "https://github.com", "octo-cat").uri())
        .hasToString("https://github.com/octo-cat.keys");
    assertThat(KeyUrl.ofUser("GitLab", "https://h:8443/gitlab/", "a.b_c").uri())
        .hasToString("https://h:8443/gitlab/a.b_c.keys");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "../x", "a b", "a%2fb", "a?b", "a#b", "a\nb", "é", "a,b"})
  void nameThatIsNoneIsRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyUrl.ofUser("GitHub", "https://github.com", name))
        .withMessageContaining("GitHub user: '");
  }

  @Test
  void nameHasAtMost255Characters() {
    KeyUrl.ofUser("GitHub", "https://github.com", "a".repeat(255));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyUrl.ofUser("GitHub", "https://github.com", "a".repeat(256)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://h/keys",
        "HTTPS://h:1/keys?token=x",
        "http://127.0.0.1:8080/keys",
        "http://localhost/keys",
        "http://[::1]:1/keys"
      })
  void httpsIsAcceptedAndHttpOfThisMachine(String url) {
    assertThat(KeyUrl.parse(url).uri()).hasToString(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://h/keys",
        "http://127.0.0.1.example.org/keys",
        "http://localhost.example.org/keys",
        "http://127.0.0.1@example.org/keys",
        "https://user:s3cret@h/keys",
        "https://h/keys#x",
        "https:///keys",
        "ftp://h/keys",
        "file:///etc/keys",
        "/etc/keys",
        "h/keys",
        ""
      })
  void anythingElseIsRefusedWithoutTellingSecrets(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyUrl.parse(url))
        .withMessageContaining("(expected: https://HOST/")
        .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("s3cret"));
  }

  @Test
  void queryIsNotShown() {
    assertThat(KeyUrl.parse("https://h/keys?token=s3cret")).hasToString("https://h/keys");
  }
}
