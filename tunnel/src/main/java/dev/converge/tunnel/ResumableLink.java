package dev.converge.tunnel;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's link that outlives its connections: drives a {@link ResumableStream} with one
 * WebSocket after the other.
 *
 * <pre>
 *   uploading thread --- send ---+
 *   {@link Sender}, when it is due --+-- turn to write --- path --- receive --- receiving thread
 *   {@link Watcher} ends a silent path;  {@link Redial} makes the next one
 * </pre>
 *
 * <p>The monitor is held to look and to decide, never to read, to write or to deliver.
 */
final class ResumableLink implements Link {
  private static final String NOT_SPOKEN =
      "the agent does not speak this version of resumable streams;"
          + " a lost connection will end the session";

  private final Dialling dialling;
  private final Notices notices;
  private final long closing;
  private final long patience;
  private final Sender sender = new Sender(this);

  // All guarded by this:
  private final ResumableStream stream;
  private @Nullable WebSocketConnection path;

  /** Nothing more can be written on the path; the receiving thread has not seen its end yet. */
  private boolean broken;

  private @Nullable Outage outage;
  private boolean attachedOnce;

  /** Whether anything has arrived on the path behind the peer's hello. */
  private boolean fruitful;

  /** The failures before the path, which go on to count if it was not worth having. */
  private int failures;

  /** The path goes on without a stream. */
  private @Nullable WebSocketConnection plain;

  private @Nullable CloseReason own;
  private @Nullable CloseReason peers;
  private @Nullable CloseReason end;
  private String epitaph = "";

  /** When the peer last said something, or got the last that it had to get. */
  private long lastWord;

  private boolean delivering;

  /** Whether the peer has all of ours, and our end. */
  private boolean delivered;

  /** Whether the uploading thread waits for room. */
  private boolean full;

  /** Whether the sender has to look now, and when it will look by itself. */
  private boolean urgent;

  private long senderWakes;

  private ResumableLink(Dialling dialling) {
    this.dialling = dialling;
    Resumption terms = dialling.terms();
    notices = terms.notices();
    closing = dialling.timeouts().close().toNanos();
    patience = terms.limits().busySilence().toNanos();
    stream = ResumableStream.client(StreamId.random(new SecureRandom()), terms.limits());
  }

  /** Begins a stream on a connection that has just been made. */
  static ResumableLink over(WebSocketConnection first, Dialling dialling) {
    ResumableLink link = new ResumableLink(dialling);
    link.adopt(first);
    link.sender.start();
    new Watcher(link).start();
    return link;
  }

  // --- The receiving thread ---------------------------------------------------------------------

  @Override
  public boolean receive(Sink sink) {
    WebSocketConnection current = awaitPath();
    if (current == null) {
      return false;
    }
    if (current == plain()) {
      return current.receive(sink);
    }
    if (!current.receive(new Arrival(this, current, sink))) {
      lost(current);
    }
    return true;
  }

  private synchronized @Nullable WebSocketConnection plain() {
    return plain;
  }

  private synchronized @Nullable WebSocketConnection awaitPath() {
    while (end == null && path == null) {
      Outage now = Objects.requireNonNull(outage);
      long left = now.left(System.nanoTime());
      if (left <= 0) {
        over(CloseReason.lost("not resumed"), now.epitaph());
      } else {
        doze(left);
      }
    }
    return end == null ? path : null;
  }

  // What Arrival makes of it:

  synchronized void take(byte[] bytes, int offset, int length) {
    fruitful |= attachedOnce && outage == null;
    stream.receive(bytes, offset, length, System.nanoTime());
  }

  synchronized @Nullable StreamEvent next() throws IOException {
    StreamEvent event = end == null ? stream.next() : null;
    if (event == null) {
      settle();
    }
    return event;
  }

  /** Wakes those whom it concerns that something has arrived, and nobody else. */
  private void settle() {
    long now = System.nanoTime();
    boolean last = !delivered && stream.delivered();
    if (peers == null && !delivered) {
      lastWord = now;
    }
    delivered |= last;
    urgent |= stream.finished();
    boolean room = full && stream.room() > 0;
    if (urgent || last || room || stream.dueIn(now) < senderWakes - now) {
      notifyAll();
    }
  }

