package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class LimitsIT {
  private static RelayFixture waiting(int slotsPerId, int slots, int clientsPerId, int clients)
      throws Exception {
    return new RelayFixture(
        RelayFixture.LIMITS,
        new RendezvousLimits(slotsPerId, slots, clientsPerId, clients, Duration.ZERO));
  }

  private static RawHttp.Response upgrade(RelayFixture relay, String target, String... headers)
      throws Exception {
    try (var http = new RawHttp(relay.address())) {
      return http.send(RawHttp.upgrade(target, headers)).response();
    }
  }

  private static void assertRefused(RawHttp.Response response, int status, String line) {
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.body()).isEqualTo(line + "\n");
    assertThat(response.header("Retry-After")).matches("[1-9][0-9]*");
  }

  @Test
  void slotsOfOneIdAreLimited() throws Exception {
    try (var relay = waiting(1, 9, 9, 9);
        var agent = RawWebSocket.open(relay.address(), "/agent/job")) {
      assertRefused(upgrade(relay, "/agent/job"), 429, "1 slots wait for ID job already");
      assertThat(agent.subprotocol).isNull();
      assertThat(upgrade(relay, "/agent/other").status()).isEqualTo(101);
    }
  }

  @Test
  void slotsInAllAreLimited() throws Exception {
    try (var relay = waiting(1, 1, 9, 9);
        var agent = RawWebSocket.open(relay.address(), "/agent/job")) {
      assertRefused(upgrade(relay, "/agent/other"), 503, "too many agents wait at this relay");
      agent.hangUp();
      relay.awaitSlots(0);
      assertThat(upgrade(relay, "/agent/other").status()).isEqualTo(101);
    }
  }

  @Test
  void clientsOfOneIdAreLimited() throws Exception {
    try (var relay = waiting(9, 9, 1, 9);
        var client = new RawHttp(relay.address()).send(RawHttp.upgrade("/client/job"))) {
      relay.awaitClients(1);
      assertRefused(upgrade(relay, "/client/job"), 429, "1 clients wait for this ID already");
      client.reset();
      relay.awaitClients(0);
      assertThat(upgrade(relay, "/client/job?wait=0").status()).isEqualTo(404);
    }
  }

  @Test
  void clientsInAllAreLimited() throws Exception {
    try (var relay = waiting(9, 9, 1, 1);
        var client = new RawHttp(relay.address()).send(RawHttp.upgrade("/client/job"))) {
      relay.awaitClients(1);
      assertRefused(upgrade(relay, "/client/other"), 503, "too many clients wait at this relay");
      assertThat(client.socket.isConnected()).isTrue();
    }
  }

  @Test
  void connectionsAreLimited() throws Exception {
    var two =
        new RelayLimits(
            2,
            8192,
            1 << 20,
            RelayFixture.LIMITS.handshake(),
            RelayFixture.LIMITS.close(),
            RelayFixture.LIMITS.ping());
    try (var relay = new RelayFixture(two);
        var agent = JdkPeer.open(relay.uri("/agent/job"));
        var client = JdkPeer.open(relay.uri("/client/job"))) {
      assertRefused(
          upgrade(relay, "/agent/job"),
          503,
          "this relay has as many connections as it can carry; try again later");
      client.send("not disturbed");
      assertThat(agent.receiveText(13)).isEqualTo("not disturbed");
    }
  }

  @Test
  void idOfAnotherAgentIsTaken() throws Exception {
    try (var relay = new RelayFixture();
        var agent = RawWebSocket.open(relay.address(), "/agent/job", "Converge-Key: mine")) {
      assertThat(agent.subprotocol).isNull();
      RawHttp.Response other = upgrade(relay, "/agent/job", "Converge-Key: other");
      assertThat(other.status()).isEqualTo(409);
      assertThat(other.body()).isEqualTo("ID job belongs to another agent\n");
      assertThat(upgrade(relay, "/agent/job").status()).isEqualTo(409);
      assertThat(upgrade(relay, "/agent/job", "Converge-Key: mine").status()).isEqualTo(101);
    }
  }
}
