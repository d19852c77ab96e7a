package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = SEPARATE_THREAD)
final class ProxyIT {
  private static WebSocketConnection connect(String url, Map<String, String> environment)
      throws IOException {
    ConnectOptions options =
        new ConnectOptions(
            new ProxySettings(environment),
            TlsConfig.DEFAULT,
            () -> Map.of("Authorization", "Bearer for-the-relay"),
            Timeouts.DEFAULT,
            null);
    return new WebSocketClient(options).connect(Endpoint.parse(url, Role.CLIENT));
  }

  private static FakeServer relay() {
    return FakeServer.start(
        peer -> {
          String request = peer.request();
          assertThat(request).contains("\r\nAuthorization: Bearer for-the-relay\r\n");
          peer.raw(Peer.ascii(Peer.answer(request, "")));
          peer.closeFrame(1000, "met").receiveClose();
        });
  }

  @Test
  void proxyConnectsWithItsCredentials() throws IOException {
    CompletableFuture<String> request = new CompletableFuture<>();
    try (FakeServer relay = relay();
        FakeServer proxy =
            FakeServer.start(
                peer -> {
                  request.complete(peer.request());
                  peer.raw(Peer.ascii("HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n"));
                  peer.joinTo("127.0.0.1", relay.port());
                })) {
      String value = "http://al%40ice:s%3Acret@127.0.0.1:" + proxy.port();

      WebSocketConnection connection =
          connect("ws://relay.invalid:4774/client/x", Map.of("http_proxy", value));

      assertThat(connection.receive((bytes, offset, length) -> {})).isFalse();
      assertThat(connection.end()).isEqualTo(CloseReason.normal("met"));
      assertThat(request.join().split("\r\n"))
          .containsExactly(
              "CONNECT relay.invalid:4774 HTTP/1.1",
              "Host: relay.invalid:4774",
              "Proxy-Authorization: Basic YWxAaWNlOnM6Y3JldA==");
      relay.await();
      proxy.await();
    }
  }

  @Test
  void exemptRelayIsReachedDirectly() throws IOException {
    try (FakeServer relay = relay()) {
      Map<String, String> environment =
          Map.of("http_proxy", "http://127.0.0.1:1", "NO_PROXY", "127.0.0.0/8");

      connect(relay.url(), environment).abort();
    }
  }

  @Test
  void refusalOfTheProxyIsToldWithoutThePassword() throws IOException {
    try (FakeServer proxy =
        FakeServer.start(
            peer -> {
              peer.request();
              peer.raw(Peer.ascii("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
            })) {
      String where = "127.0.0.1:" + proxy.port();
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(
              () ->
                  connect(
                      "ws://relay.invalid/client/x", Map.of("http_proxy", "http://u:pw@" + where)))
          .withMessage(
              "proxy "
                  + where
                  + " does not connect to relay.invalid:80:"
                  + " HTTP 407 Proxy Authentication Required")
          .matches(e -> e.status() == 407);
    }
  }
}
