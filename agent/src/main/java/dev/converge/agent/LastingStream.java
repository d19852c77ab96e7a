package dev.converge.agent;

import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.Hello;
import dev.converge.tunnel.ProtocolViolation;
import dev.converge.tunnel.ResumableStream;
import dev.converge.tunnel.Segment;
import dev.converge.tunnel.StreamEvent;
import dev.converge.tunnel.StreamId;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link ByteStream} that outlives the connections that carry it: drives a {@link
 * ResumableStream} on Netty. Everything but what {@link ByteStream} says of itself is confined to
 * one event loop, that of the first path; the client's next paths may be on others.
 */
final class LastingStream implements ByteStream {
  private static final Logger LOG = LoggerFactory.getLogger(LastingStream.class);

  /** Input that waits for its session before the path is read again, in bytes. */
  private static final int MOST_WAITING = 256 * 1024;

  /** What is due cannot be sent before the channel is writable; then we are told. */
  private static final long UNWRITABLE_NANOS = Duration.ofMillis(250).toNanos();

  private static final CloseReason FINISHED = CloseReason.normal("");
  private static final CloseReason ELSEWHERE =
      new CloseReason(CloseReason.GOING_AWAY, "the session goes on elsewhere");

  private enum State {
    /** The SSH session lives. */
    OPEN,
    /** It has ended; what it has said has yet to arrive at the client. */
    ENDING,
    /** Each side has it all. It only answers a client that does not know. */
    FINISHED,
    /** It has failed, or nobody came back. */
    OVER
  }

  private final ResumableStream stream;
  private final EventLoop home;
  private final StreamLog log;
  private final Unsent unsent = new Unsent();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private final CompletableFuture<Void> forgotten = new CompletableFuture<>();

  private State state = State.OPEN;
  private Duration window;
  private @Nullable StreamSession session;
  private @Nullable StreamPath path;
  private @Nullable Future<?> windowEnd;
  private @Nullable Future<?> alarm;
  private long alarmAt;
  private boolean wanted = true;
  private int waiting;

  /**
   * @param home where the first path is
   * @param window how long the client may be away
   */
  LastingStream(ResumableStream stream, EventLoop home, Duration window, StreamLog log) {
    this.stream = stream;
    this.home = home;
    this.window = window;
    this.log = log;
  }

  /** To be called before the first path is there. */
  void feed(StreamSession fed) {
    session = fed;
  }

  StreamId id() {
    return stream.id();
  }

  /** Completes when the client will not come back, or has nothing to come back to. */
  CompletableFuture<Void> gone() {
    return gone;
  }

  /** Completes when the stream need not be known any more. */
  CompletableFuture<Void> forgotten() {
    return forgotten;
  }

  /** Runs a task on the stream's event loop, at once if that is this one. */
  void atHome(Runnable task) {
    if (home.inEventLoop()) {
      task.run();
    } else {
      later(task);
    }
  }

  private void later(Runnable task) {
    try {
      home.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.trace("the link is closed, nothing counts any more", e);
    }
  }

  /** The client has come on a new path, which takes the place of the one before. */
  void attach(StreamPath next, Hello hello) {
    if (state == State.OVER) {
      next.refuse(id());
      return;
    }
    if (stream.isOutdated(hello)) {
      next.close(ELSEWHERE);
      return;
    }
    if (path != null) {
      leave(ELSEWHERE, "it has a newer one");
    }
    if (state != State.FINISHED) {
      cancel(windowEnd);
    }
    path = next;
    long now = System.nanoTime();
    try {
      stream.pathOpened(hello, now);
    } catch (ProtocolViolation e) {
      violated(e);
      return;
    }
    log.attached(next.client());
    adjustReading();
    readIfWanted();
    pump();
  }

  /** Nothing more comes on a path; it may be one that was left. */
  void lost(StreamPath from, String why) {
    if (from == path) {
      leave(null, why);
    }
  }

  private void leave(@Nullable CloseReason reason, String why) {
    StreamPath left = path;
    path = null;
    stream.pathLost();
    if (left != null && reason != null) {
      left.close(reason);
    }
    if (state == State.FINISHED) {
      return;
    }
    if (!gone.isDone() && !window.isZero()) {
      log.detached(why, window);
    }
    endAfter(window, () -> end(FINISHED, why + ", and not back since"));
  }

