package dev.converge.tunnel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxySettingsTest {
  private static HttpProxy proxy(String url, Map<String, String> environment) {
    return new ProxySettings(environment).proxyFor(Endpoint.parse(url, Role.CLIENT));
  }

  @Test
  void eachSchemeHasItsVariable() {
    Map<String, String> environment =
        Map.of("HTTPS_PROXY", "http://s:1", "HTTP_PROXY", "http://p:2");

    assertThat(proxy("wss://h/client/a", environment)).hasToString("s:1");
    assertThat(proxy("ws://h/client/a", environment)).hasToString("p:2");
    assertThat(proxy("ws://h/client/a", Map.of("HTTPS_PROXY", "http://s:1"))).isNull();
  }

  @Test
  void lowerCaseGoesFirstAndEmptyIsUnset() {
    assertThat(proxy("ws://h/client/a", Map.of("http_proxy", "a:1", "HTTP_PROXY", "b:2")))
        .hasToString("a:1");
    assertThat(proxy("ws://h/client/a", Map.of("http_proxy", "", "HTTP_PROXY", "b:2")))
        .hasToString("b:2");
  }

  @Test
  void allProxyIsTheFallback() {
    assertThat(proxy("wss://h/client/a", Map.of("ALL_PROXY", "a:1"))).hasToString("a:1");
    assertThat(proxy("wss://h/client/a", Map.of("ALL_PROXY", "a:1", "HTTPS_PROXY", "b:2")))
        .hasToString("b:2");
  }

  @ParameterizedTest
  @CsvSource({
    "http://p, false, p:80, ''",
    "https://p, true, p:443, ''",
    "p:3128/, false, p:3128, ''",
    "http://[::1]:8, false, [::1]:8, ''",
    "http://u:p@h:1, false, h:1, u:p",
    "u:p@h:1, false, h:1, u:p",
    "http://u%40x:p%3A%2Fw+%C3%A4@h:1, false, h:1, u@x:p:/w+ä",
    "http://u@h:1, false, h:1, u:",
    "http://u:a:b@h:1, false, h:1, u:a:b",
  })
  void proxyIsUnderstood(String value, boolean secure, String where, String credentials) {
    HttpProxy proxy = HttpProxy.parse("HTTP_PROXY", value);

    assertThat(proxy.secure()).isEqualTo(secure);
    assertThat(proxy).hasToString(where);
    String basic = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    assertThat(proxy.authorization()).isEqualTo(credentials.isEmpty() ? "" : basic);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5://u:secret@h:1",
        "http://",
        "http://u:secret%@h:1",
        "http://u:secret#@h:1",
        "u:secret://h:1",
        "/u:secret@h://p:1",
        "h:x",
        "h:0",
        "h:65536",
      })
  void anythingElseIsRefusedWithoutShowingThePassword(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpProxy.parse("HTTP_PROXY", value))
        .withMessage("HTTP_PROXY: not a proxy (expected: [http[s]://][USER:PASSWORD@]HOST:PORT)");
  }

  @ParameterizedTest
  @CsvSource({
    "*, ws://h/client/a",
    "example.com, ws://example.com/client/a",
    "example.com, ws://relay.EXAMPLE.com/client/a",
    ".example.com, ws://a.b.example.com/client/a",
    "*.example.com, ws://a.example.com/client/a",
    "example.com:8080, ws://example.com:8080/client/a",
    "'a.test, example.com', ws://example.com/client/a",
    "a.test example.com, ws://example.com/client/a",
    "192.168.1.1, ws://192.168.1.1/client/a",
    "192.168.0.0/16, ws://192.168.1.1/client/a",
    "192.168.0.0/15, ws://192.169.1.1/client/a",
    "0.0.0.0/0, ws://192.169.1.1/client/a",
    "192.168.1.1:99, ws://192.168.1.1:99/client/a",
    "::1, ws://[::1]/client/a",
    "[::1]:99, ws://[0:0:0:0:0:0:0:1]:99/client/a",
    "fd00::/8, ws://[fd12::3]/client/a",
  })
  void exemptHostIsReachedDirectly(String exemptions, String url) {
    assertThat(proxy(url, Map.of("HTTP_PROXY", "p:1", "NO_PROXY", exemptions))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "'', ws://h/client/a",
    "',,', ws://h/client/a",
    ".example.com, ws://badexample.com/client/a",
    "example.com, ws://example.com.test/client/a",
    "example.com:8080, ws://example.com/client/a",
    "192.168.0.0/16, ws://192.169.1.1/client/a",
    "192.168.0.0/17, ws://192.168.128.1/client/a",
    "168.1.1, ws://192.168.1.1/client/a",
    "192.168.1.1/x, ws://192.168.1.1/client/a",
    "192.168.1.1:98, ws://192.168.1.1:99/client/a",
    "::/0, ws://192.168.1.1/client/a",
    "10.0.0.0/8, ws://ten.test/client/a",
    "999.1.1.1, ws://192.168.1.1/client/a",
  })
  void otherHostsGoThroughTheProxy(String exemptions, String url) {
    assertThat(proxy(url, Map.of("HTTP_PROXY", "p:1", "NO_PROXY", exemptions))).isNotNull();
  }
}
