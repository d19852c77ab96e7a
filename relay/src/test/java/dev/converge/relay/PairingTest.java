package dev.converge.relay;

import static dev.converge.relay.EmbeddedRelay.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens between a match and its bridge, in each order in which it can. */
@ExtendWith(NoLeaks.class)
final class PairingTest {
  private static final RendezvousLimits ONE_SLOT =
      new RendezvousLimits(1, 9, 9, 9, Duration.ofSeconds(30));

  private EmbeddedRelay relay = new EmbeddedRelay(RelayFixture.WAITING);

  @AfterEach
  void nobodyWaits() {
    relay.close();
    assertThat(relay.rendezvous.waitingSlots()).isZero();
    assertThat(relay.rendezvous.waitingClients()).isZero();
  }

  private EmbeddedChannel agent() {
    EmbeddedChannel agent =
        relay.connect("/agent/job", new byte[0], "Sec-WebSocket-Protocol: converge.v1");
    assertThat(sent(agent)).startsWith("HTTP/1.1 101 ");
    return agent;
  }

  private EmbeddedChannel client(int wait) {
    return relay.connect("/client/job?wait=" + wait);
  }

  private static void closed(EmbeddedChannel channel) {
    channel.close();
    channel.runPendingTasks();
  }

  @Test
  void agentHearsOfItsClientBeforeItHearsFromItAlsoOnOneEventLoop() {
    EmbeddedChannel agent = agent();
    relay.connect("/client/job", Frames.frame(Frames.FIN | Frames.BINARY, "first"));
    relay.pair();
    assertThat(sent(agent)).matches("(?s).*\"paired\".*first");
  }

  @Test
  void clientIsAnswered101BeforeWhatItsAgentHasSaid() {
    relay.connect("/agent/job", Frames.frame(Frames.FIN | Frames.BINARY, "SSH-2.0"));
    EmbeddedChannel client = client(10);
    relay.pair();
    assertThat(sent(client)).matches("(?s)HTTP/1.1 101 .*\r\n\r\n.{2}SSH-2.0");
  }

