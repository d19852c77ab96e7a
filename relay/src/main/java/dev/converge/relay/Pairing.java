package dev.converge.relay;

import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/**
 * Makes a bridge of a match, or puts back who is left if the other is gone, on the client's event
 * loop: the slot is reserved first, then the client is asked and answered, and only then is the
 * agent told, so a client that leaves while it waits costs the agent nothing.
 */
final class Pairing implements Consumer<Match<WaitingSlot, WaitingClient>> {
  private final BridgeLimits limits;
  private final Metrics metrics;

  Pairing(BridgeLimits limits, Metrics metrics) {
    this.limits = limits;
    this.metrics = metrics;
  }

  @Override
  public void accept(Match<WaitingSlot, WaitingClient> match) {
    match.client().channel().eventLoop().execute(() -> pair(match));
  }

  private void pair(Match<WaitingSlot, WaitingClient> match) {
    if (match.slot().take()) {
      answerClient(match);
    } else {
      match.client().retry(match);
    }
  }

  private void answerClient(Match<WaitingSlot, WaitingClient> match) {
    WaitingSlot slot = match.slot();
    WaitingClient client = match.client();
    var agentLoop = slot.channel().eventLoop();
    if (client.take()) {
      slot.uncount();
      var bridge = new Bridge(match, limits, metrics);
      run(agentLoop, () -> slot.announce(client));
      agentLoop.execute(() -> slot.join(bridge.agent()));
      client.join(bridge.client(), slot.speaksConverge());
    } else {
      agentLoop.execute(() -> slot.giveBack(match));
    }
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
