package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.converge.tunnel.ConnectOptions;
import dev.converge.tunnel.ProxySettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class KeyFetchIT {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;

  private static String get(String url) throws IOException {
    return new KeyFetch(KeyConfigs.DIRECT, LONG).get(URI.create(url));
  }

  private static ConnectOptions trusting(ServerKeys keys, Map<String, String> environment) {
    return new ConnectOptions(new ProxySettings(environment), keys.certificate());
  }

  private static void assertFails(String url, String reason) {
    assertThatIOException().isThrownBy(() -> get(url)).withMessageContaining(reason);
  }

  @Test
  void onlyATextWithStatus200Counts() throws Exception {
    try (KeyServer server = new KeyServer()) {
      server.publish("/ok", "a key\n");
      server.answers.put(
          "/page", exchange -> KeyServer.answer(exchange, 200, "text/html; x", "<html>"));
      server.answers.put("/no", exchange -> exchange.sendResponseHeaders(204, -1));
      server.answers.put("/busy", exchange -> KeyServer.answer(exchange, 503, "text/plain", "key"));

      assertThat(get(server.url("/ok"))).isEqualTo("a key\n");
      assertFails(server.url("/none"), "the answer was HTTP 404");
      assertFails(server.url("/no"), "the answer was HTTP 204");
      assertFails(server.url("/busy"), "the answer was HTTP 503");
      assertFails(server.url("/page"), "the answer was a page (text/html; x), not keys");
    }
    assertFails("http://127.0.0.1:1/ok", "connection refused");
  }

  @Test
  void textIsAtMostOneMebibyte() throws Exception {
    try (KeyServer server = new KeyServer()) {
      server.publish("/most", "x".repeat(KeyFetch.LIMIT));
      server.publish("/more", "x".repeat(KeyFetch.LIMIT + 1));
      server.answers.put(
          "/endless",
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
              exchange.getResponseBody().write(new byte[8192]);
            }
          });

      assertThat(get(server.url("/most"))).hasSize(KeyFetch.LIMIT);
      assertFails(server.url("/more"), "longer than 1048576 bytes");
      assertFails(server.url("/endless"), "longer than 1048576 bytes");
    }
  }

  @Test
  void serverThatStallsIsLeftAtTheDeadline() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (KeyServer server = new KeyServer()) {
      server.answers.put("/head", exchange -> await(end));
      server.answers.put(
          "/body",
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[100]);
            exchange.getResponseBody().flush();
            await(end);
          });
      KeyFetch fetch = new KeyFetch(KeyConfigs.DIRECT, Duration.ofMillis(300));
      for (String path : new String[] {"/head", "/body"}) {
        assertThatIOException()
            .isThrownBy(() -> fetch.get(URI.create(server.url(path))))
            .withMessage("no answer within 300 ms");
      }
      end.countDown();
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void serverMustBeTrustedAndNamed() throws Exception {
    ServerKeys keys = ServerKeys.of("IP:127.0.0.1", folder);
    Path elsewhere = java.nio.file.Files.createDirectory(folder.resolve("other"));
    ServerKeys other = ServerKeys.of("DNS:elsewhere", elsewhere);
    try (KeyServer server = new KeyServer(keys);
        KeyServer misnamed = new KeyServer(other)) {
      server.publish("/k", "a key\n");
      misnamed.publish("/k", "a key\n");
      URI url = URI.create(server.url("/k"));

      assertThat(new KeyFetch(trusting(keys, Map.of()), LONG).get(url)).isEqualTo("a key\n");
      assertFails(server.url("/k"), "its certificate is refused");
      assertThatIOException()
          .isThrownBy(() -> new KeyFetch(trusting(other, Map.of()), LONG).get(url))
          .withMessageContaining("its certificate is refused");
      assertThatIOException()
          .isThrownBy(
              () ->
                  new KeyFetch(trusting(other, Map.of()), LONG).get(URI.create(misnamed.url("/k"))))
          .withMessageContaining("its certificate is refused");
      assertThat(misnamed.requests).isEmpty();
    }
  }

  @Test
  void redirectsLeadFromHttpsToHttpsAndNotForLong() throws Exception {
    ServerKeys keys = ServerKeys.of("IP:127.0.0.1", folder);
    try (KeyServer plain = new KeyServer();
        KeyServer server = new KeyServer(keys)) {
      plain.publish("/k", "a key\n");
      plain.redirect("/up", server.url("/k"));
      server.publish("/k", "a key\n");
      server.redirect("/1", "k");
      server.redirect("/2", server.url("/1"));
      server.redirect("/3", "/2");
      server.redirect("/4", "/3");
      server.redirect("/down", plain.url("/k"));
      server.redirect("/file", "file:///etc/passwd");
      server.redirect("/garbage", "https://a b/");
      KeyFetch fetch = new KeyFetch(trusting(keys, Map.of()), LONG);

      assertThat(fetch.get(URI.create(server.url("/3")))).isEqualTo("a key\n");
      assertThatIOException()
          .isThrownBy(() -> fetch.get(URI.create(server.url("/4"))))
          .withMessage("more than 3 redirects");
      for (String bad : new String[] {server.url("/down"), server.url("/file"), plain.url("/up")}) {
        assertThatIOException()
            .isThrownBy(() -> fetch.get(URI.create(bad)))
            .withMessage("a redirect that does not lead from https to https");
      }
      assertThatIOException()
          .isThrownBy(() -> fetch.get(URI.create(server.url("/garbage"))))
          .withMessage("a redirect to no URL");
      assertThat(plain.requests).hasSize(1);
    }
  }

  @Test
  void proxyIsShownItsCredentialsAndTheServerIsNot() throws Exception {
    ServerKeys keys = ServerKeys.of("DNS:keys.invalid", folder);
    try (KeyServer server = new KeyServer(keys);
        FakeProxy proxy = new FakeProxy("HTTP/1.1 200 OK", server.port())) {
      server.publish("/k", "a key\n");
      var environment = Map.of("https_proxy", "http://me:p%40ss@127.0.0.1:" + proxy.port());
      KeyFetch fetch = new KeyFetch(trusting(keys, environment), LONG);

      assertThat(fetch.get(URI.create("https://keys.invalid/k"))).isEqualTo("a key\n");
      assertThat(proxy.requests.take())
          .startsWith("CONNECT keys.invalid:443 HTTP/1.1\r\n")
          .containsIgnoringCase("\r\nproxy-authorization: Basic bWU6cEBzcw==\r\n");
      assertThat(server.requests.get(0)).doesNotContainIgnoringCase("proxy-auth");
    }
  }

  @Test
  void proxyIsPassedByForExemptHostsAndForThisMachine() throws Exception {
    ServerKeys keys = ServerKeys.of("IP:127.0.0.1", folder);
    try (KeyServer server = new KeyServer(keys);
        KeyServer plain = new KeyServer()) {
      server.publish("/k", "a key\n");
      plain.publish("/k", "a key\n");
      String dead = "http://127.0.0.1:1";
      ConnectOptions exempt =
          trusting(keys, Map.of("HTTPS_PROXY", dead, "NO_PROXY", "127.0.0.0/8"));
      ConnectOptions all = trusting(keys, Map.of("ALL_PROXY", dead));

      assertThat(new KeyFetch(exempt, LONG).get(URI.create(server.url("/k")))).isNotEmpty();
      assertThat(new KeyFetch(all, LONG).get(URI.create(plain.url("/k")))).isNotEmpty();
      assertThatIOException()
          .isThrownBy(() -> new KeyFetch(all, LONG).get(URI.create(server.url("/k"))))
          .withMessageContaining("connection refused");
    }
  }

  @Test
  void refusalOfTheProxyAndUnknownHostsAreTold() throws Exception {
    try (FakeProxy proxy = new FakeProxy("HTTP/1.1 407 Proxy Authentication Required", 0)) {
      var via = new ProxySettings(Map.of("HTTPS_PROXY", "127.0.0.1:" + proxy.port()));
      KeyFetch fetch = new KeyFetch(new ConnectOptions(via, null), LONG);
      assertThatIOException()
          .isThrownBy(() -> fetch.get(URI.create("https://keys.invalid/k")))
          .withMessageContaining("407");
    }
    assertFails("https://keys.invalid/k", "unknown host keys.invalid");
    var tls = new ProxySettings(Map.of("HTTPS_PROXY", "https://127.0.0.1:1"));
    assertThatIOException()
        .isThrownBy(
            () ->
                new KeyFetch(new ConnectOptions(tls, null), LONG)
                    .get(URI.create("https://keys.invalid/k")))
        .withMessageContaining("speaks TLS itself");
  }
}