  @Test
  void readingOfAClientDoesNotStopAndStartWhileItIsPaired() {
    agent();
    EmbeddedChannel client = client(10);
    var starts = new AtomicInteger();
    client
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void read(ChannelHandlerContext ctx) {
                starts.incrementAndGet();
                ctx.read();
              }
            });
    relay.pair();
    assertThat(sent(client)).startsWith("HTTP/1.1 101 ");
    assertThat(starts).hasValue(0);
  }

  @Test
  void clientOfADeadSlotGetsTheNextOneAlsoIfItDoesNotWait() {
    EmbeddedChannel next = agent();
    EmbeddedChannel dead = agent();
    EmbeddedChannel client = client(0);
    closed(dead);
    relay.pair();
    assertThat(sent(client)).startsWith("HTTP/1.1 101 ");
    assertThat(sent(next)).contains("\"paired\"");
  }

  @Test
  void clientOfADeadSlotThatDoesNotWaitIsToldThatNobodyIsThere() {
    EmbeddedChannel dead = agent();
    EmbeddedChannel client = client(0);
    closed(dead);
    relay.pair();
    assertThat(sent(client)).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void clientOfADeadSlotWaitsOn() {
    EmbeddedChannel dead = agent();
    EmbeddedChannel client = client(10);
    closed(dead);
    relay.pair();
    assertThat(sent(client)).isEmpty();
    agent();
    relay.pair();
    assertThat(sent(client)).startsWith("HTTP/1.1 101 ");
  }

  @Test
  void clientWhoseTimeEndsWhileItIsPairedIsPaired() {
    agent();
    EmbeddedChannel client = client(0);
    assertThat(sent(client)).isEmpty();
    relay.pair();
    assertThat(sent(client)).startsWith("HTTP/1.1 101 ");
  }

  @Test
  void clientIsToldWhenItsTimeIsOver() {
    EmbeddedChannel client = client(10);
    client.advanceTimeBy(10, TimeUnit.SECONDS);
    client.runScheduledPendingTasks();
    assertThat(sent(client)).startsWith("HTTP/1.1 404 ").contains("within 10 s");
  }

  @Test
  void slotOfAClientThatLeftWaitsForTheNext() {
    EmbeddedChannel agent = agent();
    closed(client(10));
    relay.pair();
    assertThat(sent(agent)).as("the agent hears of nobody").isEmpty();
    assertThat(agent.config().isAutoRead()).isTrue();
    EmbeddedChannel client = client(10);
    relay.pair();
    assertThat(sent(client)).startsWith("HTTP/1.1 101 ");
  }

  @Test
  void slotThatIsTakenWhenTheRelayIsToldToEndHearsOfThatOnceItIsPaired() {
    EmbeddedChannel agent = agent();
    client(10);
    relay.take();
    agent.pipeline().fireUserEventTriggered(Shutdown.DRAIN);
    relay.pair();
    assertThat(sent(agent)).matches("(?s).*\"paired\".*\"drain\".*");
  }

  @Test
  void slotThatIsGivenBackToARelayThatEndsIsToldToGo() {
    EmbeddedChannel agent = agent();
    closed(client(10));
    relay.take();
    agent.pipeline().fireUserEventTriggered(Shutdown.DRAIN);
    relay.pair();
    assertThat(sent(agent)).contains("this relay is shutting down");
    assertThat(agent.isOpen()).isFalse();
  }

  @Test
  void slotAndClientThatBothLeftLeaveNothing() {
    EmbeddedChannel agent = agent();
    EmbeddedChannel client = client(10);
    closed(agent);
    closed(client);
    relay.pair();
    assertThat(relay.rendezvous.waitingSlots()).isZero();
    assertThat(relay.rendezvous.waitingClients()).isZero();
  }

  @Test
  void clientWhoseAddressHasItsSessionsIsToldSoAndItsSlotWaitsOn() {
    var one = new AddressLimits(9, 9, 9, 9, 1);
    relay = new EmbeddedRelay(RelayFixture.WAITING, new VisitorLimits(one, 9, 9));
    EmbeddedChannel agent = agent();
    agent();
    EmbeddedChannel first = client(10);
    EmbeddedChannel second = client(10);
    relay.pair();
    assertThat(sent(first)).startsWith("HTTP/1.1 101 ");
    assertThat(sent(second))
        .startsWith("HTTP/1.1 429 ")
        .endsWith("your address has 1 sessions at this relay already\n");
    assertThat(sent(agent)).as("the agent hears of nobody").isEmpty();
    assertThat(relay.rendezvous.waitingSlots()).isEqualTo(1);
    closed(first);
    EmbeddedChannel third = client(10);
    relay.pair();
    assertThat(sent(third)).startsWith("HTTP/1.1 101 ");
  }

  @Test
  void slotThatComesBackToAFullIdIsToldToGo() {
    relay = new EmbeddedRelay(ONE_SLOT);
    EmbeddedChannel agent = agent();
    EmbeddedChannel client = client(10);
    EmbeddedChannel second = agent();
    closed(client);
    relay.pair();
    assertThat(sent(agent)).contains("1 slots wait for ID job already");
    assertThat(agent.isOpen()).isFalse();
    assertThat(second.isOpen()).isTrue();
    assertThat(relay.rendezvous.waitingSlots()).isEqualTo(1);
  }

  @Test
  void agentSideThatClosesWhileItIsPairedIsHeardByTheClient() {
    EmbeddedChannel agent = agent();
    EmbeddedChannel client = client(10);
    agent.writeInbound(
        Unpooled.wrappedBuffer(
            Frames.frame(Frames.FIN | Frames.BINARY, "last"), Frames.close(4001, "over")));
    relay.pair();
    assertThat(sent(client)).isEmpty();
    assertThat(sent(agent)).contains("over");
  }

  @Test
  void agentThatClosesWhileItsSlotIsTakenIsHeardByTheClient() {
    EmbeddedChannel agent = agent();
    EmbeddedChannel client = client(10);
    relay.take();
    agent.writeInbound(
        Unpooled.wrappedBuffer(
            Frames.frame(Frames.FIN | Frames.BINARY, "last"), Frames.close(4001, "over")));
    relay.pair();
    assertThat(sent(client)).startsWith("HTTP/1.1 101 ").matches("(?s).*last.*over");
  }

  @Test
  void agentThatClosesWhileItsSlotIsTakenForOneWhoLeftIsAnswered() {
    EmbeddedChannel agent = agent();
    closed(client(10));
    relay.take();
    agent.writeInbound(Unpooled.wrappedBuffer(Frames.close(4001, "over")));
    relay.pair();
    assertThat(sent(agent)).contains("over");
    assertThat(relay.rendezvous.waitingSlots()).isZero();
  }
}