  private void endAfter(Duration time, Runnable end) {
    cancel(windowEnd);
    windowEnd = home.schedule(end, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** What there is to say before the path is closed is a refusal. */
  private void violated(IOException violation) {
    String why = String.valueOf(violation.getMessage());
    if (path != null) {
      sendDue(path);
    }
    end(new CloseReason(CloseReason.PROTOCOL_ERROR, why), why);
  }

  /** The stream does not go on. */
  private void end(CloseReason reason, String why) {
    state = State.OVER;
    StreamPath left = path;
    path = null;
    stream.pathLost();
    if (left != null) {
      left.close(reason);
    }
    cancel(windowEnd);
    unsent.drop();
    clientGone(why);
    settled.complete(null);
    forgotten.complete(null);
  }

  private void clientGone(String why) {
    StreamSession ended = session;
    session = null;
    if (ended != null) {
      ended.ended();
    }
    if (!gone.isDone()) {
      log.gone(why);
      gone.complete(null);
    }
  }

  void received(StreamPath from, byte[] bytes) {
    if (from != path) {
      return;
    }
    stream.receive(bytes, 0, bytes.length, System.nanoTime());
    try {
      for (StreamEvent event = stream.next(); event != null; event = stream.next()) {
        handle(event);
      }
      adjustReading();
      pump();
    } catch (IOException e) {
      violated(e);
    }
  }

  private void handle(StreamEvent event) {
    if (event instanceof StreamEvent.Data data) {
      pass(data);
    } else if (event instanceof StreamEvent.Ended ended) {
      clientGone("closed by the other side: " + ended.reason());
    }
  }

  private void pass(StreamEvent.Data data) {
    log.in(data.length());
    if (session != null) {
      waiting += data.length();
      session.received(
          data.bytes(), data.offset(), data.length(), () -> later(() -> processed(data.length())));
    }
  }

  private void processed(int length) {
    boolean wasFull = !mayRead();
    waiting -= length;
    if (wasFull) {
      adjustReading();
      readIfWanted();
    }
  }

  void readComplete(StreamPath from) {
    if (from == path) {
      readIfWanted();
    }
  }

  private boolean mayRead() {
    return wanted && waiting < MOST_WAITING;
  }

  private void adjustReading() {
    stream.reading(mayRead(), System.nanoTime());
    wakeInTime();
  }

  private void readIfWanted() {
    if (path != null && mayRead()) {
      path.read();
    }
  }

  void writable(StreamPath from) {
    if (from == path) {
      pump();
    }
  }

  /** Does all that can be done now. */
  private void pump() {
    log.out(unsent.giveTo(stream));
    if (state == State.ENDING && unsent.isEmpty()) {
      stream.end(FINISHED);
    }
    if (path != null) {
      sendDue(path);
    }
    if (stream.finished() && state != State.OVER) {
      finish();
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

  private void finish() {
    if (state != State.FINISHED) {
      state = State.FINISHED;
      clientGone("closed by this side");
      settled.complete(null);
      endAfter(window, this::forget);
    }
    if (path != null) {
      leave(FINISHED, "");
    }
  }

  /** One alarm at a time, which may come too early but not too late. */
  private void wakeInTime() {
    if (path == null) {
      return;
    }
    long now = System.nanoTime();
    long idle = stream.idle(now);
    if (idle == Long.MAX_VALUE) {
      return;
    }
    long nanos = path.isWritable() ? idle : Math.max(idle, UNWRITABLE_NANOS);
    if (alarm == null || now + nanos - alarmAt < 0) {
      cancel(alarm);
      alarmAt = now + nanos;
      alarm = home.schedule(this::wake, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void wake() {
    alarm = null;
    if (path != null && stream.silent(System.nanoTime())) {
      leave(new CloseReason(CloseReason.ABNORMAL, "no sign of life"), "no sign of life");
    } else {
      pump();
    }
  }

  private static void cancel(@Nullable Future<?> scheduled) {
    if (scheduled != null) {
      scheduled.cancel(false);
    }
  }

  // Always through the event loop's queue, also when on the event loop: as in ChannelStream.
  @Override
  public void send(byte[] bytes, int offset, int length, Consumer<@Nullable Throwable> done) {
    later(
        () -> {
          if (state == State.OPEN) {
            unsent.add(bytes, offset, length, done);
            pump();
          } else {
            done.accept(new ClosedChannelException());
          }
        });
  }

  @Override
  public void reading(boolean on) {
    later(
        () -> {
          wanted = on;
          adjustReading();
          readIfWanted();
        });
  }

  @Override
  public void close(boolean immediately) {
    later(
        () -> {
          if (state == State.OPEN) {
            state = State.ENDING;
            if (immediately) {
              unsent.drop();
            }
            pump();
          }
        });
  }

  @Override
  public boolean noticesLoss() {
    return true;
  }

  /** The client will not be told any more how the stream has ended. */
  void forget() {
    atHome(() -> end(FINISHED, ""));
  }

  /**
   * The agent ends: a client that is away is not waited for any more.
   *
   * @return completes when the client has heard everything, or cannot
   */
  CompletableFuture<Void> abandon() {
    later(
        () -> {
          window = Duration.ZERO;
          if (path == null) {
            end(FINISHED, "the agent ends");
          }
        });
    return settled;
  }
}
