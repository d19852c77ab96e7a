package dev.converge.tunnel;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the threads of a {@link ResumableLink} share. Its monitor guards all that is in here, and is
 * what they wait on. It is held to look and to decide, never to read, to write or to deliver.
 *
 * <p>A path belongs to the thread that reads it: to {@link Redial} during an outage, else to the
 * one that receives.
 */
final class LinkState {
  final ResumableStream stream;
  final Ending ending;
  final Outages outages;

  private @Nullable WebSocketConnection path;

  /** Nothing more can be written on the path; who reads it may not have seen its end yet. */
  private boolean broken;

  /** The path goes on without a stream; and what came first on it, until that is delivered. */
  private @Nullable WebSocketConnection plain;

  private StreamEvent.@Nullable Plain first;

  private boolean answeredOnce;

  /** Whether the receiving thread is with its sink, and reads nothing. */
  private boolean delivering;

  /** Whether the uploading thread waits for room. */
  private boolean full;

  /** Whether the sender has to look now, and when it will look by itself. */
  private boolean urgent;

  private long senderWakes;

  LinkState(ResumableStream stream, Ending ending, Outages outages) {
    this.stream = stream;
    this.ending = ending;
    this.outages = outages;
  }

  /** Whether there is a stream to be carried. */
  synchronized boolean goesOn() {
    return !ending.isOver() && plain == null;
  }

  // --- The paths --------------------------------------------------------------------------------

  synchronized @Nullable WebSocketConnection path() {
    return path;
  }

  /** Goes on with a new path; false if nobody wants it any more. */
  synchronized boolean opened(WebSocketConnection fresh) {
    if (ending.isOver()) {
      return false;
    }
    long now = System.nanoTime();
    path = fresh;
    broken = false;
    stream.pathOpened(now);
    stream.reading(true, now);
    notifyAll();
    return true;
  }

  /** The peer has answered on the path. */
  synchronized void answered() {
    long now = System.nanoTime();
    outages.answered(now);
    answeredOnce = true;
    stream.reading(!delivering, now);
    ending.restart(now);
    hurry();
  }

  synchronized boolean answeredOnce() {
    return answeredOnce;
  }

  /** The path has ended; false if it was none any more. */
  synchronized boolean closed(WebSocketConnection dead) {
    if (path != dead || !goesOn()) {
      return false;
    }
    path = null;
    stream.pathLost();
    notifyAll();
    return true;
  }

  /** Nothing can be written on a path. */
  synchronized void broken(WebSocketConnection dead) {
    broken |= path == dead;
    notifyAll();
  }

  /** Whether a path will be found to be broken by nobody, as its reader does not read. */
  synchronized boolean isUnread() {
    return broken && delivering && outages.current() == null;
  }

  /** The path is no path of the stream any more. */
  synchronized void fallBack(WebSocketConnection to, StreamEvent.Plain rest) {
    plain = to;
    first = rest;
    notifyAll();
  }

  /** What came first on the plain path; null if that is delivered. */
  synchronized StreamEvent.@Nullable Plain takeFirst() {
    StreamEvent.Plain rest = first;
    first = null;
    return rest;
  }

  synchronized @Nullable WebSocketConnection plain() {
    return plain;
  }

  // --- What arrives -----------------------------------------------------------------------------

  synchronized void delivering(boolean on) {
    long now = System.nanoTime();
    delivering = on;
    ending.restart(now);
    stream.reading(!on, now);
    if (ending.own() != null || broken || stream.dueIn(now) < senderWakes - now) {
      notifyAll();
    }
  }

  synchronized boolean isDelivering() {
    return delivering;
  }

  /** All that arrived is dealt with: wakes those whom it concerns, and nobody else. */
  synchronized void settle() {
    long now = System.nanoTime();
    boolean last = ending.heard(stream.delivered(), now);
    urgent |= stream.finished();
    boolean room = full && stream.room() > 0;
    if (urgent || last || room || stream.dueIn(now) < senderWakes - now) {
      notifyAll();
    }
  }

  // --- What is sent -----------------------------------------------------------------------------

  /** Takes bytes as soon as there is room; none if there is no stream any more. */
  synchronized int write(byte[] bytes, int offset, int length) throws IOException {
    while (!ending.hasBegun() && plain == null && stream.room() == 0) {
      full = true;
      doze(Long.MAX_VALUE);
    }
    full = false;
    if (ending.hasBegun()) {
      throw new IOException("the connection is closed");
    }
    return plain == null ? stream.write(bytes, offset, length) : 0;
  }

  /** What is to be written now, and where. */
  synchronized Sender.@Nullable Outgoing poll() {
    WebSocketConnection to = path;
    if (to == null || broken || ending.isOver()) {
      return null;
    }
    Segment segment = stream.poll(System.nanoTime());
    return segment == null ? null : new Sender.Outgoing(to, segment);
  }

  /** Waits until something may have to be written; false if nothing ever will. */
  synchronized boolean awaitDue() {
    long rest = untilDue();
    while (!urgent && rest > 0 && goesOn()) {
      doze(rest);
      rest = untilDue();
    }
    urgent = false;
    return goesOn();
  }

  private long untilDue() {
    long now = System.nanoTime();
    long rest = path == null || broken ? Long.MAX_VALUE : stream.dueIn(now);
    senderWakes = now + Math.min(rest, Long.MAX_VALUE / 2);
    return rest;
  }

  /** Has the sender look at once. */
  synchronized void hurry() {
    urgent = true;
    notifyAll();
  }

  // --- For all ----------------------------------------------------------------------------------

  synchronized void over(CloseReason reason, String why) {
    ending.over(reason, why);
    notifyAll();
  }

  /** Waits for news; for callers that have the monitor. */
  @SuppressWarnings("WaitNotInLoop") // the loops are those of the callers
  void doze(long nanos) {
    try {
      wait(1 + nanos / 1_000_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      over(CloseReason.lost("interrupted"), "");
    }
  }
}
