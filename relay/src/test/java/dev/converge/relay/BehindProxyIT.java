package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose address counts when a proxy stands in front. */
@ExtendWith(NoLeaks.class)
final class BehindProxyIT {
  private static final String CONVERGE = "Sec-WebSocket-Protocol: converge.v1";
  private static final VisitorLimits TWO =
      new VisitorLimits(new AddressLimits(2, 1000, 9, 9, 9), 1000, 100);

  private static RawHttp.Response get(RawHttp http, String... headers) throws Exception {
    return http.request("GET", "/healthz", headers).response();
  }

  private static String header(String client) {
    return "PROXY TCP4 " + client + " 127.0.0.1 4711 4774\r\n";
  }

  @Test
  void agentIsToldTheClientThatTheTrustedProxyNames() throws Exception {
    try (var relay = RelayFixture.behindProxy(true, false, TWO);
        var agent = RawWebSocket.open(relay.address(), "/agent/job", CONVERGE);
        var client =
            RawWebSocket.open(
                relay.address(), "/client/job", "X-Forwarded-For: 10.9.9.9, 192.0.2.7")) {
      assertThat(agent.read().text()).isEqualTo("{\"type\":\"paired\",\"client\":\"192.0.2.7\"}");
      client.binary("x");
      assertThat(agent.readText(1)).isEqualTo("x");
    }
  }

  @Test
  void agentIsToldTheClientThatTheProxyHeaderNames() throws Exception {
    try (var relay = RelayFixture.behindProxy(false, true, TWO);
        var agentHttp = new RawHttp(relay.address());
        var clientHttp = new RawHttp(relay.address())) {
      agentHttp.send(header("192.0.2.1") + RawHttp.upgrade("/agent/job", CONVERGE));
      var agent = new RawWebSocket(agentHttp);
      clientHttp.send(
          header("192.0.2.7") + RawHttp.upgrade("/client/job", "X-Forwarded-For: 10.9.9.9"));
      var client = new RawWebSocket(clientHttp);
      assertThat(agent.read().text())
          .isEqualTo("{\"type\":\"paired\",\"client\":\"192.0.2.7:4711\"}");
      client.binary("x");
      assertThat(agent.readText(1)).isEqualTo("x");
    }
  }

  @Test
  void limitsCountTheAddressesThatTheTrustedProxyNames() throws Exception {
    try (var relay = RelayFixture.behindProxy(true, false, TWO);
        var first = new RawHttp(relay.address());
        var second = new RawHttp(relay.address());
        var third = new RawHttp(relay.address());
        var fourth = new RawHttp(relay.address())) {
      String one = "X-Forwarded-For: 192.0.2.7";
      assertThat(get(first, one).status()).isEqualTo(200);
      assertThat(get(second, one).status()).isEqualTo(200);
      assertThat(get(third, one).status()).isEqualTo(429);
      assertThat(get(fourth, "X-Forwarded-For: 192.0.2.7, 192.0.2.8").status()).isEqualTo(200);
      assertThat(get(first, "X-Forwarded-For: 192.0.2.8").status())
          .as("one connection of the proxy, another client")
          .isEqualTo(200);
      assertThat(get(second, one).status()).isEqualTo(200);
      try (var fifth = new RawHttp(relay.address())) {
        assertThat(get(fifth, one).status()).as("in the place that was left").isEqualTo(200);
      }
      assertThat(relay.metric("converge_addresses")).isEqualTo(2);
    }
  }

  @Test
  void limitsCountTheAddressesThatTheProxyHeaderNames() throws Exception {
    try (var relay = RelayFixture.behindProxy(false, true, TWO);
        var first = new RawHttp(relay.address()).send(header("192.0.2.7"));
        var second = new RawHttp(relay.address()).send(header("192.0.2.7"))) {
      assertThat(get(first).status()).isEqualTo(200);
      assertThat(get(second).status()).isEqualTo(200);
      try (var third = new RawHttp(relay.address()).send(header("192.0.2.7"));
          var other = new RawHttp(relay.address()).send(header("192.0.2.8"))) {
        assertThat(get(third).status()).isEqualTo(429);
        assertThat(get(other).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void floodOfAnAddressInTheProxyHeaderIsCutAtOnce() throws Exception {
    List<RawHttp> flood = new ArrayList<>();
    try (var relay = RelayFixture.behindProxy(false, true, TWO)) {
      for (int i = 0; i < 250; i++) {
        flood.add(new RawHttp(relay.address()).send(header("192.0.2.7")));
      }
      await()
          .atMost(RelayFixture.PATIENCE)
          .until(() -> relay.refused(Refusal.CONNECTIONS_PER_ADDRESS) == 248);
      await().atMost(RelayFixture.PATIENCE).until(() -> relay.metric("converge_connections") < 200);
      try (var other = new RawHttp(relay.address()).send(header("192.0.2.8"))) {
        assertThat(get(other).status()).isEqualTo(200);
      }
    } finally {
      for (RawHttp one : flood) {
        one.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<script>", "192.0.2.7, ", "192.0.2.7, localhost", "'; drop table"})
  void garbledWordOfTheTrustedProxyIsRefused(String value) throws Exception {
    try (var relay = RelayFixture.behindProxy(true, false, TWO);
        var http = new RawHttp(relay.address())) {
      RawHttp.Response response = get(http, "X-Forwarded-For: " + value);
      assertThat(response.status()).isEqualTo(400);
      assertThat(response.body())
          .isEqualTo("the last entry of X-Forwarded-For is not an IP address\n");
      assertThat(http.isAtEnd()).isTrue();
    }
  }

  @Test
  void connectionWithoutTheProxyHeaderIsClosedUnanswered() throws Exception {
    try (var relay = RelayFixture.behindProxy(false, true, TWO);
        var http = new RawHttp(relay.address())) {
      http.request("GET", "/healthz");
      assertThat(http.isAtEnd()).isTrue();
      relay.awaitEmpty();
    }
  }
}
