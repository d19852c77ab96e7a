package dev.converge.agent;

import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.Hello;
import dev.converge.tunnel.ProtocolViolation;
import dev.converge.tunnel.ResumableStream;
import dev.converge.tunnel.Segment;
import dev.converge.tunnel.StreamEvent;
import dev.converge.tunnel.StreamId;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Drives a {@link ResumableStream} over one path after the other: what arrives goes to the SSH
 * session, what is due goes to the path, and when nothing happens it comes back in time. Confined
 * to its home.
 */
final class StreamDriver {
  /** What is due cannot be sent before the channel is writable; then we are told. */
  private static final long UNWRITABLE_NANOS = Duration.ofMillis(250).toNanos();

  /** Who decides what becomes of the stream. May take the path away in each of these. */
  interface Events {
    /** The client has said everything. */
    void ended(CloseReason reason);

    /** Each side has everything. Told again whenever somebody asks. */
    void finished();

    /** Nothing is heard on the path though something should be. */
    void silent();

    /** The client breaks the protocol; what there is to say to that is said. */
    void violated(IOException violation);
  }

  private final ResumableStream stream;
  private final StreamLog log;
  private final Events events;
  private final Unsent unsent = new Unsent();
  private final Intake intake;
  private final Alarm alarm;
  private @Nullable StreamPath path;

  StreamDriver(ResumableStream stream, Home home, StreamLog log, Events events) {
    this.stream = stream;
    this.log = log;
    this.events = events;
    intake = new Intake(home, this::goOnReading);
    alarm = new Alarm(home.loop(), this::wake);
  }

  StreamId id() {
    return stream.id();
  }

  /** Where what the client says goes, and whether it is wanted. */
  Intake intake() {
    return intake;
  }

  boolean hasPath() {
    return path != null;
  }

  boolean isOn(StreamPath candidate) {
    return candidate == path;
  }

  /** Whether the client has come on a later path already. */
  boolean isOutdated(Hello hello) {
    return stream.isOutdated(hello);
  }

  /** Goes on over a path; the one before must have been left. */
  void attach(StreamPath next, Hello hello) {
    path = next;
    try {
      stream.pathOpened(hello, System.nanoTime());
    } catch (ProtocolViolation e) {
      violated(e);
      return;
    }
    log.attached(next.client());
    goOnReading();
    pump();
  }

  /** Leaves the path, if there is one; with a reason it is closed. */
  void leave(@Nullable CloseReason reason) {
    StreamPath left = path;
    path = null;
    stream.pathLost();
    if (left != null && reason != null) {
      left.close(reason);
    }
  }

  /** What the path has brought, which must be the one we are on. */
  void received(byte[] bytes) {
    stream.receive(bytes, 0, bytes.length, System.nanoTime());
    try {
      for (StreamEvent event = stream.next(); event != null; event = stream.next()) {
        handle(event);
      }
    } catch (IOException e) {
      violated(e);
      return;
    }
    adjustReading();
    pump();
  }

  private void handle(StreamEvent event) {
    if (event instanceof StreamEvent.Data data) {
      log.in(data.length());
      intake.pass(data.bytes(), data.offset(), data.length());
    } else if (event instanceof StreamEvent.Ended ended) {
      events.ended(ended.reason());
    }
  }

  private void violated(IOException violation) {
    if (path != null) {
      sendDue(path);
    }
    events.violated(violation);
  }

  private void goOnReading() {
    adjustReading();
    readIfWanted();
  }

  private void adjustReading() {
    stream.reading(intake.mayRead(), System.nanoTime());
    wakeInTime();
  }

  void readIfWanted() {
    if (path != null && intake.mayRead()) {
      path.read();
    }
  }

  /** Says all this to the client, as soon as there is room for it. */
  void send(Queue<Piece> pieces) {
    pieces.forEach(unsent::add);
    pump();
  }

  /** Says the end behind all that was sent; {@code immediately}: that the stream has taken. */
  void end(boolean immediately) {
    if (immediately) {
      unsent.drop();
    }
    unsent.end(CloseReason.normal(""));
    pump();
  }

  /** The stream does not go on: what has not arrived at the client never will. */
  void abandon() {
    stream.abandon();
    unsent.drop();
  }

  /** Does all that can be done now. */
  void pump() {
    log.out(unsent.giveTo(stream));
    if (path != null) {
      sendDue(path);
    }
    if (stream.finished()) {
      events.finished();
    }
    wakeInTime();
  }

  private void sendDue(StreamPath to) {
    long now = System.nanoTime();
    boolean wrote;
    do {
      wrote = false;
      Segment segment = to.isWritable() ? stream.poll(now) : null;
      while (segment != null) {
        to.write(segment);
        wrote = true;
        segment = to.isWritable() ? stream.poll(now) : null;
      }
      if (wrote) {
        to.flush();
      }
    } while (wrote && to == path);
  }

  private void wakeInTime() {
    if (path == null) {
      return;
    }
    long idle = stream.idle(System.nanoTime());
    if (idle != Long.MAX_VALUE) {
      alarm.within(path.isWritable() ? idle : Math.max(idle, UNWRITABLE_NANOS));
    }
  }

  private void wake() {
    if (path != null && stream.silent(System.nanoTime())) {
      events.silent();
    } else {
      pump();
    }
  }
}
