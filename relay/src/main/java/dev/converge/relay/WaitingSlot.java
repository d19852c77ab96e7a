package dev.converge.relay;

import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.SessionId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that an agent keeps waiting. What the agent says before it is paired (SSH servers
 * speak first) is kept for the client. Confined to its channel's event loop, but for {@link #take}.
 */
final class WaitingSlot extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(WaitingSlot.class);
  private static final int MAX_EARLY_BYTES = 64 * 1024;

  private enum State {
    WAITING,
    TAKEN,
    OVER
  }

  private final Channel channel;
  private final SessionId id;
  private final Rendezvous<WaitingSlot, WaitingClient> rendezvous;
  private final boolean converge;
  private ByteBuf early = Unpooled.EMPTY_BUFFER;
  private @Nullable CloseReason earlyClose;

  /** Only a client's event loop makes a slot taken; all else is done by that of its channel. */
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

  /** That the relay is about to end, which was heard while it was open whose this slot is. */
  private boolean draining;

  WaitingSlot(
      Channel channel,
      SessionId id,
      Rendezvous<WaitingSlot, WaitingClient> rendezvous,
      boolean converge) {
    this.channel = channel;
    this.id = id;
    this.rendezvous = rendezvous;
    this.converge = converge;
  }

  Channel channel() {
    return channel;
  }

  /** Whether the agent speaks {@code converge.v1}. */
  boolean speaksConverge() {
    return converge;
  }

  /** Reserves this slot for a client, from any thread; false if its agent is gone. */
  boolean take() {
    return state.compareAndSet(State.WAITING, State.TAKEN);
  }

  /** Waits again: the client that this slot was taken for has left. */
  void giveBack(Match<WaitingSlot, WaitingClient> match) {
    if (state.get() == State.OVER) {
      match.ended();
    } else if (earlyClose != null || draining) {
      match.ended();
      end(earlyClose == null ? Shutdown.REASON : earlyClose);
    } else {
      waitAgain(match);
    }
  }

  private void waitAgain(Match<WaitingSlot, WaitingClient> match) {
    readWhileThereIsRoom();
    state.set(State.WAITING);
    try {
      match.clientGone();
    } catch (RefusedException e) {
      Gate.visitor(channel).refused(e);
      end(new CloseReason(CloseReason.GOING_AWAY, String.valueOf(e.getMessage())));
    }
  }

  /** Goes on at this event loop; what the agent says meanwhile is kept. From any thread. */
  void move(EventLoop to, Runnable next) {
    channel.eventLoop().execute(() -> EventLoops.move(channel, to, next));
  }

  /** Counts as a slot of its address no more; before either end knows. From any thread. */
  void uncount() {
    Gate.visitor(channel).rest();
  }

  /** Tells the agent, before all else, whose its slot is now. */
  void announce(WaitingClient client) {
    if (state.get() == State.TAKEN && converge) {
      channel.writeAndFlush(
          new TextWebSocketFrame(
              ControlMessages.paired(client.channel(), client.speaksConverge())));
    }
  }

  /** Becomes the agent's side of a bridge. */
  void join(BridgeSide side) {
    if (state.compareAndSet(State.TAKEN, State.OVER)) {
      channel.pipeline().replace(this, null, side);
      if (early.isReadable()) {
        side.receive(early);
      }
      if (earlyClose != null) {
        side.closeReceived(earlyClose);
      }
      side.flushPeer();
    }
    side.start(converge);
    if (draining) {
      side.drain();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof ByteBuf bytes && state.get() != State.OVER) {
        keep(bytes);
      } else if (message instanceof CloseWebSocketFrame close) {
        closeReceived(Closes.reason(close));
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** Copies: many small buffers would take more room than their bytes. */
  private void keep(ByteBuf bytes) {
    if (!early.isReadable()) {
      early = channel.alloc().buffer(bytes.readableBytes());
    }
    early.writeBytes(bytes);
    readWhileThereIsRoom();
  }

  private void closeReceived(CloseReason reason) {
    if (!endUnlessTaken(reason)) {
      earlyClose = reason;
    }
  }

  private void readWhileThereIsRoom() {
    channel.config().setAutoRead(early.readableBytes() < MAX_EARLY_BYTES);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof Shutdown) {
      draining = true;
      endUnlessTaken(Shutdown.REASON);
    }
    super.userEventTriggered(ctx, event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    leave();
    super.channelInactive(ctx);
  }

  /** False if a client has it, or had. */
  private boolean endUnlessTaken(CloseReason reason) {
    if (!state.compareAndSet(State.WAITING, State.OVER)) {
      return false;
    }
    rendezvous.withdrawSlot(id, this);
    early.release();
    sayClose(reason);
    return true;
  }

  private void end(CloseReason reason) {
    leave();
    sayClose(reason);
  }

  private void sayClose(CloseReason reason) {
    channel.writeAndFlush(Closes.frame(reason)).addListener(new LingeringClose());
  }

  private void leave() {
    State before = state.getAndSet(State.OVER);
    if (before == State.WAITING) {
      rendezvous.withdrawSlot(id, this);
    }
    if (before != State.OVER) {
      early.release();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Disconnects.log(LOG, channel, cause);
    ctx.close();
  }
}
