package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource
@ExtendWith(NoLeaks.class)
final class SiteIT {
  private static final String AGENT = "the program that stands for agent in tests\n";

  private static RelayFixture relay;
  private static RelayFixture behindProxy;

  @Parameter private Security security;

  @BeforeParameterizedClassInvocation
  static void start(Security security) throws Exception {
    relay = new RelayFixture(security);
    behindProxy = RelayFixture.behindProxy(true, false, RelayFixture.VISITORS);
  }

  @AfterParameterizedClassInvocation
  static void nobodyIsLeft() {
    relay.awaitEmpty();
    relay.close();
    behindProxy.close();
  }

  private static RawHttp.Response get(String target, String... headers) throws Exception {
    try (var http = new RawHttp(relay)) {
      return http.request("GET", target, headers).response();
    }
  }

  @Test
  void pageTellsTheCommandsOfThisRelay() throws Exception {
    RawHttp.Response page = get("/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
    assertThat(page.body()).contains("./agent " + security.scheme("ws") + "://relay.test/agent/");
  }

  @Test
  void everyAssetOfThePageIsServed() throws Exception {
    var links = Pattern.compile("(?:href|src)=\"(/assets/[^\"]+)\"");
    var link = links.matcher(get("/").body());
    int assets = 0;
    while (link.find()) {
      assertThat(get(link.group(1)).status()).as(link.group(1)).isEqualTo(200);
      assets++;
    }
    assertThat(assets).isPositive();
  }

  private static RawHttp.Response page(RelayFixture relay, String... lines) throws Exception {
    try (var http = new RawHttp(relay)) {
      return http.send("GET / HTTP/1.1\r\n" + String.join("\r\n", lines) + "\r\n\r\n").response();
    }
  }

  private static void assertNoPage(RawHttp.Response response) {
    assertThat(response.status()).isIn(400, 431);
    assertThat(response.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(response.body()).matches("[a-zA-Z0-9 ,./-]+\n");
    assertThat(response.headers()).doesNotContainKey("set-cookie");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"><script>alert(1)</script>",
        "<script>",
        "relay.test\"onload=\"x",
        "relay.test' onload='x",
        "relay.test x",
        "relay.test/x",
        "user@relay.test",
        "r\u00e9lay.test",
        "relay.test\rSet-Cookie: a=b",
        "relay.test\nSet-Cookie: a=b",
        "relay.test%0d%0aSet-Cookie:a=b",
        "relay.test&amp;",
        "$(reboot)",
        "`reboot`",
        "relay.test;reboot",
        ""
      })
  void pageIsNotMadeForAHostileHost(String host) throws Exception {
    RawHttp.Response byHost = page(relay, "Host: " + host);
    if (!host.contains("\n")) {
      assertNoPage(byHost);
      assertNoPage(page(behindProxy, "Host: relay.test", "X-Forwarded-Host: " + host));
    }
    assertThat(byHost.body()).doesNotContain("Set-Cookie", "<script", "reboot");
    assertThat(byHost.headers()).doesNotContainKey("set-cookie");
  }

  @Test
  void pageIsNotMadeForAHostThatIsTooLongOrToldTwiceOrNotAtAll() throws Exception {
    assertNoPage(page(relay, "Host: " + "a".repeat(300)));
    assertNoPage(page(relay, "Host: " + "a".repeat(9000)));
    assertNoPage(page(relay, "Host: relay.test", "Host: relay.test"));
    assertNoPage(page(relay, "X: y"));
    assertNoPage(page(behindProxy, "Host: relay.test", "X-Forwarded-Host: " + "a".repeat(300)));
    assertNoPage(page(behindProxy, "Host: relay.test", "X-Forwarded-Proto: <script>"));
  }

  @Test
  void headersOfAProxyThatIsNotTrustedChangeNothing() throws Exception {
    RawHttp.Response response =
        page(relay, "Host: relay.test", "X-Forwarded-Host: \"><script>", "X-Forwarded-For: <x>");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body())
        .contains(security.scheme("ws") + "://relay.test/agent/")
        .doesNotContain("\"><script>");
  }

