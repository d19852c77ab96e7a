package dev.converge.relay;

import static dev.converge.relay.Tokens.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A relay that asks both sides for a token. */
@ExtendWith(NoLeaks.class)
final class AdmissionIT {
  private RelayFixture relay;

  @BeforeEach
  void start() throws Exception {
    relay = new RelayFixture(new TokenSecrets(Tokens.secret(SECRET), Tokens.secret("for clients")));
  }

  @AfterEach
  void nobodyIsLeft() {
    relay.awaitEmpty();
    relay.close();
  }

  private RawHttp.Response answer(String request) throws Exception {
    try (var http = new RawHttp(relay.address())) {
      RawHttp.Response response = http.send(request).response();
      assertThat(response.status() == 101 || http.isAtEnd()).isTrue();
      return response;
    }
  }

  private static String bearer(String secret) {
    return "Authorization: Bearer " + Tokens.now(secret);
  }

  @Test
  void sidesWithTheirTokensMeet() throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job", bearer(SECRET));
        var client =
            JdkPeer.open(relay.uri("/client/job?wait=5&jwt=" + Tokens.now("for clients")))) {
      client.send("hello");
      assertThat(agent.readText(5)).isEqualTo("hello");
    }
  }

  @Test
  void jdkShowsItsTokenInEachOfTheThreePlaces() throws Exception {
    String token = Tokens.now(SECRET);
    HttpClient http = HttpClient.newHttpClient();
    String origin = "http://127.0.0.1:" + relay.address().getPort();
    URI uri = relay.uri("/agent/job");
    open(http.newWebSocketBuilder().header("Authorization", "bearer " + token), uri);
    open(http.newWebSocketBuilder().header("Cookie", "jwt=" + token).header("Origin", origin), uri);
    open(http.newWebSocketBuilder(), relay.uri("/agent/job?jwt=" + token));
  }

  private static void open(WebSocket.Builder builder, URI uri) throws Exception {
    builder.buildAsync(uri, new WebSocket.Listener() {}).get(10, TimeUnit.SECONDS).abort();
  }

  static Stream<Arguments> refused() {
    String now = Tokens.now(SECRET);
    return Stream.of(
        arguments("no token", 401, new String[0]),
        arguments("token of the other side", 401, new String[] {bearer("for clients")}),
        arguments("other secret", 401, new String[] {bearer("guessed")}),
        arguments(
            "expired",
            401,
            new String[] {"Authorization: Bearer " + Tokens.of(SECRET, 1767225600)}),
        arguments("cookie without Origin", 403, new String[] {"Cookie: jwt=" + now}),
        arguments(
            "cookie from another site",
            403,
            new String[] {"Cookie: jwt=" + now, "Origin: http://evil.test"}),
        arguments("two tokens", 400, new String[] {bearer(SECRET), bearer(SECRET)}),
        arguments("a large one", 401, new String[] {"Authorization: Bearer " + "a".repeat(7000)}));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refused")
  void agentWithoutARightTokenIsRefusedWithALine(String what, int status, String[] headers)
      throws Exception {
    RawHttp.Response response = answer(RawHttp.upgrade("/agent/job", headers));
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.body()).matches("[^\\p{Cc}]+\n");
    assertThat(response.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(response.header("WWW-Authenticate") != null).isEqualTo(status != 403);
    assertThat(relay.relay().rendezvous().ids()).isZero();
  }

  @Test
  void clientWithoutATokenLearnsNothingAboutIdsAndDoesNotWait() throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/there", bearer(SECRET))) {
      RawHttp.Response there = answer(RawHttp.upgrade("/client/there?wait=60"));
      RawHttp.Response absent = answer(RawHttp.upgrade("/client/absent?wait=60"));
      RawHttp.Response malformed = answer(RawHttp.upgrade("/client/a%20b?wait=x"));
      assertThat(there.status()).isEqualTo(401);
      assertThat(there.body())
          .isEqualTo(absent.body())
          .isEqualTo(malformed.body())
          .contains("CONVERGE_TOKEN");
      assertThat(relay.relay().rendezvous().waitingClients()).isZero();
      assertThat(answer(RawHttp.upgrade("/client/there", bearer(SECRET))).status()).isEqualTo(401);
      assertThat(agent.subprotocol).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/healthz", "/assets/bootstrap.min.css"})
  void pagesStayOpen(String path) throws Exception {
    try (var http = new RawHttp(relay.address())) {
      assertThat(http.request("GET", path).response().status()).isEqualTo(200);
    }
  }
}
