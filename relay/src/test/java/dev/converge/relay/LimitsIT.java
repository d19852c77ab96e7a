package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

  private static RelayFixture perAddress(
      int connections, int newConnections, int slots, int clients, int bridges) throws Exception {
    var address = new AddressLimits(connections, newConnections, slots, clients, bridges);
    return new RelayFixture(new VisitorLimits(address, 1000, 100));
  }

  /** A connection from another address of this machine. */
  private static RawHttp fromElsewhere(RelayFixture relay) throws Exception {
    var socket = new Socket();
    socket.bind(new InetSocketAddress("127.0.0.2", 0));
    return new RawHttp(relay.address(), socket);
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
  void connectionsOfOneAddressAreLimited() throws Exception {
    try (var relay = perAddress(2, 100, 9, 9, 9);
        var agent = RawWebSocket.open(relay.address(), "/agent/job");
        var page = new RawHttp(relay.address());
        var other = fromElsewhere(relay)) {
      assertThat(page.request("GET", "/healthz").response().status()).isEqualTo(200);
      assertRefused(
          upgrade(relay, "/agent/job"),
          429,
          "your address has 2 connections to this relay already; try again later");
      assertThat(relay.refused(Refusal.CONNECTIONS_PER_ADDRESS)).isEqualTo(1);
      assertThat(other.request("GET", "/healthz").response().status()).isEqualTo(200);
      assertThat(relay.metric("converge_addresses")).isEqualTo(2);
      agent.hangUp();
      await()
          .atMost(RelayFixture.PATIENCE)
          .until(() -> upgrade(relay, "/agent/job").status() == 101);
    }
  }

  @Test
  void newConnectionsOfOneAddressAreLimited() throws Exception {
    try (var relay = perAddress(100, 1, 9, 9, 9);
        var other = fromElsewhere(relay)) {
      for (int i = 0; i < 10; i++) {
        upgrade(relay, "/client/job?wait=0");
      }
      assertRefused(
          upgrade(relay, "/client/job?wait=0"),
          429,
          "your address opens more than 1 connections a second; try again later");
      assertThat(other.request("GET", "/healthz").response().status()).isEqualTo(200);
    }
  }

  @Test
  void newConnectionsInAllAreLimited() throws Exception {
    var address = new AddressLimits(100, 100, 9, 9, 9);
    try (var relay = new RelayFixture(new VisitorLimits(address, 1, 9))) {
      for (int i = 0; i < 10; i++) {
        upgrade(relay, "/client/job?wait=0");
      }
      assertRefused(
          upgrade(relay, "/client/job?wait=0"),
          503,
          "this relay takes no more than 1 connections a second; try again later");
    }
  }

  /** Far more than may be answered: they cost nothing but their acceptance. */
  @Test
  void floodIsCutAtOnceAndOthersAreServed() throws Exception {
    try (var relay = perAddress(1, 1000, 9, 9, 9);
        var agent = RawWebSocket.open(relay.address(), "/agent/job")) {
      List<RawHttp> flood = new ArrayList<>();
      try {
        for (int i = 0; i < 250; i++) {
          flood.add(new RawHttp(relay.address()));
        }
        await()
            .atMost(RelayFixture.PATIENCE)
            .until(() -> relay.refused(Refusal.CONNECTIONS_PER_ADDRESS) == 250);
        assertThat(relay.relay().connections().size()).isLessThan(200);
        try (var other = fromElsewhere(relay)) {
          assertThat(other.request("GET", "/healthz").response().status()).isEqualTo(200);
        }
        assertThat(agent.http.socket.isConnected()).isTrue();
      } finally {
        for (RawHttp one : flood) {
          one.close();
        }
      }
    }
  }

  @Test
  void halfRequestsHoldUpNobodyButTheirOwnAddressAndNotForLong() throws Exception {
    var limits = RelayFixture.handshake(Duration.ofMillis(700));
    var address = new AddressLimits(3, 100, 9, 9, 9);
    try (var relay = RelayFixture.with(limits, new VisitorLimits(address, 1000, 9))) {
      List<RawHttp> slow = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        slow.add(new RawHttp(relay.address()).send("GET / HTTP/1.1\r\nHost: relay.test\r\nX: "));
      }
      await()
          .atMost(RelayFixture.PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> relay.metric("converge_connections") == 3);
      assertThat(upgrade(relay, "/agent/job").status()).isEqualTo(429);
      try (var other = fromElsewhere(relay)) {
        assertThat(other.request("GET", "/healthz").response().status()).isEqualTo(200);
      }
      for (RawHttp one : slow) {
        assertThat(one.response().status()).isEqualTo(408);
        one.close();
      }
      await()
          .atMost(RelayFixture.PATIENCE)
          .until(() -> upgrade(relay, "/agent/job").status() == 101);
    }
  }

  @Test
  void slotsOfOneAddressAreLimited() throws Exception {
    try (var relay = perAddress(100, 100, 1, 9, 9);
        var agent = RawWebSocket.open(relay.address(), "/agent/job");
        var client = RawWebSocket.open(relay.address(), "/client/job");
        var next = RawWebSocket.open(relay.address(), "/agent/job")) {
      assertRefused(
          upgrade(relay, "/agent/other"),
          429,
          "your address has 1 slots waiting at this relay already");
      client.binary("x");
      assertThat(agent.readText(1)).isEqualTo("x");
      next.hangUp();
      relay.awaitSlots(0);
      await()
          .atMost(RelayFixture.PATIENCE)
          .until(() -> upgrade(relay, "/agent/other").status() == 101);
      assertThat(relay.refused(Refusal.SLOTS_PER_ADDRESS)).isPositive();
    }
  }

  @Test
  void clientsOfOneAddressAreLimited() throws Exception {
    try (var relay = perAddress(100, 100, 9, 1, 9);
        var client = new RawHttp(relay.address()).send(RawHttp.upgrade("/client/job"))) {
      relay.awaitClients(1);
      assertRefused(
          upgrade(relay, "/client/other"),
          429,
          "your address has 1 clients waiting at this relay already");
      assertThat(relay.refused(Refusal.CLIENTS_PER_ADDRESS)).isEqualTo(1);
      client.reset();
      relay.awaitClients(0);
      await()
          .atMost(RelayFixture.PATIENCE)
          .until(() -> upgrade(relay, "/client/other?wait=0").status() == 404);
    }
  }

  @Test
  void bridgesOfOneAddressAndInAllAreLimited() throws Exception {
    var address = new AddressLimits(100, 100, 9, 9, 1);
    try (var relay = new RelayFixture(new VisitorLimits(address, 1000, 2));
        var third = RawWebSocket.open(relay.address(), "/agent/job");
        var second = RawWebSocket.open(relay.address(), "/agent/job");
        var first = RawWebSocket.open(relay.address(), "/agent/job");
        var client = RawWebSocket.open(relay.address(), "/client/job");
        var elsewhere = fromElsewhere(relay)) {
      assertRefused(
          upgrade(relay, "/client/job"), 429, "your address has 1 sessions at this relay already");
      relay.awaitSlots(2);
      var other = new RawWebSocket(elsewhere.send(RawHttp.upgrade("/client/job")));
      assertThat(relay.metric("converge_bridges")).isEqualTo(2);
      var socket = new Socket();
      socket.bind(new InetSocketAddress("127.0.0.3", 0));
      try (var refused = new RawHttp(relay.address(), socket)) {
        assertRefused(
            refused.send(RawHttp.upgrade("/client/job")).response(),
            503,
            "this relay carries 2 sessions already, its most; try again later");
      }
      relay.awaitSlots(1);
      other.binary("b");
      client.binary("a");
      assertThat(first.readText(1) + second.readText(1)).isEqualTo("ab");
      assertThat(third.http.socket.isConnected()).isTrue();
      client.hangUp();
      await()
          .atMost(RelayFixture.PATIENCE)
          .until(() -> upgrade(relay, "/client/job").status() == 101);
      assertThat(relay.refused(Refusal.BRIDGES)).isEqualTo(1);
    }
  }

  @Test
  void sessionThatLastsTooLongIsEnded() throws Exception {
    try (var relay = new RelayFixture(new BridgeLimits(null, Duration.ofMillis(300)))) {
      bridgeThatIsOverAtOnce(relay);
      try (var agent = JdkPeer.open(relay.uri("/agent/job"));
          var client = JdkPeer.open(relay.uri("/client/job"))) {
        assertThat(client.end()).isEqualTo("1008 a session lasts 0.3s at this relay");
        assertThat(agent.end()).isEqualTo("1008 a session lasts 0.3s at this relay");
      }
      relay.awaitEmpty();
      assertThat(relay.metric("converge_bridges_expired_total")).isEqualTo(1);
    }
  }

  private static void bridgeThatIsOverAtOnce(RelayFixture relay) throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"));
        var client = JdkPeer.open(relay.uri("/client/job"))) {
      client.sendClose(1000, "");
      assertThat(agent.end()).isEqualTo("1000 ");
    }
  }

  /** 2.5 s of data at the rate, the first second of which is the burst. */
  @Test
  void rateHoldsEachDirectionBackAndLosesNothing() throws Exception {
    long rate = 2_000_000;
    byte[] data = new byte[5_000_000];
    new Random(1).nextBytes(data);
    try (var relay = new RelayFixture(new BridgeLimits(rate, null));
        var agent = JdkPeer.open(relay.uri("/agent/job"));
        var client = JdkPeer.open(relay.uri("/client/job"))) {
      long start = System.nanoTime();
      var up = CompletableFuture.runAsync(() -> send(client, data));
      send(agent, data);
      assertThat(client.receive(data.length)).isEqualTo(data);
      assertThat(agent.receive(data.length)).isEqualTo(data);
      up.get(10, TimeUnit.SECONDS);
      double seconds = (System.nanoTime() - start) / 1e9;
      assertThat(seconds).isBetween(1.3, 6.0);
      assertThat(relay.metric("converge_rate_pauses_total")).isPositive();
    }
  }

  private static void send(JdkPeer peer, byte[] data) {
    try {
      peer.sendAll(data);
    } catch (Exception e) {
      throw new IllegalStateException(e);
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
