package dev.converge.tunnel;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket to a relay, made by {@link WebSocketClient}. Pings are answered inside; text messages
 * are checked and otherwise ignored, unless it carries a resumable stream.
 *
 * <p>It ends by itself when nothing at all arrives although someone is receiving. A receiver that
 * is busy with what it received is not taken for a dead peer.
 */
public final class WebSocketConnection implements Link {
  private enum State {
    OPEN,
    /** Our close frame is on its way, or waits for its turn behind data. */
    CLOSING,
    CLOSED
  }

  private final Wire wire;
  private final Timeouts timeouts;
  private final boolean negotiated;
  private final FrameReader reader;
  private final FrameWriter writer;
  private final Heartbeat heartbeat;
  private volatile boolean delivering;
  private volatile boolean carrying;

  private State state = State.OPEN; // guarded by this, as what follows
  private CloseReason reason = CloseReason.lost("");
  private @Nullable Deadline answerDue;

  private WebSocketConnection(Wire wire, Upgrade upgrade, Timeouts timeouts) throws IOException {
    this.wire = wire;
    this.timeouts = timeouts;
    negotiated = upgrade.negotiated();
    reader = new FrameReader(upgrade.inbound());
    writer = new FrameWriter(wire.top().getOutputStream(), upgrade.random());
    heartbeat = new Heartbeat(writer, timeouts.ping());
  }

  static WebSocketConnection start(Wire wire, Upgrade upgrade, Timeouts timeouts)
      throws IOException {
    WebSocketConnection connection = new WebSocketConnection(wire, upgrade, timeouts);
    wire.raw().setSoTimeout(Math.toIntExact(timeouts.silence().toMillis()));
    connection.heartbeat.start();
    return connection;
  }

  /** Whether the server speaks {@link Protocol#SUBPROTOCOL} on this connection. */
  public boolean negotiated() {
    return negotiated;
  }

  /**
   * Whether it is one path of a resumable stream: that watches its peer itself, and a relay that
   * wants to go can end it without harm.
   */
  void carryStream(boolean on) {
    carrying = on;
    heartbeat.rest(on);
  }

  @Override
  public boolean receive(Sink sink) {
    Frame part = nextBinary();
    if (part == null) {
      return false;
    }
    delivering = true;
    sink.accept(part.bytes(), part.offset(), part.length());
    heartbeat.heard(); // the silence until now was ours
    delivering = false;
    return true;
  }

  private @Nullable Frame nextBinary() {
    try {
      while (!isClosed()) {
        Frame frame = reader.next();
        heartbeat.heard();
        switch (frame.opcode()) {
          case Frame.BINARY -> {
            return frame;
          }
          case Frame.PING -> heartbeat.answer(frame.payload());
          case Frame.CLOSE -> closedByPeer(CloseReason.parse(frame.payload()));
          case Frame.TEXT -> heed(new String(frame.payload(), StandardCharsets.UTF_8));
          default -> {} // pongs have done their work by arriving
        }
      }
    } catch (ProtocolViolation e) {
      hangUp(e.reason());
    } catch (EOFException e) {
      lose(String.valueOf(e.getMessage()));
    } catch (SocketTimeoutException e) {
      lose("nothing heard for " + timeouts.silence().toSeconds() + " s");
    } catch (IOException e) {
      finish(CloseReason.lost(Causes.text(e)), wire::abort);
    }
    return null;
  }

  private void closedByPeer(CloseReason told) {
    wire.bounded(() -> writer.close(told));
    finish(told, wire::close);
  }

  private void heed(String message) {
    if (carrying && ControlMessage.type(message).equals(ControlMessage.DRAIN)) {
      CloseReason why = new CloseReason(CloseReason.GOING_AWAY, "the relay is shutting down");
      finish(why, () -> Deadline.start(Duration.ZERO, () -> farewell(why)));
    }
  }

  /** Ends it without waiting for what the peer still has to say, in a few seconds at most. */
  void hangUp(CloseReason why) {
    finish(why, () -> farewell(why));
  }

  private void farewell(CloseReason why) {
    wire.bounded(() -> writer.close(why));
    wire.closeAfterPeer();
  }

  /** Ends it at once: the peer went without a close frame, which after ours is no complaint. */
  void lose(String how) {
    finish(unlessClosing(CloseReason.lost(how)), wire::abort);
  }

  private synchronized CloseReason unlessClosing(CloseReason lost) {
    return state == State.CLOSING ? reason : lost;
  }

  @Override
  public void send(byte[] bytes, int offset, int length) throws IOException {
    writer.binary(bytes, offset, length);
  }

  /** Sends a segment as one message; otherwise as {@link #send(byte[], int, int)}. */
  void send(Segment segment) throws IOException {
    writer.binary(segment);
  }

  @Override
  public void close(CloseReason why) {
    synchronized (this) {
      if (state != State.OPEN) {
        return;
      }
      state = State.CLOSING;
      reason = why;
    }
    try {
      writer.close(why);
      awaitAnswer();
    } catch (IOException e) {
      // The receiving thread finds out by itself why the connection ended.
    }
  }

  /** Gives up when the peer neither answers the close frame nor sends anything else. */
  private synchronized void awaitAnswer() {
    if (state == State.CLOSING) {
      answerDue = Deadline.start(timeouts.close(), this::giveUpIfSilent);
    }
  }

  private void giveUpIfSilent() {
    if (delivering || heartbeat.silence().compareTo(timeouts.close()) < 0) {
      awaitAnswer();
    } else {
      lose("no answer to the close");
    }
  }

  @Override
  public void abort() {
    finish(CloseReason.lost("given up"), wire::abort);
  }

  @Override
  public synchronized CloseReason end() {
    if (state != State.CLOSED) {
      throw new IllegalStateException("end: the connection is " + state);
    }
    return reason;
  }

  private synchronized boolean isClosed() {
    return state == State.CLOSED;
  }

  private void finish(CloseReason why, Runnable farewell) {
    synchronized (this) {
      if (state == State.CLOSED) {
        return;
      }
      state = State.CLOSED;
      reason = why;
      if (answerDue != null) {
        answerDue.close();
      }
    }
    heartbeat.end();
    farewell.run();
  }
}
