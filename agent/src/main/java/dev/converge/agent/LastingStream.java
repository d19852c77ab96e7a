package dev.converge.agent;

import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.Hello;
import dev.converge.tunnel.ResumableStream;
import dev.converge.tunnel.StreamId;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ByteStream} that outlives the connections that carry it: how its life goes, and when it
 * ends; a {@link StreamDriver} does the work. Everything but what {@link ByteStream} says of itself
 * is confined to one event loop, that of the first path; the client's next paths may be on others.
 */
final class LastingStream implements ByteStream, StreamDriver.Events {
  private static final CloseReason FINISHED = CloseReason.normal("");
  private static final CloseReason ELSEWHERE =
      new CloseReason(CloseReason.GOING_AWAY, "the session goes on elsewhere");
  private static final CloseReason SILENT =
      new CloseReason(CloseReason.ABNORMAL, "no sign of life");

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

  private final Home home;
  private final StreamLog log;
  private final StreamDriver driver;
  private final Burst burst;
  private final Alarm windowEnd;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private final CompletableFuture<Void> forgotten = new CompletableFuture<>();

  private State state = State.OPEN;
  private Duration window;
  private String away = "";

  /**
   * @param loop where the first path is
   * @param window how long the client may be away
   */
  LastingStream(ResumableStream stream, EventLoop loop, Duration window, StreamLog log) {
    home = new Home(loop);
    burst = new Burst(home, this::sendBurst);
    windowEnd = new Alarm(loop, () -> end(FINISHED, away + ", and not back since"));
    this.window = window;
    this.log = log;
    driver = new StreamDriver(stream, home, log, this);
  }

  /** To be called before the first path is there. */
  void feed(StreamSession session) {
    driver.intake().feed(session);
  }

  StreamId id() {
    return driver.id();
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
    home.run(task);
  }

  // The paths: what comes from one that was left comes too late.

  /** The client has come on a new path, which takes the place of the one before. */
  void attach(StreamPath next, Hello hello) {
    if (state == State.OVER) {
      next.refuse(id());
      return;
    }
    if (driver.isOutdated(hello)) {
      next.close(ELSEWHERE);
      return;
    }
    if (driver.hasPath()) {
      leave(ELSEWHERE, "it has a newer one");
    }
    if (state != State.FINISHED) {
      windowEnd.off();
    }
    driver.attach(next, hello);
  }

  void received(StreamPath from, byte[] bytes) {
    if (driver.isOn(from)) {
      driver.received(bytes);
    }
  }

  void readComplete(StreamPath from) {
    if (driver.isOn(from)) {
      driver.readIfWanted();
    }
  }

  void writable(StreamPath from) {
    if (driver.isOn(from)) {
      driver.pump();
    }
  }

  /** Nothing more comes on a path. */
  void lost(StreamPath from, String why) {
    if (driver.isOn(from)) {
      leave(null, why);
    }
  }

  private void leave(@Nullable CloseReason reason, String why) {
    driver.leave(reason);
    if (state == State.FINISHED) {
      return;
    }
    if (!gone.isDone() && !window.isZero()) {
      log.detached(why, window);
    }
    away = why;
    windowEnd.in(window.toNanos());
  }

  // What becomes of the stream.

  @Override
  public void silent() {
    leave(SILENT, SILENT.text());
  }

  @Override
  public void ended(CloseReason reason) {
    clientGone("closed by the other side: " + reason);
  }

  @Override
  public void violated(IOException violation) {
    String why = String.valueOf(violation.getMessage());
    end(new CloseReason(CloseReason.PROTOCOL_ERROR, why), why);
  }

  @Override
  public void finished() {
    if (state == State.OVER) {
      return;
    }
    if (state != State.FINISHED) {
      state = State.FINISHED;
      clientGone("closed by this side");
      settled.complete(null);
      windowEnd.in(window.toNanos());
    }
    driver.leave(FINISHED);
  }

  /** The stream does not go on. */
  private void end(CloseReason reason, String why) {
    state = State.OVER;
    driver.leave(reason);
    windowEnd.off();
    driver.abandon();
    clientGone(why);
    settled.complete(null);
    forgotten.complete(null);
  }

  private void clientGone(String why) {
    driver.intake().end();
    if (!gone.isDone()) {
      log.gone(why);
      gone.complete(null);
    }
  }

  /** The client will not be told any more how the stream has ended. */
  void forget() {
    home.run(() -> end(FINISHED, ""));
  }

  /**
   * The agent ends: a client that is away is not waited for any more.
   *
   * @return completes when the client has heard everything, or cannot
   */
  CompletableFuture<Void> abandon() {
    home.later(
        () -> {
          window = Duration.ZERO;
          if (!driver.hasPath()) {
            end(FINISHED, "the agent ends");
          }
        });
    return settled;
  }

  @Override
  public Home home() {
    return home;
  }

  // The SSH session: always through the event loop's queue, also when on the event loop, as in
  // ChannelStream.

  @Override
  public void send(byte[] bytes, int offset, int length, Consumer<@Nullable Throwable> done) {
    burst.add(new Piece(bytes, offset, length, done));
  }

  private void sendBurst() {
    Queue<Piece> pieces = burst.take();
    if (state == State.OPEN) {
      driver.send(pieces);
    } else {
      pieces.forEach(piece -> piece.done.accept(new ClosedChannelException()));
    }
  }

  @Override
  public void reading(boolean on) {
    home.later(() -> driver.intake().wanted(on));
  }

  @Override
  public void close(boolean immediately) {
    home.later(
        () -> {
          if (state == State.OPEN) {
            state = State.ENDING;
            driver.end(immediately);
          }
        });
  }

  @Override
  public boolean noticesLoss() {
    return true;
  }
}
