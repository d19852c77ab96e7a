package dev.converge.relay;

import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.SessionId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that an agent keeps waiting. What the agent says before it is paired (SSH servers
 * speak first) is kept for the client. Confined to its channel's event loop.
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
  private final Queue<Object> early = new ArrayDeque<>(0);
  private int earlyBytes;
  private State state = State.WAITING;

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

  /** Reserves this slot for a client; false if its agent is gone. */
  boolean take() {
    if (state != State.WAITING) {
      return false;
    }
    state = State.TAKEN;
    channel.config().setAutoRead(false);
    return true;
  }

  /** Waits again: the client that this slot was taken for has left. */
  void giveBack(Match<WaitingSlot, WaitingClient> match) {
    if (state == State.OVER) {
      match.ended();
      return;
    }
    state = State.WAITING;
    try {
      match.clientGone();
      early.stream().filter(CloseWebSocketFrame.class::isInstance).findAny().ifPresent(this::end);
      readWhileThereIsRoom();
    } catch (RefusedException e) {
      end(new CloseReason(CloseReason.GOING_AWAY, String.valueOf(e.getMessage())));
    }
  }

  /** Becomes the agent's side of a bridge. */
  void join(BridgeSide side) {
    if (state == State.TAKEN) {
      state = State.OVER;
      if (converge) {
        channel.writeAndFlush(new TextWebSocketFrame(ControlMessages.paired(side.peer())));
      }
      channel.pipeline().replace(this, null, side);
      early.forEach(side::receive);
      early.clear();
      side.flushPeer();
    }
    side.start();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (state == State.OVER) {
      ReferenceCountUtil.release(message);
    } else if (state == State.WAITING && message instanceof CloseWebSocketFrame close) {
      end(close);
      close.release();
    } else {
      keep(message);
    }
  }

  private void keep(Object message) {
    early.add(message);
    if (message instanceof ByteBuf bytes) {
      earlyBytes += bytes.readableBytes();
    }
    if (state == State.WAITING) {
      readWhileThereIsRoom();
    }
  }

  private void readWhileThereIsRoom() {
    channel.config().setAutoRead(earlyBytes < MAX_EARLY_BYTES);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event == Shutdown.TELL_WAITING && state == State.WAITING) {
      end(Shutdown.REASON);
    }
    super.userEventTriggered(ctx, event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    leave();
    super.channelInactive(ctx);
  }

  private void end(Object closeFrame) {
    end(Closes.reason((CloseWebSocketFrame) closeFrame));
  }

  private void end(CloseReason reason) {
    leave();
    channel.writeAndFlush(Closes.frame(reason)).addListener(ChannelFutureListener.CLOSE);
  }

  private void leave() {
    if (state == State.WAITING) {
      rendezvous.withdrawSlot(id, this);
    }
    state = State.OVER;
    early.forEach(ReferenceCountUtil::release);
    early.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Disconnects.log(LOG, channel, cause);
    ctx.close();
  }
}
