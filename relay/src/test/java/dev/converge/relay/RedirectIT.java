package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslProvider;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The port for plain HTTP of a relay that speaks TLS. */
@ExtendWith(NoLeaks.class)
final class RedirectIT {
  private static RelayFixture relay;

  @BeforeAll
  static void start() throws Exception {
    var tls = new TlsSettings(TestCertificates.FILES, SslProvider.JDK, Duration.ofMinutes(1), 0);
    relay = new RelayFixture(Security.JDK, tls);
  }

  @AfterAll
  static void stop() {
    relay.close();
  }

  private static RawHttp.Response ask(String request) throws Exception {
    try (var http = new RawHttp(relay.relay().redirectAddress().orElseThrow())) {
      RawHttp.Response response = http.send(request).response();
      assertThat(http.isAtEnd()).isTrue();
      return response;
    }
  }

  private static String tls(String host) {
    return host + ":" + relay.address().getPort();
  }

  @Test
  void pageIsAtTlsWithThePortOfTls() throws Exception {
    RawHttp.Response page = ask("GET / HTTP/1.1\r\nHost: relay.test:8080\r\n\r\n");
    assertThat(page.status()).isEqualTo(308);
    assertThat(page.header("Location")).isEqualTo("https://" + tls("relay.test") + "/");

    RawHttp.Response download =
        ask("GET /docs/agent?v=1 HTTP/1.1\r\nHost: [::1]\r\nUpgrade: h2c\r\n\r\n");
    assertThat(download.status()).isEqualTo(308);
    assertThat(download.header("Location"))
        .isEqualTo("https://" + tls("[::1]") + "/docs/agent?v=1");
  }

  @Test
  void webSocketIsRefusedAndItsQueryIsNotRepeated() throws Exception {
    for (String request :
        new String[] {
          "GET /client/x?jwt=secret HTTP/1.1\r\nHost: relay.test\r\n\r\n",
          RawHttp.upgrade("/client/x?jwt=secret")
        }) {
      RawHttp.Response refused = ask(request);
      assertThat(refused.status()).isEqualTo(426);
      assertThat(refused.header("Upgrade")).isEqualTo("TLS/1.2, HTTP/1.1");
      assertThat(refused.body())
          .isEqualTo("this relay speaks TLS: use wss://" + tls("relay.test") + "/client/x\n");
    }
    assertThat(ask("GET /agent/x HTTP/1.1\r\nHost: <b>\r\n\r\n").body())
        .isEqualTo("this relay speaks TLS: use wss://\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: <script>\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET http://elsewhere.test/ HTTP/1.1\r\nHost: relay.test\r\n\r\n",
        "GET /\u00e4 HTTP/1.1\r\nHost: relay.test\r\n\r\n",
        "GET /\u0001 HTTP/1.1\r\nHost: relay.test\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n\r\n"
      })
  void requestThatNoBrowserSendsIsRefused(String request) throws Exception {
    RawHttp.Response response = ask(request);
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.header("Location")).isNull();
    assertThat(response.body()).matches("[a-zA-Z0-9/. ]+\n");
  }

  @Test
  void tlsOfAPlainRelayIsAnsweredPlainly() throws Exception {
    try (var plain = new RelayFixture();
        var http = new RawHttp(plain)) {
      RawHttp.Response response = http.send(new byte[] {22, 3, 1, 2, 0, 1}).response();
      assertThat(response.status()).isEqualTo(400);
      assertThat(response.body())
          .isEqualTo("this relay does not speak TLS: use http:// or ws://\n");
      assertThat(http.isAtEnd()).isTrue();
    }
  }
}
