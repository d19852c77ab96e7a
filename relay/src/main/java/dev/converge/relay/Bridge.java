package dev.converge.relay;

import dev.converge.tunnel.CloseReason;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent and a client that are connected: the owner of both connections until both are closed.
 */
final class Bridge {
  private static final Logger LOG = LoggerFactory.getLogger(Bridge.class);

  private final Match<WaitingSlot, WaitingClient> match;
  private final BridgeSide agent;
  private final BridgeSide client;
  private final String clientAddress;
  private final long start = System.nanoTime();
  private final AtomicInteger open = new AtomicInteger(2);
  private final AtomicReference<@Nullable CloseReason> reason = new AtomicReference<>();

  Bridge(Match<WaitingSlot, WaitingClient> match) {
    this.match = match;
    Channel agentChannel = match.slot().channel();
    Channel clientChannel = match.client().channel();
    Duration closeLimit = match.client().limits().close();
    agent = new BridgeSide("agent", this, agentChannel, clientChannel, closeLimit);
    client = new BridgeSide("client", this, clientChannel, agentChannel, closeLimit);
    clientAddress = Addresses.text(clientChannel.remoteAddress());
    LOG.info("{} opened: client {}", match.id(), clientAddress);
  }

  BridgeSide agent() {
    return agent;
  }

  BridgeSide client() {
    return client;
  }

  /** Ends the side across from {@code from}, behind all that {@code from} has sent. */
  void ending(BridgeSide from, CloseReason why) {
    reason.compareAndSet(null, why);
    (from == agent ? client : agent).finish(why);
  }

  /** One side's connection is closed. */
  void closed() {
    if (open.decrementAndGet() == 0) {
      match.ended();
      double seconds = (System.nanoTime() - start) / 1e9;
      LOG.info(
          "{} closed: client {}, {} s, {} bytes to the agent, {} to the client: {}",
          match.id(),
          clientAddress,
          String.format(Locale.ROOT, "%.1f", seconds),
          client.carried(),
          agent.carried(),
          reason.get());
    }
  }
}