  static Stream<String> anything() {
    return Stream.of(
        RawHttp.head("GET", "/"),
        RawHttp.head("GET", "/docs/agent"),
        RawHttp.head("GET", "/docs/agent.sha256"),
        RawHttp.head("GET", "/docs/agent", "Range: bytes=0-1"),
        RawHttp.head("GET", "/docs/agent", "Range: bytes=999999-"),
        RawHttp.head("GET", "/docs/agent", "If-None-Match: *"),
        RawHttp.head("GET", "/assets/converge.css"),
        RawHttp.head("GET", "/healthz"),
        RawHttp.head("GET", "/nothing"),
        RawHttp.head("DELETE", "/"),
        RawHttp.head("GET", "/agent/job"),
        RawHttp.upgrade("/client/job?wait=0"),
        RawHttp.upgrade("/client/a%20b"),
        "GET / HTTP/1.1\r\nHost: <script>\r\n\r\n",
        "nonsense\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("anything")
  void everyAnswerHasTheHeadersThatProtectItsReader(String request) throws Exception {
    try (var http = new RawHttp(relay)) {
      RawHttp.Response answer = http.send(request).response();
      assertThat(answer.header("Content-Security-Policy"))
          .startsWith("default-src 'none'")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe", "*");
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(answer.headers()).doesNotContainKeys("server", "x-powered-by", "via");
    }
  }

  @Test
  void pageNeedsNoInlineScriptOrStyle() throws Exception {
    assertThat(get("/").body())
        .doesNotContainPattern("<script(?![^>]* src=)")
        .doesNotContain("<style", " style=", "javascript:")
        .doesNotContainPattern("<[^>]* on[a-z]+=");
  }

  @Test
  void programIsServedWithItsChecksum() throws Exception {
    RawHttp.Response program = get("/docs/agent");
    assertThat(program.status()).isEqualTo(200);
    assertThat(program.body()).isEqualTo(AGENT);
    assertThat(program.header("Content-Type")).isEqualTo("application/octet-stream");
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(AGENT.getBytes(StandardCharsets.US_ASCII));
    assertThat(get("/docs/agent.sha256").body())
        .isEqualTo(HexFormat.of().formatHex(digest) + "  agent\n");
  }

  @Test
  void programIsNotSentTwice() throws Exception {
    String tag = get("/docs/agent").header("ETag");
    RawHttp.Response again = get("/docs/agent", "If-None-Match: " + tag);
    assertThat(again.status()).isEqualTo(304);
    assertThat(get("/docs/agent?v=2", "Range: bytes=4-10").body()).isEqualTo("program");
  }

  @Test
  void headIsAnsweredWithoutABodyAndKnowsNoRanges() throws Exception {
    try (var http = new RawHttp(relay)) {
      RawHttp.Response head =
          http.request("HEAD", "/docs/agent", "Range: bytes=0-0").response(false);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Length")).isEqualTo("" + AGENT.length());
      assertThat(http.request("GET", "/healthz").response().body())
          .as("the next answer begins right behind it")
          .isEqualTo("ok\n");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
    try (var http = new RawHttp(relay)) {
      http.send(RawHttp.head("GET", "/healthz") + RawHttp.head("GET", "/docs/agent"));
      assertThat(http.response().body()).isEqualTo("ok\n");
      assertThat(http.response().body()).isEqualTo(AGENT);
      assertThat(http.request("GET", "/healthz").response().status()).isEqualTo(200);
    }
  }

  @Test
  void whoAsksForTheEndGetsIt() throws Exception {
    try (var http = new RawHttp(relay)) {
      assertThat(http.request("GET", "/healthz", "Connection: close").response().status())
          .isEqualTo(200);
      assertThat(http.isAtEnd()).isTrue();
    }
  }

  @Test
  void healthIsToldToOldLoadBalancersToo() throws Exception {
    try (var http = new RawHttp(relay)) {
      assertThat(http.send("GET /healthz HTTP/1.0\r\n\r\n").response().status()).isEqualTo(200);
      assertThat(http.isAtEnd()).isTrue();
    }
  }

  @Test
  void upgradeThatIsNotTakenLeavesNoConnectionThatIsDeaf() throws Exception {
    try (var http = new RawHttp(relay)) {
      http.request("GET", "/healthz", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c");
      RawHttp.Response response = http.response();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.header("Connection")).isEqualTo("close");
      assertThat(http.isAtEnd()).isTrue();
    }
  }

  @Test
  void onlyGetAndHeadAreServed() throws Exception {
    try (var http = new RawHttp(relay)) {
      RawHttp.Response response = http.request("DELETE", "/docs/agent").response();
      assertThat(response.status()).isEqualTo(405);
      assertThat(response.header("Allow")).isEqualTo("GET, HEAD");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/docs",
        "/docs/",
        "/docs/x",
        "/docs/../agent",
        "/docs/./agent",
        "/docs//agent",
        "/docs/agent/",
        "/docs/agent/../agent",
        "/docs/%61gent",
        "/docs/%2e%2e/agent",
        "/docs/..%2fagent",
        "/docs/agent%00",
        "/docs/agent;x",
        "/docs\\agent",
        "/docs/agent.sha256.sha256",
        "//docs/agent",
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/assets/../index.html",
        "/assets/%2e%2e/index.html",
        "/assets/..%5cindex.html",
        "/assets/..\\index.html",
        "/assets//favicon.svg",
        "/assets/../../relay/RelayMain.class",
        "/index.html",
        "/dev/converge/relay/RelayMain.class",
        "/META-INF/MANIFEST.MF",
        "/docs/agent\u0000"
      })
  void pathTricksLeadNowhere(String target) throws Exception {
    RawHttp.Response response = get(target);
    assertThat(response.status()).isIn(400, 404);
    assertThat(response.body()).matches("[\\x20-\\x7e]+\n");
  }

  @Test
  void longAssetPathIsNoBurden() throws Exception {
    assertThat(get("/assets/" + "a.".repeat(4000) + "css").status()).isEqualTo(404);
  }
}
