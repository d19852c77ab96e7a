package dev.converge.relay;

import static dev.converge.relay.Tokens.SECRET;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.tunnel.Role;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
final class TokenCheckTest {
  private static final long NOW = 1767225600;
  private static final String GOOD = Tokens.of(SECRET, NOW);
  private static final String BAD = Tokens.of("another secret", NOW);
  private static final String CHALLENGE = "Bearer realm=\"converge\"";
  private static final String INVALID = CHALLENGE + ", error=\"invalid_token\"";

  private final TokenCheck both = check(SECRET, SECRET, false);

  private static TokenCheck check(String agent, String client, boolean trustProxy) {
    var secrets =
        new TokenSecrets(
            agent == null ? null : Tokens.secret(agent),
            client == null ? null : Tokens.secret(client));
    return new TokenCheck(secrets, trustProxy, false, () -> Instant.ofEpochSecond(NOW), () -> 0);
  }

  private static HttpRequest request(String target, String... headers) {
    var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
    request.headers().set("Host", "relay.test:4774");
    for (String header : headers) {
      String[] parts = header.split(": ", 2);
      request.headers().add(parts[0], parts[1]);
    }
    return request;
  }

  /** What is answered: {@code STATUS|CHALLENGE|LINE}, or {@code open}. */
  private static String at(TokenCheck check, Role role, HttpRequest request) {
    Answer answer = check.objection(request, role);
    if (answer == null) {
      return "open";
    }
    var channel = new EmbeddedChannel();
    answer.send(channel);
    FullHttpResponse response = channel.readOutbound();
    String line = response.content().toString(UTF_8);
    String challenge = response.headers().get("WWW-Authenticate");
    int status = response.status().code();
    response.release();
    channel.finishAndReleaseAll();
    assertThat(line).matches("[^\\p{Cc}]+\n");
    return status + "|" + challenge + "|" + line.strip();
  }

