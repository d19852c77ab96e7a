package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Headers that say where the relay is, and end up in the commands of the usage page. */
final class OriginFuzz {
  static Stream<Arguments> seeds() {
    return Stream.of(
        arguments("relay.test", "relay.example, proxy.example", "HTTPS"),
        arguments("[::1]:4774", "10.0.0.1:1", "wss"),
        arguments("a\"><script>", "$(reboot)", "javascript"),
        arguments("-oProxyCommand=x", "`id`,a", "https,http"),
        arguments("a&b;c'd", "a\r\nSet-Cookie: b", "\u0131"),
        arguments("user@host:80", " host ", " http"));
  }

  @MethodSource("seeds")
  @FuzzTest
  void originMayStandInAShellCommandAndInHtml(
      @NotNull String host, @NotNull String forwardedHost, @NotNull String forwardedScheme) {
    var headers = DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    headers.set("Host", host);
    assertSafe(Origin.of(headers, false, false));
    headers.set("X-Forwarded-Host", forwardedHost);
    headers.set("X-Forwarded-Proto", forwardedScheme);
    assertSafe(Origin.of(headers, true, true));
  }

  private static void assertSafe(Optional<Origin> origin) {
    origin.ifPresent(
        found -> {
          assertThat(found.host()).matches("[A-Za-z0-9_\\[][A-Za-z0-9._:\\[\\]-]*");
          assertThat(found.http()).isIn("http://" + found.host(), "https://" + found.host());
          assertThat(found.ws()).isIn("ws://" + found.host(), "wss://" + found.host());
        });
  }
}
