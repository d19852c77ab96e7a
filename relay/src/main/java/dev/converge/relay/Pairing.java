package dev.converge.relay;

import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/**
 * Makes a bridge of a match, or puts back who is left if the other is gone: the slot is reserved
 * first, then the client; both come to one event loop; then the client is answered, and only then
 * is the agent told, so a client that leaves while it waits costs the agent nothing.
 */
final class Pairing implements Consumer<Match<WaitingSlot, WaitingClient>> {
  private final BridgeLimits limits;
  private final Metrics metrics;
  private final EventLoops loops = new EventLoops();

  Pairing(BridgeLimits limits, Metrics metrics) {
    this.limits = limits;
    this.metrics = metrics;
  }

  @Override
  public void accept(Match<WaitingSlot, WaitingClient> match) {
    match.client().channel().eventLoop().execute(() -> pair(match));
  }

  private void pair(Match<WaitingSlot, WaitingClient> match) {
    if (!match.slot().take()) {
      match.client().retry(match);
    } else if (match.client().take()) {
      bringTogether(match);
    } else {
      match.slot().channel().eventLoop().execute(() -> match.slot().giveBack(match));
    }
  }

  private void bringTogether(Match<WaitingSlot, WaitingClient> match) {
    EventLoop slot = match.slot().channel().eventLoop();
    EventLoop client = match.client().channel().eventLoop();
    EventLoop there = loops.meeting(slot, client);
    Runnable join = () -> join(match);
    Runnable next =
        EventLoops.areNeighbours(slot, there) ? () -> match.slot().move(there, join) : join;
    match.client().leaveHttp();
    if (EventLoops.areNeighbours(client, there)) {
      EventLoops.move(match.client().channel(), there, next);
    } else {
      next.run();
    }
  }

  private void join(Match<WaitingSlot, WaitingClient> match) {
    WaitingSlot slot = match.slot();
    WaitingClient client = match.client();
    EventLoop loop = slot.channel().eventLoop();
    if (!client.channel().isActive()) {
      loop.execute(() -> slot.giveBack(match));
      return;
    }
    slot.uncount();
    loops.count(slot.channel());
    var bridge = new Bridge(match, limits, metrics);
    run(loop, () -> slot.announce(client));
    loop.execute(() -> slot.join(bridge.agent()));
    client.join(bridge.client(), slot.speaksConverge());
  }

  /** At once if both live on one loop, where the client's first bytes would be the first else. */
  private static void run(EventLoop loop, Runnable step) {
    if (loop.inEventLoop()) {
      step.run();
    } else {
      loop.execute(step);
    }
  }
}
