package dev.converge.tunnel;

import java.io.IOException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A client's link that outlives its connections: drives a {@link ResumableStream} with one
 * WebSocket after the other.
 *
 * <pre>
 *   uploading thread --- send ---+
 *   {@link Sender}, when it is due --+-- turn to write --- path --- receive --- receiving thread
 *   {@link Watcher} ends a dead path;  {@link Redial} makes the next one
 * </pre>
 *
 * <p>{@link LinkState} is what they share. What the user is told is said by the receiving thread,
 * as that may block.
 */
final class ResumableLink implements Link {
  private final LinkState state;
  private final Sender sender;
  private final Paths paths;
  private final Notices notices;

  private ResumableLink(LinkState state, Dialling dialling) {
    this.state = state;
    notices = dialling.terms().notices();
    sender = new Sender(state);
    paths = new Paths(state, sender, dialling);
  }

  /** Begins a stream on a connection that has just been made. */
  static ResumableLink over(WebSocketConnection first, Dialling dialling) {
    Resumption terms = dialling.terms();
    LinkState state =
        new LinkState(
            ResumableStream.client(StreamId.random(new SecureRandom()), terms.limits()),
            new Ending(dialling.timeouts().close().toNanos()),
            new Outages(terms));
    ResumableLink link = new ResumableLink(state, dialling);
    link.paths.open(first);
    link.sender.start();
    new Watcher(state, link.paths, terms.limits().busySilence().toNanos()).start();
    return link;
  }

  // --- The receiving thread ---------------------------------------------------------------------

  @Override
  public boolean receive(Sink sink) {
    String news = awaitNews();
    if (news != null) {
      notices.notice(news);
      return true;
    }
    WebSocketConnection plain = state.plain();
    if (plain != null) {
      return receivePlain(plain, sink);
    }
    WebSocketConnection path = openPath();
    if (path != null) {
      receive(path, sink);
    }
    return path != null;
  }

  private void receive(WebSocketConnection path, Sink sink) {
    if (!state.answeredOnce()) {
      paths.greet(path);
      return;
    }
    Arrival arrival = new Arrival(state, path, sink);
    if (!arrival.deliver() && !path.receive(arrival)) {
      paths.lost(path);
    }
  }

  private boolean receivePlain(WebSocketConnection plain, Sink sink) {
    StreamEvent.Plain first = state.takeFirst();
    if (first == null) {
      return plain.receive(sink);
    }
    sink.accept(first.bytes(), first.offset(), first.length());
    return true;
  }

  /** Waits until there is something for the user, which it returns, to be read, or the end. */
  private @Nullable String awaitNews() {
    synchronized (state) {
      String line = state.outages.untold();
      while (line == null && !state.ending.isOver() && openPath() == null) {
        state.doze(untilHopeless());
        line = state.outages.untold();
      }
      return line;
    }
  }

  /** The path that is this thread's to read; null during an outage, and after the end. */
  private @Nullable WebSocketConnection openPath() {
    synchronized (state) {
      boolean open = !state.ending.isOver() && state.outages.current() == null;
      return open ? state.path() : null;
    }
  }

  private long untilHopeless() {
    Outage outage = state.outages.current();
    if (outage == null || state.path() != null) {
      return Long.MAX_VALUE;
    }
    long left = outage.left(System.nanoTime());
    if (left <= 0) {
      state.over(CloseReason.lost("not resumed"), outage.epitaph());
    }
    return Math.max(0, left);
  }

  // --- Any thread -------------------------------------------------------------------------------

  @Override
  public void send(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    WebSocketConnection plain = state.plain();
    while (done < length && plain == null) {
      int taken = state.write(bytes, offset + done, length - done);
      sender.flush();
      done += taken;
      plain = state.plain();
    }
    if (plain != null) {
      plain.send(bytes, offset + done, length - done);
    }
  }

  @Override
  public void close(CloseReason reason) {
    WebSocketConnection plain;
    synchronized (state) {
      if (!state.ending.close(reason, System.nanoTime())) {
        return;
      }
      state.stream.end(reason);
      plain = state.plain();
      state.hurry();
    }
    if (plain == null) {
      sender.flush();
    } else {
      plain.close(reason);
    }
  }

  @Override
  public void abort() {
    state.over(CloseReason.lost("given up"), "");
    WebSocketConnection path = state.path();
    if (path != null) {
      path.abort();
    }
  }

  @Override
  public CloseReason end() {
    WebSocketConnection plain = state.plain();
    CloseReason outcome;
    synchronized (state) {
      outcome = state.ending.outcome();
    }
    if (outcome == null && plain != null) {
      return plain.end();
    }
    if (outcome == null) {
      throw new IllegalStateException("end: the link is open");
    }
    return outcome;
  }

  @Override
  public String epitaph() {
    synchronized (state) {
      String epitaph = state.ending.epitaph();
      return epitaph.isEmpty() ? Link.super.epitaph() : epitaph;
    }
  }
}
