package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How a bridge begins and ends. */
@ParameterizedClass
@EnumSource
@ExtendWith(NoLeaks.class)
final class BridgeIT {
  @Parameter private Security security;
  private RelayFixture relay;

  @BeforeEach
  void start() throws Exception {
    relay = new RelayFixture(security);
  }

  @AfterEach
  void nobodyIsLeft() {
    relay.awaitEmpty();
    relay.close();
  }

  @Test
  void agentThatSpeaksFirstIsHeardByItsClient() throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"))) {
      agent.send("SSH-2.0-");
      agent.send("agent\r\n");
      relay.awaitSlots(1);
      try (var client = JdkPeer.open(relay.uri("/client/job"))) {
        assertThat(client.receiveText(15)).isEqualTo("SSH-2.0-agent\r\n");
        agent.send("more");
        assertThat(client.receiveText(4)).isEqualTo("more");
      }
    }
  }

  @Test
  void bytesRightBehindTheUpgradeArriveOnBothSides() throws Exception {
    var agentHttp = new RawHttp(relay);
    agentHttp.send(with(RawHttp.upgrade("/agent/job"), "agent first"));
    try (var agent = new RawWebSocket(agentHttp)) {
      for (int i = 0; i < 3; i++) {
        relay.awaitSlots(1);
        var http = new RawHttp(relay);
        http.send(with(RawHttp.upgrade("/client/job"), "client first"));
        try (var client = new RawWebSocket(http)) {
          assertThat(client.readText(11)).isEqualTo("agent first");
          assertThat(agent.readText(12)).isEqualTo("client first");
          return;
        }
      }
    }
  }

  private static byte[] with(String request, String message) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(request.getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(Frames.frame(Frames.FIN | Frames.BINARY, message));
    return bytes.toByteArray();
  }

  @Test
  void agentHearsOfItsClientBeforeItHearsFromIt() throws Exception {
    for (int i = 0; i < 5; i++) {
      try (var agent =
          RawWebSocket.open(relay, "/agent/job", "Sec-WebSocket-Protocol: converge.v1")) {
        relay.awaitSlots(1);
        var http = new RawHttp(relay);
        http.send(with(RawHttp.upgrade("/client/job"), "first"));
        try (var client = new RawWebSocket(http)) {
          RawWebSocket.Frame paired = agent.read();
          assertThat(paired.opcode()).isEqualTo(Frames.TEXT);
          assertThat(paired.text())
              .isEqualTo(
                  "{\"type\":\"paired\",\"client\":\"127.0.0.1:"
                      + client.http.socket.getLocalPort()
                      + "\"}");
          assertThat(agent.readText(5)).isEqualTo("first");
        }
      }
      relay.awaitEmpty();
    }
  }

  @Test
  void plainAgentIsToldNothing() throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"));
        var client = JdkPeer.open(relay.uri("/client/job"), "converge.v1")) {
      client.send("x");
      assertThat(agent.receiveText(1)).isEqualTo("x");
      assertThat(agent.texts).isEmpty();
      assertThat(agent.subprotocol()).isEmpty();
      assertThat(client.subprotocol()).as("as its agent does not speak it").isEmpty();
    }
  }

  @Test
  void clientSpeaksConvergeIfItsAgentDoesToo() throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"), "converge.v1");
        var client = JdkPeer.open(relay.uri("/client/job"), "converge.v1")) {
      assertThat(agent.subprotocol()).isEqualTo("converge.v1");
      assertThat(client.subprotocol()).isEqualTo("converge.v1");
      client.send("x");
      agent.receive(1);
      assertThat(agent.texts)
          .singleElement()
          .asString()
          .endsWith(",\"subprotocol\":\"converge.v1\"}");
    }
  }

  @Test
  void plainClientOfAConvergeAgentMayTypeText() throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"), "converge.v1");
        var client = RawWebSocket.open(relay, "/client/job")) {
      assertThat(client.subprotocol).isNull();
      client.send(Frames.frame(Frames.FIN | Frames.TEXT, "typed"));
      assertThat(agent.receiveText(5)).isEqualTo("typed");
      assertThat(agent.texts).singleElement().asString().contains("\"paired\"");
    }
  }

  @Test
  void closeOfTheAgentComesToTheClientBehindAllData() throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"));
        var client = JdkPeer.open(relay.uri("/client/job"))) {
      byte[] data = new byte[3_000_000];
      agent.sendAll(data);
      agent.sendClose(4001, "session over");
      assertThat(client.end()).isEqualTo("4001 session over");
      assertThat(client.receivedBytes()).isEqualTo(data.length);
      assertThat(agent.end()).isEqualTo("4001 session over");
    }
  }

  @Test
  void closeOfTheClientComesToTheAgentBehindAllData() throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"));
        var client = JdkPeer.open(relay.uri("/client/job"))) {
      byte[] data = new byte[3_000_000];
      client.sendAll(data);
      client.sendClose(1000, "bye");
      assertThat(agent.end()).isEqualTo("1000 bye");
      assertThat(agent.receivedBytes()).isEqualTo(data.length);
    }
  }

  @Test
  void agentThatClosedBeforeItWasPairedGivesNoSlot() throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"))) {
      agent.send("last words");
      agent.sendClose(1000, "");
      agent.end();
    }
    assertThatThrownBy(() -> JdkPeer.open(relay.uri("/client/job?wait=0")))
        .isInstanceOf(ExecutionException.class)
        .hasStackTraceContaining("404");
  }

  @Test
  void resetOfTheClientIsToldToTheAgent() throws Exception {
    try (var agent = RawWebSocket.open(relay, "/agent/job");
        var client = RawWebSocket.open(relay, "/client/job")) {
      client.http.reset();
      RawWebSocket.Frame close = agent.readToClose();
      assertThat(close.closeCode()).isEqualTo(1001);
      assertThat(close.closeReason()).isEqualTo("the client's connection broke");
    }
  }

  @Test
  void resetOfTheAgentIsToldToTheClient() throws Exception {
    try (var agent = RawWebSocket.open(relay, "/agent/job");
        var client = JdkPeer.open(relay.uri("/client/job"))) {
      agent.http.reset();
      assertThat(client.end()).isEqualTo("1001 the agent's connection broke");
    }
  }

  @Test
  void peerThatDoesNotAnswerACloseIsCutAtTheLimit() throws Exception {
    try (var strict = new RelayFixture(security, RelayFixture.close(Duration.ofMillis(200)));
        var agent = RawWebSocket.open(strict, "/agent/job");
        var client = RawWebSocket.open(strict, "/client/job")) {
      client.send(Frames.close(1000, "bye"));
      assertThat(agent.readToClose().closeReason()).isEqualTo("bye");
      assertThat(agent.http.isAtEnd()).isTrue();
      assertThat(client.readToClose().closeReason()).isEqualTo("bye");
      assertThat(client.http.isAtEnd()).isTrue();
      strict.awaitEmpty();
    }
  }

  @Test
  void manyPairsAtOnceStayApart() throws Exception {
    List<RawWebSocket> peers = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        peers.add(RawWebSocket.open(relay, "/agent/job" + i));
        peers.add(RawWebSocket.open(relay, "/client/job" + i));
      }
      for (int i = 0; i < 200; i++) {
        peers.get(i).binary("%05d".formatted(i));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(peers.get(i).readText(5)).isEqualTo("%05d".formatted(i ^ 1));
      }
    } finally {
      for (RawWebSocket peer : peers) {
        peer.close();
      }
    }
  }

  @Test
  void idStaysItsOwnersWhileABridgeLives() throws Exception {
    try (var agent = RawWebSocket.open(relay, "/agent/job", "Converge-Key: mine");
        var client = RawWebSocket.open(relay, "/client/job");
        var next = RawWebSocket.open(relay, "/agent/job", "Converge-Key: mine")) {
      client.binary("x");
      assertThat(agent.readText(1)).isEqualTo("x");
      next.hangUp();
      relay.awaitSlots(0);
      for (String header : new String[] {"Converge-Key: other", "X: no key"}) {
        assertThatThrownBy(() -> RawWebSocket.open(relay, "/agent/job", header))
            .isInstanceOf(IOException.class)
            .hasMessage("409 ID job belongs to another agent\n");
      }
    }
  }
}