  synchronized void reading(boolean on) {
    long now = System.nanoTime();
    delivering = !on;
    lastWord = now;
    stream.reading(on, now);
    if (own != null || stream.dueIn(now) < senderWakes - now) {
      notifyAll();
    }
  }

  void attached() {
    Outage over;
    synchronized (this) {
      over = outage;
      outage = null;
      attachedOnce = true;
      failures = over == null ? 0 : over.failures() + 1;
      lastWord = System.nanoTime();
      urgent = true;
      notifyAll();
    }
    if (over != null) {
      notices.notice(over.ending(System.nanoTime()));
    }
  }

  synchronized void peerEnded(CloseReason reason) {
    peers = reason;
    lastWord = System.nanoTime();
    stream.end(reason);
    urgent = true;
    notifyAll();
  }

  void fallBack(WebSocketConnection to) {
    attached();
    notices.warning(NOT_SPOKEN);
    to.carryStream(false);
    CloseReason closed;
    synchronized (this) {
      plain = to;
      closed = own;
      notifyAll();
    }
    if (closed != null) {
      to.close(closed);
    }
  }

  synchronized String refusal(StreamRefused e) {
    String what = attachedOnce ? "the session cannot be resumed: " : "the agent refuses: ";
    return what + e.getMessage();
  }

  /** Without a word of the peer about the end, a lost path is no more than that. */
  private void lost(WebSocketConnection dead) {
    Outage begun = null;
    synchronized (this) {
      if (end != null || plain != null) {
        return;
      }
      path = null;
      stream.pathLost();
      CloseReason why = dead.end();
      if (peers != null) {
        over(peers, ""); // all is here, and was said; what is left was for the peer to know that
      } else if (why.code() == CloseReason.POLICY_VIOLATION) {
        over(why, "");
      } else {
        begun = redial(text(why));
      }
    }
    if (begun != null) {
      notices.notice(begun.beginning());
    }
  }

  private static String text(CloseReason why) {
    return why.text().isEmpty() ? "closed with " + why.code() : Text.printable(why.text());
  }

  /** Returns the outage if it begins now, and there is time to end it. */
  private @Nullable Outage redial(String why) {
    long now = System.nanoTime();
    Outage before = outage;
    int failed = fruitful ? 0 : failures;
    Outage current = before == null ? new Outage(dialling.terms(), why, failed, now) : before;
    outage = current;
    if (before != null) {
      before.failed(why, 0);
    }
    if (current.left(now) <= 0) {
      return null; // the receiving thread says so
    }
    new Redial(this, dialling, current).start();
    return before == null ? current : null;
  }

  // --- Redialling -------------------------------------------------------------------------------

  /** Waits until it is time for the next attempt; false if there is to be none. */
  synchronized boolean pauseBeforeNext(Outage current) {
    long until = System.nanoTime() + current.pause();
    for (long left = until - System.nanoTime();
        left > 0 && isWanted(current);
        left = until - System.nanoTime()) {
      doze(left);
    }
    return isWanted(current);
  }

  private boolean isWanted(Outage current) {
    return end == null && current.left(System.nanoTime()) > 0;
  }

  synchronized void failed(Outage current, Exception e, int retryAfter) {
    current.failed(String.valueOf(e.getMessage()), retryAfter);
  }

  /** Goes on with a new path; not for the receiving thread, as it writes. */
  void adopt(WebSocketConnection fresh) {
    fresh.carryStream(true);
    boolean wanted;
    synchronized (this) {
      wanted = end == null;
      if (wanted) {
        path = fresh;
        broken = false;
        fruitful = false;
        stream.pathOpened(System.nanoTime());
        notifyAll();
      }
    }
    if (wanted) {
      sender.flush();
    } else {
      fresh.abort();
    }
  }

  // --- Those who write --------------------------------------------------------------------------

