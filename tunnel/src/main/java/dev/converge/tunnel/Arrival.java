package dev.converge.tunnel;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes what arrives on one path of a link behind the peer's answer, on the receiving thread. */
final class Arrival implements Link.Sink {
  private final LinkState state;
  private final WebSocketConnection from;
  private final Link.Sink sink;

  Arrival(LinkState state, WebSocketConnection from, Link.Sink sink) {
    this.state = state;
    this.from = from;
    this.sink = sink;
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) {
    synchronized (state) {
      state.outages.arrived();
      state.stream.receive(bytes, offset, length, System.nanoTime());
    }
    deliver();
  }

  /** Deals with what has arrived; false if there was nothing. */
  boolean deliver() {
    boolean any = false;
    try {
      for (StreamEvent event = next(); event != null; event = next()) {
        any = true;
        handle(event);
      }
    } catch (ProtocolViolation e) {
      state.over(e.reason(), "");
      from.hangUp(e.reason());
    } catch (IOException e) {
      throw new IllegalStateException(e); // a stream throws no others behind the answer
    }
    return any;
  }

  /** Null, too, if the path was lost while the sink took its time: the rest comes again. */
  private @Nullable StreamEvent next() throws IOException {
    synchronized (state) {
      boolean current = state.path() == from && !state.ending.isOver();
      StreamEvent event = current ? state.stream.next() : null;
      if (event == null) {
        state.settle();
      }
      return event;
    }
  }

  private void handle(StreamEvent event) {
    if (event instanceof StreamEvent.Data data) {
      state.delivering(true);
      sink.accept(data.bytes(), data.offset(), data.length());
      state.delivering(false);
    } else if (event instanceof StreamEvent.Ended ended) {
      ended(ended.reason());
    } else {
      throw new IllegalStateException("handle: " + event); // the others are answers
    }
  }

  private void ended(CloseReason reason) {
    synchronized (state) {
      state.ending.peerEnded(reason, System.nanoTime());
      state.stream.end(reason);
      state.hurry();
    }
  }
}
