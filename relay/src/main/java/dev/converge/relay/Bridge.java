package dev.converge.relay;

import dev.converge.tunnel.CloseReason;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
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
  private final BridgeLimits limits;
  private final Metrics metrics;
  private final @Nullable Future<?> expiry;

  Bridge(Match<WaitingSlot, WaitingClient> match, BridgeLimits limits, Metrics metrics) {
    this.match = match;
    this.limits = limits;
    this.metrics = metrics;
    Channel agentChannel = match.slot().channel();
    Channel clientChannel = match.client().channel();
    Duration closeLimit = match.client().limits().close();
    agent = new BridgeSide("agent", this, agentChannel, clientChannel, closeLimit);
    client = new BridgeSide("client", this, clientChannel, agentChannel, closeLimit);
    clientAddress = Addresses.text(clientChannel);
    LOG.info("{} opened: client {}", match.id(), clientAddress);
    Duration longest = limits.longest();
    expiry =
        longest == null
            ? null
            : later(clientChannel, longest, () -> expire(longest, closeLimit.multipliedBy(2)));
  }

  private static Future<?> later(Channel channel, Duration delay, Runnable step) {
    return channel.eventLoop().schedule(step, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends both sides, and cuts off one that takes too long to hear of it. */
  private void expire(Duration longest, Duration patience) {
    String limit = longest.toString().substring(2).toLowerCase(Locale.ROOT);
    var why =
        new CloseReason(
            CloseReason.POLICY_VIOLATION, "a session lasts " + limit + " at this relay");
    metrics.bridgeExpired();
    reason.compareAndSet(null, why);
    agent.finish(why);
    client.finish(why);
    for (Channel side : List.of(match.slot().channel(), match.client().channel())) {
      later(side, patience, side::close);
    }
  }

  /** Slows down the reading of one side, if a rate was asked for. */
  void limitRate(Channel channel, ReadGate gate) {
    Long rate = limits.rate();
    if (rate != null) {
      channel.pipeline().addFirst(new Throttle(rate, gate, metrics, System::nanoTime));
    }
  }

  /** What {@code from} is written to has changed: the other side may be read, or no longer. */
  void writabilityChanged(BridgeSide from) {
    across(from).gate().update();
  }

  private BridgeSide across(BridgeSide from) {
    return from == agent ? client : agent;
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
    across(from).finish(why);
  }

  /** One side's connection is closed. */
  void closed() {
    if (open.decrementAndGet() == 0) {
      match.ended();
      if (expiry != null) {
        expiry.cancel(false);
      }
      long tenths = (System.nanoTime() - start) / 100_000_000;
      LOG.info(
          "{} closed: client {}, {}.{} s, {} bytes to the agent, {} to the client: {}",
          match.id(),
          clientAddress,
          tenths / 10,
          tenths % 10,
          client.carried(),
          agent.carried(),
          reason.get());
    }
  }
}
