package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the environment says about proxies. */
final class ProxyFuzz {
  private static final List<Endpoint> ENDPOINTS =
      Stream.of("relay.test", "10.1.2.3:4774", "[fe80::1]")
          .map(host -> Endpoint.parse("wss://" + host + "/client/x", Role.CLIENT))
          .toList();

  static Stream<Arguments> seeds() {
    return Stream.of(
        arguments("http://user:p%40ss@proxy.test:3128", "localhost,.test,10.0.0.0/8"),
        arguments("https://[::1]", "*"),
        arguments("proxy:0", "[fe80::]/10,fe80::1:443 relay.test:443"),
        arguments("socks5://proxy:1080", "10.1.2.3:4774"),
        arguments("http://%zz@proxy", "256.0.0.1,1::2::3,/,10.0.0.0/999,::/-1,:"),
        arguments("://", ",, ."),
        arguments("s//s5://proxy", "g:1:2,.:1,%:"),
        arguments("a b", "*.test"));
  }

  @MethodSource("seeds")
  @FuzzTest
  void proxyIsUnderstoodOrRefusedWithoutShowingIt(@NotNull String proxy, @NotNull String noProxy) {
    var settings = new ProxySettings(Map.of("https_proxy", proxy, "no_proxy", noProxy));
    for (Endpoint endpoint : ENDPOINTS) {
      try {
        HttpProxy found = settings.proxyFor(endpoint);
        if (found != null) {
          assertThat(found.toString()).matches("[!-~]+:[0-9]+");
          assertThat(found.port()).isBetween(1, 65535);
          assertThat(found.authorization()).matches("(Basic [A-Za-z0-9+/]+=*)?");
        }
      } catch (IllegalArgumentException e) {
        assertThat(e)
            .hasMessage(
                "https_proxy: not a proxy (expected: [http[s]://][USER:PASSWORD@]HOST:PORT)");
      }
    }
  }
}
