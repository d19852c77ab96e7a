package dev.converge.relay;

import dev.converge.tunnel.CloseReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One side of a bridge: gives what its channel reads to the peer's channel, and reads only while
 * that is writable. Confined to its channel's event loop but for {@link #finish}.
 *
 * <p>Closing: a close frame goes to the peer behind all data; the answer to it waits for the peer's
 * own close frame, so that what the peer still has to say arrives, at most for the close limit.
 */
final class BridgeSide extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(BridgeSide.class);

  private enum State {
    OPEN,
    /** The channel's peer said close; it is answered once the other side has finished. */
    CLOSE_RECEIVED,
    /** Our close frame is on its way, the answer is not there. */
    CLOSE_SENT,
    /** Both close frames are on their way; the connection closes behind ours. */
    CLOSING,
    GONE
  }

  private final String name;
  private final Bridge bridge;
  private final Channel channel;
  private final Channel peer;
  private final Duration closeLimit;
  private final ReadGate gate;
  private final ChannelPromise closeSent;
  private final LongAdder carried = new LongAdder();
  private State state = State.OPEN;
  private boolean converge;
  private @Nullable CloseReason received;

  BridgeSide(String name, Bridge bridge, Channel channel, Channel peer, Duration closeLimit) {
    this.name = name;
    this.bridge = bridge;
    this.channel = channel;
    this.peer = peer;
    this.closeLimit = closeLimit;
    gate = new ReadGate(channel, peer);
    closeSent = channel.newPromise();
  }

  /** The bytes that this side's channel has sent to the other, so far. */
  long carried() {
    return carried.sum();
  }

  ReadGate gate() {
    return gate;
  }

  /**
   * Begins to read, now that both sides are installed.
   *
   * @param converge whether the channel's peer speaks {@code converge.v1}
   */
  void start(boolean converge) {
    this.converge = converge;
    if (channel.isActive()) {
      bridge.limitRate(channel, gate);
      gate.update();
    } else {
      gone();
    }
  }

  /** Takes what the channel's peer has sent: bytes or a close frame. */
  void receive(Object message) {
    if (message instanceof ByteBuf bytes && state != State.GONE) {
      carried.add(bytes.readableBytes());
      peer.write(bytes, peer.voidPromise());
      return;
    }
    if (message instanceof CloseWebSocketFrame close) {
      closeReceived(Closes.reason(close));
    }
    ReferenceCountUtil.release(message);
  }

  void flushPeer() {
    peer.flush();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    receive(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    flushPeer();
    gate.update();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    bridge.writabilityChanged(this);
  }

  void closeReceived(CloseReason reason) {
    received = reason;
    if (state == State.OPEN) {
      state = State.CLOSE_RECEIVED;
    } else if (state == State.CLOSE_SENT) {
      state = State.CLOSING;
      closeSent.addListener(ChannelFutureListener.CLOSE);
    }
    bridge.ending(this, reason);
  }

  /** Ends this side, behind all that was written to it. From any thread. */
  void finish(CloseReason reason) {
    channel.eventLoop().execute(() -> finishHere(reason));
  }

  private void finishHere(CloseReason reason) {
    if (state == State.OPEN) {
      state = State.CLOSE_SENT;
      closeSent.addListener(sent -> closeUnlessAnswered());
      channel.writeAndFlush(Closes.frame(reason), closeSent);
      gate.update();
    } else if (state == State.CLOSE_RECEIVED) {
      state = State.CLOSING;
      closeSent.addListener(ChannelFutureListener.CLOSE);
      channel.writeAndFlush(Closes.frame(received == null ? reason : received), closeSent);
    }
  }

  /**
   * Tells the channel's peer that the relay is about to end, so that it can go on elsewhere. Each
   * message of a bridge is one frame, so this one never comes between the fragments of another.
   */
  void drain() {
    if (converge && state == State.OPEN) {
      channel.writeAndFlush(new TextWebSocketFrame(ControlMessages.DRAIN));
    }
  }

  private void closeUnlessAnswered() {
    var end =
        channel
            .eventLoop()
            .schedule(() -> channel.close(), closeLimit.toMillis(), TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> end.cancel(false));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event == Shutdown.DRAIN) {
      drain();
    } else if (event == Shutdown.END_BRIDGES) {
      finishHere(Shutdown.REASON);
      // At once: the other side might hear of our peer's answer before it hears of the end.
      bridge.ending(this, Shutdown.REASON);
    }
    super.userEventTriggered(ctx, event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone();
  }

  private void gone() {
    if (state == State.GONE) {
      return;
    }
    state = State.GONE;
    String broke = "the " + name + "'s connection broke";
    bridge.ending(
        this, received == null ? new CloseReason(CloseReason.GOING_AWAY, broke) : received);
    bridge.closed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Disconnects.log(LOG, channel, cause);
    ctx.close();
  }
}
