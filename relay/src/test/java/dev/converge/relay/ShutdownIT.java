package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
@Timeout(20)
final class ShutdownIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String CONVERGE = "Sec-WebSocket-Protocol: converge.v1";
  private static final String DRAIN = "{\"type\":\"drain\"}";
  private static final String REASON = "this relay is shutting down";

  private RelayFixture relay;

  @BeforeEach
  void start() throws Exception {
    relay = new RelayFixture();
  }

  @AfterEach
  void everybodyIsGone() {
    relay.close();
    relay.awaitEmpty();
  }

  private CompletableFuture<Void> stop(Duration grace) {
    return CompletableFuture.runAsync(() -> relay.relay().stop(grace));
  }

  @Test
  void waitingAgentsAreToldWhyAndLetGo() throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"));
        var other = JdkPeer.open(relay.uri("/agent/other"))) {
      relay.awaitSlots(2);
      var stopping = stop(LONG);
      assertThat(agent.end()).isEqualTo("1001 " + REASON);
      assertThat(other.end()).isEqualTo("1001 " + REASON);
      stopping.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void waitingClientsAreToldToComeBack() throws Exception {
    try (var client = new RawHttp(relay.address()).send(RawHttp.upgrade("/client/job"))) {
      relay.awaitClients(1);
      var stopping = stop(LONG);
      RawHttp.Response response = client.response();
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body()).isEqualTo(REASON + "\n");
      assertThat(response.header("Retry-After")).isNotNull();
      client.reset();
      stopping.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void bridgesRunOnForTheGraceAndEndThenWithAReason() throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"));
        var client = JdkPeer.open(relay.uri("/client/job"));
        var waiting = JdkPeer.open(relay.uri("/agent/job"))) {
      var stopping = stop(Duration.ofSeconds(1));
      waiting.end();
      client.send("still");
      assertThat(agent.receiveText(5)).isEqualTo("still");
      assertThat(client.end()).isEqualTo("1001 " + REASON);
      assertThat(agent.end()).isEqualTo("1001 " + REASON);
      stopping.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void graceEndsWithTheLastBridge() throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"));
        var client = JdkPeer.open(relay.uri("/client/job"))) {
      var stopping = stop(LONG);
      client.sendClose(1000, "done");
      assertThat(agent.end()).isEqualTo("1000 done");
      stopping.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void bridgeWhoseEndsMoveOnWhenToldDoesNotHoldItUp() throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job", CONVERGE);
        var client = RawWebSocket.open(relay.address(), "/client/job", CONVERGE)) {
      assertThat(agent.read().text()).contains("paired");
      var stopping = stop(LONG);
      assertThat(client.read().text()).isEqualTo(DRAIN);
      assertThat(agent.read().text()).isEqualTo(DRAIN);
      client.send(Frames.close(1001, "elsewhere"));
      agent.send(Frames.close(1001, "elsewhere"));
      stopping.get(5, TimeUnit.SECONDS);
      assertThat(client.readToClose().closeReason()).isEqualTo("elsewhere");
      assertThat(agent.readToClose().closeReason()).isEqualTo("elsewhere");
    }
  }

  @Test
  void agentOfAPlainClientIsToldAndItsClientIsNot() throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job", CONVERGE);
        var client = RawWebSocket.open(relay.address(), "/client/job")) {
      assertThat(agent.read().text()).contains("paired");
      var stopping = stop(LONG);
      assertThat(agent.read().text()).isEqualTo(DRAIN);
      agent.binary("still").send(Frames.close(1000, "done"));
      assertThat(client.read().text()).isEqualTo("still");
      assertThat(client.read().closeReason()).isEqualTo("done");
      client.send(Frames.close(1000, ""));
      stopping.get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void anotherRelayTakesItsPlaceWhileItsSessionsEnd() throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"));
        var client = JdkPeer.open(relay.uri("/client/job"));
        var waiting = JdkPeer.open(relay.uri("/agent/job"))) {
      var stopping = stop(LONG);
      waiting.end();
      try (var next = RelayFixture.at(relay.address());
          var newAgent = JdkPeer.open(next.uri("/agent/job"))) {
        assertThat(newAgent.subprotocol()).isEmpty();
        client.send("still");
        assertThat(agent.receiveText(5)).isEqualTo("still");
      }
      client.sendClose(1000, "");
      agent.end();
      stopping.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void peersThatAnswerNothingDoNotHoldItUp() throws Exception {
    try (var agent = RawWebSocket.open(relay.address(), "/agent/job");
        var client = RawWebSocket.open(relay.address(), "/client/job");
        var waiting = RawWebSocket.open(relay.address(), "/agent/job");
        var silent = new RawHttp(relay.address())) {
      stop(Duration.ofMillis(100)).get(10, TimeUnit.SECONDS);
      assertThat(waiting.readToClose().closeCode()).isEqualTo(1001);
      assertThat(client.readToClose().closeCode()).isEqualTo(1001);
      assertThat(agent.readToClose().closeCode()).isEqualTo(1001);
      assertThat(silent.isAtEnd()).isTrue();
    }
  }

  @Test
  void idleBrowserDoesNotHoldItUp() throws Exception {
    try (var browser = new RawHttp(relay.address())) {
      assertThat(browser.request("GET", "/healthz").response().status()).isEqualTo(200);
      stop(LONG).get(10, TimeUnit.SECONDS);
      assertThat(browser.isAtEnd()).isTrue();
    }
  }

  @Test
  void nobodyNewIsLetIn() throws Exception {
    try (var agent = JdkPeer.open(relay.uri("/agent/job"));
        var client = JdkPeer.open(relay.uri("/client/job"));
        var waiting = JdkPeer.open(relay.uri("/agent/job"))) {
      var stopping = stop(LONG);
      waiting.end();
      assertThatThrownBy(() -> new RawHttp(relay.address()).close())
          .isInstanceOf(IOException.class);
      client.sendClose(1000, "");
      agent.end();
      stopping.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void healthTellsABalancerToGoElsewhere() throws Exception {
    var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/healthz");
    var channel = new EmbeddedChannel();
    new Site(null, false, false, () -> true).answer(request).send(channel);
    FullHttpResponse response = channel.readOutbound();
    assertThat(response.status().code()).isEqualTo(503);
    response.release();
  }
}
