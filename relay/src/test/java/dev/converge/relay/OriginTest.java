package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OriginTest {
  private final HttpHeaders headers =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();

  @ParameterizedTest
  @ValueSource(
      strings = {"relay.test", "localhost:4774", "10.0.0.1:1", "[::1]:4774", "[fe80::1]", "a_b-c"})
  void hostIsTakenFromTheRequest(String host) {
    headers.set("Host", host);
    Origin origin = Origin.of(headers, false, false).orElseThrow();
    assertThat(origin.http()).isEqualTo("http://" + host);
    assertThat(origin.ws()).isEqualTo("ws://" + host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a\"b",
        "<script>",
        "a;rm -rf /",
        "$(reboot)",
        "`reboot`",
        "a'b",
        "a&b",
        "user@host",
        "host/path",
        "host:port",
        "host:",
        ":80",
        "[::1",
        "::1",
        "[evil]",
        "-oProxyCommand=x",
        "a\nb",
        "h\u00e9",
        "host:123456",
        "\"><script>",
        "relay.test\"",
        "relay.test\r\nSet-Cookie: a=b",
        "relay.test\u0000",
        "r\u00e9lay.test",
        "\u202erelay.test",
        "relay.test relay.test",
        "[::1]\"",
        "[<script>]",
        "javascript:alert(1)",
        "relay.test:80:80",
        "{{host}}",
        "a\\b"
      })
  void hostileHostIsNotTaken(String host) {
    headers.set("Host", host);
    assertThat(Origin.of(headers, false, false)).isEmpty();
    headers.set("Host", "relay.test");
    headers.set("X-Forwarded-Host", host);
    assertThat(Origin.of(headers, true, false)).isEmpty();
  }

  @Test
  void hostIsNoLongerThanANameMayBe() {
    headers.set("Host", "a".repeat(253));
    assertThat(Origin.of(headers, false, false)).isPresent();
    headers.set("Host", "a".repeat(254));
    assertThat(Origin.of(headers, false, false)).isEmpty();
    headers.set("Host", "a".repeat(8000));
    assertThat(Origin.of(headers, false, false)).isEmpty();
  }

  @Test
  void requestWithTwoHostsHasNoOrigin() {
    headers.add("Host", "relay.test").add("Host", "relay.test");
    assertThat(Origin.of(headers, false, false)).isEmpty();
  }

  @Test
  void requestWithoutAHostHasNoOrigin() {
    assertThat(Origin.of(headers, false, false)).isEmpty();
  }

  @Test
  void forwardedHostAndSchemeCountOnlyWhenTrusted() {
    headers.set("Host", "inner:4774");
    headers.set("X-Forwarded-Host", "relay.example, proxy.example");
    headers.set("X-Forwarded-Proto", "HTTPS");
    assertThat(Origin.of(headers, false, false).orElseThrow().ws()).isEqualTo("ws://inner:4774");
    assertThat(Origin.of(headers, true, false).orElseThrow().ws()).isEqualTo("wss://relay.example");
    assertThat(Origin.of(headers, true, false).orElseThrow().http())
        .isEqualTo("https://relay.example");
  }

  @Test
  void trustedProxyThatSaysNothingChangesNothing() {
    headers.set("Host", "relay.test");
    assertThat(Origin.of(headers, true, false).orElseThrow().http()).isEqualTo("http://relay.test");
  }

  @Test
  void unknownForwardedSchemeIsNotTaken() {
    headers.set("Host", "relay.test");
    headers.set("X-Forwarded-Proto", "javascript");
    assertThat(Origin.of(headers, true, false)).isEmpty();
  }
}
