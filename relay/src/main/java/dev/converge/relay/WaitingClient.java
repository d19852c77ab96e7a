package dev.converge.relay;

import dev.converge.tunnel.SessionId;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client whose request is held until a slot of its ID is free. Confined to its channel's event
 * loop.
 */
final class WaitingClient extends ChannelInboundHandlerAdapter {
  private enum State {
    WAITING,
    /** The time is over, but a match is under way that may still succeed. */
    LATE,
    OVER
  }

  private final Channel channel;
  private final SessionId id;
  private final Rendezvous<WaitingSlot, WaitingClient> rendezvous;
  private final Upgrade upgrade;
  private final RelayLimits limits;
  private State state = State.WAITING;
  private Duration wait = Duration.ZERO;
  private @Nullable Future<?> timer;

  /** That the relay is about to end, which was heard on the way into a bridge. */
  private boolean draining;

  WaitingClient(
      Channel channel,
      SessionId id,
      Rendezvous<WaitingSlot, WaitingClient> rendezvous,
      Upgrade upgrade,
      RelayLimits limits) {
    this.channel = channel;
    this.id = id;
    this.rendezvous = rendezvous;
    this.upgrade = upgrade;
    this.limits = limits;
  }

  Channel channel() {
    return channel;
  }

  RelayLimits limits() {
    return limits;
  }

  /** Whether the client speaks {@code converge.v1}. */
  boolean speaksConverge() {
    return upgrade.speaksConverge();
  }

  /** Starts to wait, at most for {@code wait}. */
  void await(Duration wait) throws RefusedException {
    this.wait = wait;
    if (wait.isZero()) {
      meet();
    } else {
      rendezvous.await(id, this);
      timer = channel.eventLoop().schedule(this::expire, wait.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Without a place among those who wait, which might be the last one. */
  private void meet() throws RefusedException {
    state = State.LATE;
    if (!rendezvous.meet(id, this)) {
      answerNobody();
    }
  }

  private void expire() {
    if (state == State.WAITING) {
      state = State.LATE;
      if (rendezvous.withdrawClient(id, this)) {
        answerNobody();
      }
    }
  }

  private void answerNobody() {
    String within = wait.isZero() ? "" : " came within " + wait.toSeconds() + " s";
    answer(
        Answer.line(
            HttpResponseStatus.NOT_FOUND,
            "no agent with ID " + id + (wait.isZero() ? " is waiting" : within)));
  }

  private void refuse(RefusedException refused) {
    Gate.visitor(channel).refused(refused);
    Refusals.log(channel, refused);
    answer(Refusals.answer(refused));
  }

  private void answer(Answer answer) {
    over();
    Gate.visitor(channel).rest();
    answer.endConnection().send(channel);
  }

  /**
   * Reserves this client for a slot; false if it is gone, or has been told just now that there may
   * be no more bridges.
   */
  boolean take() {
    if (state == State.OVER || Transport.isClosed(channel)) {
      return false;
    }
    try {
      Gate.visitor(channel).become(Visitor.Phase.BRIDGE);
      return true;
    } catch (RefusedException e) {
      refuse(e);
      return false;
    }
  }

  /** Lets go of all that HTTP has waiting at this event loop; what comes now is kept, not read. */
  void leaveHttp() {
    over();
    WebSocketPipeline.leaveHttp(channel.pipeline());
  }

  /** Becomes the client's side of a bridge, by answering 101. */
  void join(BridgeSide side, boolean agentSpeaksConverge) {
    boolean converge = agentSpeaksConverge && speaksConverge();
    WebSocketPipeline.install(channel.pipeline(), side, limits);
    channel.pipeline().remove(this);
    upgrade.accept(channel, converge, limits.messageBytes());
    side.flushPeer();
    side.start(converge);
    if (draining) {
      side.drain();
    }
  }

  /** Waits on: the slot that it was matched with was dead. */
  void retry(Match<WaitingSlot, WaitingClient> match) {
    try {
      if (state == State.OVER) {
        match.ended();
        return;
      }
      match.slotGone();
      if (state == State.LATE && rendezvous.withdrawClient(id, this)) {
        answerNobody();
      }
    } catch (RefusedException e) {
      refuse(e);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof Shutdown && state != State.OVER) {
      rendezvous.withdrawClient(id, this);
      answer(Answer.busy(Shutdown.REASON.text()));
    }
    draining |= event instanceof Shutdown;
    super.userEventTriggered(ctx, event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    rendezvous.withdrawClient(id, this);
    over();
    super.channelInactive(ctx);
  }

  private void over() {
    state = State.OVER;
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
