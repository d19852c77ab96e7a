package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.time.Duration;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoint URLs, and the IDs in them, as a user or a page gives them. */
final class EndpointFuzz {
  private static final Duration WAIT = Duration.ofSeconds(7);

  @ValueSource(
      strings = {
        "wss://relay.test/client/job-7.x_Y",
        "ws://[::1]:4774/client/x?wait=60&jwt=a.b.c",
        "HTTPS://10.0.0.1:443/client/x?a=%0d%0a&wait=99999",
        "http://relay.test:65536/client/x",
        "wss://user@relay.test/client/x#SHA256:abc",
        "wss://relay.test/client/x?a#SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "wss://relay.test/client/../agent/x",
        "wss://relay.test/client/x y",
        "ws://relay.test/client/x?\u00e4\u20ac=\u0d0a",
        "ws://[fe80::1%25eth0]/client/x",
        "x",
        "\r\nGET / HTTP/1.1",
        "",
      })
  @FuzzTest
  void urlIsRefusedInOneLineOrSafeToSend(@NotNull String url) {
    Endpoint endpoint;
    try {
      endpoint = Endpoint.parse(url, Role.CLIENT);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage())
          .matches("(URL|ID|port|query|host key in the URL): [^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+")
          .hasSizeLessThan(200);
      return;
    }
    assertThat(endpoint.requestTarget()).matches("/client/[!-~&&[^#]]+");
    assertThat(endpoint.authority()).matches("[!-~&&[^/?#@]]+");
    assertThat(Endpoint.parse(endpoint.toString(), Role.CLIENT)).isEqualTo(endpoint);
    assertThat(endpoint.waiting()).isBetween(Duration.ZERO, Duration.ofSeconds(9999));
    assertThat(endpoint.waiting(WAIT).waiting()).isEqualTo(WAIT);
  }
}