  private String at(HttpRequest request) {
    return at(both, Role.CLIENT, request);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer ",
        "authorization: bearer ",
        "AUTHORIZATION: BEARER ",
        "Authorization: bEaReR   ",
        "Cookie: jwt=",
        "Cookie: a=b; jwt=",
        "cookie: jwt2=x; JWT=y; xjwt=z; jwt="
      })
  void tokenInAHeaderOpens(String prefix) {
    HttpRequest request = request("/client/x", prefix + GOOD, "Origin: http://relay.test:4774");
    assertThat(at(request)).isEqualTo("open");
    assertThat(at(both, Role.AGENT, request)).isEqualTo("open");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/client/x?jwt=", "/client/x?wait=3&jwt=", "/client/x?%6awt="})
  void tokenInTheQueryOpens(String target) {
    assertThat(at(request(target + GOOD))).isEqualTo("open");
    assertThat(at(request(target + GOOD + "&wait=0"))).isEqualTo("open");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y",
        "Authorization: Basic dXNlcjpwYXNz",
        "Authorization: Bearerx y",
        "Cookie: session=1",
        "Cookie: JWT=x",
        "jwt: x"
      })
  void withoutATokenItIsAskedFor(String header) {
    for (String target : new String[] {"/client/x", "/client/x?wait=3", "/client/x?JWT=x"}) {
      assertThat(at(request(target, header)))
          .isEqualTo(
              "401|"
                  + CHALLENGE
                  + "|this relay asks for a token: set CONVERGE_TOKEN to its secret, or give"
                  + " --token-file");
    }
  }

  @Test
  void wrongTokenIsRefusedWhereverItStands() {
    String refused = "401|" + INVALID + "|the token is not signed with this relay's secret";
    assertThat(at(request("/client/x", "Authorization: Bearer " + BAD))).isEqualTo(refused);
    assertThat(at(request("/client/x?jwt=" + BAD))).isEqualTo(refused);
    assertThat(at(request("/client/x", "Cookie: jwt=" + BAD, "Origin: http://relay.test:4774")))
        .isEqualTo(refused);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization: Bearer", "Authorization: Bearer  ", "Cookie: jwt="})
  void emptyTokenIsAWrongOne(String header) {
    assertThat(at(request("/client/x", header, "Origin: http://relay.test:4774")))
        .startsWith("401|" + INVALID + "|the token is malformed");
    assertThat(at(request("/client/x?jwt="))).startsWith("401|" + INVALID + "|the token is mal");
  }

  @Test
  void firstPlaceThatHasATokenCountsAlone() {
    String bearer = "Authorization: Bearer ";
    assertThat(at(request("/client/x?jwt=" + BAD, bearer + GOOD, "Cookie: jwt=" + BAD)))
        .isEqualTo("open");
    assertThat(at(request("/client/x?jwt=" + GOOD, "Cookie: jwt=" + BAD))).isEqualTo("open");
    assertThat(at(request("/client/x?jwt=" + GOOD, bearer + BAD))).startsWith("401");
    assertThat(at(request("/client/x?jwt=" + BAD, "Cookie: jwt=" + GOOD))).startsWith("401");
    assertThat(at(request("/client/x?jwt=" + GOOD, "Authorization: Basic x"))).isEqualTo("open");
  }

  @Test
  void twoTokensInOnePlaceAreRefused() {
    String refused =
        "400|"
            + CHALLENGE
            + ", error=\"invalid_request\"|the token is given twice (expected: once)";
    String bearer = "Authorization: Bearer " + GOOD;
    String cookie = "Cookie: jwt=" + GOOD;
    assertThat(at(request("/client/x", bearer, bearer))).isEqualTo(refused);
    assertThat(at(request("/client/x?jwt=" + GOOD + "&jwt=" + GOOD))).isEqualTo(refused);
    assertThat(at(request("/client/x", cookie, cookie))).isEqualTo(refused);
    assertThat(at(request("/client/x", cookie + "; jwt=" + GOOD))).isEqualTo(refused);
  }

  @Test
  void brokenQueryIsRefusedWithoutShowingIt() {
    assertThat(at(request("/client/x?jwt=secret%"))).startsWith("400|").doesNotContain("secret%");
  }

  @ParameterizedTest
  @CsvSource({
    "http://relay.test:4774, true",
    "HTTP://Relay.Test:4774, true",
    "https://relay.test:4774, false",
    "http://relay.test, false",
    "http://relay.test:80, false",
    "http://evil.test:4774, false",
    "http://relay.test:4774.evil.test, false",
    "http://relay.test:4774/, false",
    "http://relay.test:47740, false",
    "null, false",
    "*, false"
  })
  void cookieCountsForPagesOfThisRelayOnly(String origin, boolean open) {
    String other =
        "403|null|a token in a cookie counts only for this relay's own pages (Origin); use the"
            + " header Authorization";
    HttpRequest request = request("/client/x", "Cookie: jwt=" + GOOD, "Origin: " + origin);
    assertThat(at(request)).isEqualTo(open ? "open" : other);
    assertThat(at(both, Role.AGENT, request)).isEqualTo(open ? "open" : other);
    assertThat(at(request("/client/x", "Cookie: jwt=" + GOOD))).isEqualTo(other);
    request.headers().add("Origin", "http://relay.test:4774");
    assertThat(at(request)).isEqualTo(other);
  }

  @Test
  void originIsNotAskedForWhereABrowserSendsNothingByItself() {
    String foreign = "Origin: http://evil.test";
    assertThat(at(request("/client/x?jwt=" + GOOD, foreign))).isEqualTo("open");
    assertThat(at(request("/client/x", "Authorization: Bearer " + GOOD, foreign)))
        .isEqualTo("open");
  }

  @Test
  void originBehindATrustedProxyIsThatOfTheProxy() {
    TokenCheck check = check(SECRET, SECRET, true);
    String[] headers = {
      "Cookie: jwt=" + GOOD,
      "Origin: https://relay.example",
      "X-Forwarded-Host: relay.example:443",
      "X-Forwarded-Proto: https"
    };
    assertThat(at(check, Role.CLIENT, request("/client/x", headers))).isEqualTo("open");
    assertThat(at(request("/client/x", headers))).startsWith("403");
    headers[1] = "Origin: http://relay.example";
    assertThat(at(check, Role.CLIENT, request("/client/x", headers))).startsWith("403");
  }

  @Test
  void eachSideHasItsSecret() {
    TokenCheck check = check("for agents", "for clients", false);
    HttpRequest agent = request("/x", "Authorization: Bearer " + Tokens.of("for agents", NOW));
    HttpRequest client = request("/x", "Authorization: Bearer " + Tokens.of("for clients", NOW));

    assertThat(at(check, Role.AGENT, agent)).isEqualTo("open");
    assertThat(at(check, Role.CLIENT, client)).isEqualTo("open");
    assertThat(at(check, Role.CLIENT, agent)).startsWith("401");
    assertThat(at(check, Role.AGENT, client)).startsWith("401");
  }

  @Test
  void sideWithoutASecretIsOpen() {
    TokenCheck check = check(SECRET, null, false);
    assertThat(at(check, Role.CLIENT, request("/client/x?jwt=rubbish"))).isEqualTo("open");
    assertThat(at(check, Role.AGENT, request("/agent/x"))).startsWith("401");
    assertThat(at(check(null, SECRET, false), Role.AGENT, request("/agent/x"))).isEqualTo("open");
  }
}
