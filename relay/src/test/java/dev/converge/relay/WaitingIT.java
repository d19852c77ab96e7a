package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who waits, for how long, and who gets whom. */
@ExtendWith(NoLeaks.class)
final class WaitingIT {
  private RelayFixture relay;

  @BeforeEach
  void start() throws Exception {
    relay = new RelayFixture();
  }

  @AfterEach
  void nobodyIsLeft() {
    relay.awaitEmpty();
    relay.close();
  }

  private static void assertConnected(RawWebSocket agent, JdkPeer client) throws Exception {
    client.send("ping?");
    assertThat(agent.readText(5)).isEqualTo("ping?");
    agent.binary("pong!");
    assertThat(client.receiveText(5)).isEqualTo("pong!");
  }

  @Test
  void clientThatWaitsIsAnsweredWhenAnAgentComes() throws Exception {
    CompletableFuture<JdkPeer> opening = JdkPeer.opening(relay.uri("/client/job"));
    relay.awaitClients(1);
    assertThat(opening).isNotDone();
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job");
        var client = opening.get(10, TimeUnit.SECONDS)) {
      assertConnected(agent, client);
    }
  }

  @Test
  void clientsAreServedInTheirOrder() throws Exception {
    var first = new RawHttp(relay.address()).send(RawHttp.upgrade("/client/job"));
    relay.awaitClients(1);
    var second = new RawHttp(relay.address()).send(RawHttp.upgrade("/client/job"));
    relay.awaitClients(2);
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job");
        var client = new RawWebSocket(first);
        second) {
      client.binary("first");
      assertThat(agent.readText(5)).isEqualTo("first");
      assertThat(relay.relay().rendezvous().waitingClients()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, no agent with ID job is waiting", "1, no agent with ID job came within 1 s"})
  void clientThatNobodyComesForIsToldSoInOneLine(int wait, String line) throws Exception {
    try (var http = new RawHttp(relay.address())) {
      RawHttp.Response response = http.send(RawHttp.upgrade("/client/job?wait=" + wait)).response();
      assertThat(response.status()).isEqualTo(404);
      assertThat(response.body()).isEqualTo(line + "\n");
    }
  }

  @Test
  void clientThatDoesNotWaitGetsASlotThatIsThere() throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job");
        var client = JdkPeer.open(relay.uri("/client/job?wait=0"))) {
      assertConnected(agent, client);
    }
  }

  @Test
  void clientLeavingWhileItWaitsKeepsTheSlotForTheNext() throws Exception {
    try (var http = new RawHttp(relay.address())) {
      http.send(RawHttp.upgrade("/client/job"));
      relay.awaitClients(1);
    }
    relay.awaitClients(0);
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job")) {
      relay.awaitSlots(1);
      try (var client = JdkPeer.open(relay.uri("/client/job"))) {
        assertConnected(agent, client);
      }
    }
  }

  @Test
  void clientResettingWhileItWaitsLeavesNothingBehind() throws Exception {
    try (var http = new RawHttp(relay.address())) {
      http.send(RawHttp.upgrade("/client/job"));
      relay.awaitClients(1);
      http.reset();
    }
    relay.awaitClients(0);
  }

  @Test
  void agentLeavingWhileItWaitsTakesItsSlotAlong() throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job")) {
      relay.awaitSlots(1);
      agent.http.reset();
    }
    relay.awaitSlots(0);
  }

  @Test
  void agentThatClosesItsSlotIsAnswered() throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"))) {
      relay.awaitSlots(1);
      agent.sendClose(1000, "enough");
      assertThat(agent.end()).isEqualTo("1000 enough");
      relay.awaitSlots(0);
    }
  }

  /** Clients come and go around each agent that comes; who stays gets one in the end. */
  @Test
  void agentsAndClientsThatDieAtTheMomentOfPairingCostNobodyElse() throws Exception {
    for (int round = 0; round < 60; round++) {
      var leaving = new RawHttp(relay.address()).send(RawHttp.upgrade("/client/job"));
      relay.awaitClients(1);
      var dying = new RawHttp(relay.address()).send(RawHttp.upgrade("/agent/job"));
      if (round % 2 == 0) {
        leaving.reset();
        dying.close();
      } else {
        dying.reset();
        leaving.close();
      }
      try (var agent = RawWebSocket.open(relay.address(), "/agent/job");
          var client = new RawHttp(relay.address()).send(RawHttp.upgrade("/client/job"))) {
        assertThat(new RawWebSocket(client).subprotocol).isNull();
        assertThat(agent.subprotocol).isNull();
      }
      relay.awaitClients(0);
      relay.awaitSlots(0);
    }
  }
}