  @Override
  public void send(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length && plain() == null) {
      done += write(bytes, offset + done, length - done);
      sender.flush();
    }
    WebSocketConnection direct = plain();
    if (direct != null) {
      direct.send(bytes, offset + done, length - done);
    }
  }

  private synchronized int write(byte[] bytes, int offset, int length) throws IOException {
    while (!isClosed() && plain == null && stream.room() == 0) {
      full = true;
      doze(Long.MAX_VALUE);
    }
    full = false;
    if (isClosed()) {
      throw new IOException("the connection is closed");
    }
    return plain == null ? stream.write(bytes, offset, length) : 0;
  }

  private boolean isClosed() {
    return own != null || peers != null || end != null;
  }

  synchronized Sender.@Nullable Outgoing poll() {
    WebSocketConnection to = path;
    if (to == null || broken || end != null) {
      return null;
    }
    Segment segment = stream.poll(System.nanoTime());
    return segment == null ? null : new Sender.Outgoing(to, segment);
  }

  synchronized void broken(WebSocketConnection dead) {
    broken |= path == dead;
  }

  /** Waits until something may have to be written; false if nothing ever will. */
  synchronized boolean awaitDue() {
    long rest = untilDue();
    while (!urgent && rest > 0 && end == null && plain == null) {
      doze(rest);
      rest = untilDue();
    }
    urgent = false;
    return end == null && plain == null;
  }

  private long untilDue() {
    long now = System.nanoTime();
    long rest = path == null || broken ? Long.MAX_VALUE : stream.dueIn(now);
    senderWakes = now + Math.min(rest, Long.MAX_VALUE / 2);
    return rest;
  }

  /** The path, if nothing will be written on it but its close. */
  synchronized @Nullable WebSocketConnection spentPath() {
    return stream.finished() && end == null ? path : null;
  }

  // --- The end ----------------------------------------------------------------------------------

  /**
   * Waits for a path on which nothing is heard; null if none will be.
   *
   * @param known the one before
   */
  synchronized @Nullable WebSocketConnection awaitSilence(@Nullable WebSocketConnection known) {
    while (end == null && plain == null) {
      long now = System.nanoTime();
      long rest =
          Math.min(path == known ? Long.MAX_VALUE : stream.silentIn(now), untilGivenUp(now));
      if (path != null && rest <= 0) {
        broken = true;
        giveUp(now);
        return path;
      }
      doze(Math.min(rest, patience)); // no path that is sound now can be silent sooner
    }
    return null;
  }

  private void giveUp(long now) {
    CloseReason last = peers == null ? own : peers;
    if (last != null && untilGivenUp(now) <= 0) {
      over(last, "");
    }
  }

  /** A peer that has all of ours and neither says more nor ends is not waited for. */
  private long untilGivenUp(long now) {
    boolean ending = peers != null || (own != null && delivered && !delivering);
    return ending && path != null ? closing - (now - lastWord) : Long.MAX_VALUE;
  }

  @Override
  public void close(CloseReason reason) {
    WebSocketConnection direct;
    synchronized (this) {
      if (isClosed()) {
        return;
      }
      own = reason;
      stream.end(reason);
      lastWord = System.nanoTime();
      direct = plain;
      notifyAll();
    }
    if (direct == null) {
      sender.flush();
    } else {
      direct.close(reason);
    }
  }

  @Override
  public void abort() {
    WebSocketConnection current;
    synchronized (this) {
      over(CloseReason.lost("given up"), "");
      current = path;
    }
    if (current != null) {
      current.abort();
    }
  }

  synchronized void over(CloseReason reason, String why) {
    if (end == null) {
      end = reason;
      epitaph = why.isEmpty() ? "the session ended early: " + reason : why;
      notifyAll();
    }
  }

  @Override
  public synchronized CloseReason end() {
    CloseReason reason = plain == null || end != null ? end : plain.end();
    if (reason == null) {
      throw new IllegalStateException("end: the link is open");
    }
    return reason;
  }

  @Override
  public synchronized String epitaph() {
    return epitaph.isEmpty() ? Link.super.epitaph() : epitaph;
  }

  /** Waits for news, with the monitor. */
  @SuppressWarnings("WaitNotInLoop") // the loops are those of the callers
  private void doze(long nanos) {
    try {
      wait(1 + nanos / 1_000_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      over(CloseReason.lost("interrupted"), "");
    }
  }
}
