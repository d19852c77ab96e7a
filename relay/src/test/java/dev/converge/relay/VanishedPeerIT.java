package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Peers that go away without a word: their connections stay, but nobody answers. */
@ExtendWith(NoLeaks.class)
final class VanishedPeerIT {
  private RelayFixture relay;

  @BeforeEach
  void start() throws Exception {
    relay = new RelayFixture(RelayFixture.ping(Duration.ofMillis(250)));
  }

  @AfterEach
  void nobodyIsLeft() {
    relay.awaitEmpty();
    relay.close();
  }

  private static void answer(RawWebSocket peer) throws Exception {
    RawWebSocket.Frame ping = peer.read();
    assertThat(ping.opcode()).isEqualTo(Frames.PING);
    peer.send(Frames.frame(Frames.FIN | Frames.PONG, ping.payload()));
  }

  private static int pingsUntilTheEnd(RawWebSocket peer) throws Exception {
    int pings = 0;
    try {
      while (peer.read().opcode() == Frames.PING) {
        pings++;
      }
    } catch (EOFException e) {
      return pings;
    }
    throw new AssertionError("something else than pings");
  }

  @Test
  void slotThatMissesTwoPongsIsDropped() throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job")) {
      relay.awaitSlots(1);
      answer(agent);
      answer(agent);
      assertThat(pingsUntilTheEnd(agent)).isEqualTo(2);
      relay.awaitSlots(0);
    }
  }

  @Test
  void vanishedClientIsDroppedAndItsAgentToldWhileOthersStay() throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"));
        var client = RawWebSocket.open(relay.address(), "/client/job");
        var otherAgent = JdkPeer.open(relay.uri("/agent/other"));
        var other = JdkPeer.open(relay.uri("/client/other"))) {
      assertThat(pingsUntilTheEnd(client)).isEqualTo(2);
      assertThat(agent.end()).isEqualTo("1001 the client's connection broke");
      other.send("still here");
      assertThat(otherAgent.receiveText(10)).isEqualTo("still here");
    }
  }

  @Test
  void vanishedAgentIsDroppedAndItsClientTold() throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job");
        var client = JdkPeer.open(relay.uri("/client/job"))) {
      assertThat(pingsUntilTheEnd(agent)).isEqualTo(2);
      assertThat(client.end()).isEqualTo("1001 the agent's connection broke");
    }
  }

  @Test
  void frameThatTakesLongerThanTheHeartbeatIsTaken() throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job");
        var client = JdkPeer.open(relay.uri("/client/job"))) {
      byte[] frame = Frames.frame(Frames.FIN | Frames.BINARY, "slowly spoken");
      for (int from = 0; from < frame.length; from += 4) {
        agent.send(Arrays.copyOfRange(frame, from, Math.min(frame.length, from + 4)));
        assertThat(agent.read().opcode()).isEqualTo(Frames.PING);
      }
      assertThat(client.receiveText(13)).isEqualTo("slowly spoken");
    }
  }
}
