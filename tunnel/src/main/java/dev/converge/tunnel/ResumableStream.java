package dev.converge.tunnel;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a stream of bytes that outlives the paths that carry it: a path is a connection
 * through a relay, and when it is lost the next one goes on where it stopped.
 *
 * <p>Sans-I/O: it has no sockets, no threads and no clock. Its driver passes what arrives to {@link
 * #receive} and then asks {@link #next} until there is nothing; sends what {@link #poll} returns,
 * until there is nothing, after each call; and comes back after {@link #idle} at the latest. {@code
 * now} is {@link System#nanoTime}, or anything else that counts nanoseconds. For one thread at a
 * time.
 *
 * <p>docs/protocol.md has what goes over the path.
 */
public final class ResumableStream {
  private enum State {
    DETACHED,
    /** The client has a path, and waits for the agent's hello. */
    GREETING,
    ATTACHED,
    /** It has failed, or is plain: nothing comes out of it any more. */
    OVER
  }

  private final StreamId id;
  private final SendingSide sending;
  private final ReceivingSide receiving;
  private final PathWatch watch;

  private State state = State.DETACHED;
  private boolean opened;

  /** The newest path so far, as the client counts them. */
  private int newest;

  // Of the path, and gone with it:
  private @Nullable Segment greeting;
  private PathInput input = new PathInput();

  private ResumableStream(StreamId id, StreamLimits limits, ReplayBudget budget, boolean opened) {
    this.id = id;
    this.opened = opened;
    sending = new SendingSide(limits.replay(), budget);
    receiving = new ReceivingSide(limits);
    watch = new PathWatch(limits);
  }

  /** The client's end; it takes bytes once the agent has it. */
  public static ResumableStream client(StreamId id, StreamLimits limits) {
    return new ResumableStream(id, limits, ReplayBudget.unlimited(), false);
  }

  /** The agent's end of the stream that a client's hello of kind OPEN has named. */
  public static ResumableStream agent(StreamId id, StreamLimits limits, ReplayBudget budget) {
    return new ResumableStream(id, limits, budget, true);
  }

  public StreamId id() {
    return id;
  }

  /** The client has a new path; the one before must be closed. */
  public void pathOpened(long now) {
    expectNoPath();
    state = State.GREETING;
    watch.opened(now);
    watch.busy(true, now);
    newest++;
    greet(opened ? Hello.Kind.RESUME : Hello.Kind.OPEN);
  }

  /**
   * Whether the client has left the path on which this hello was said: it has come on a later one
   * already. Where the network halts and goes on, hellos need not arrive in their order.
   */
  public boolean isOutdated(Hello hello) {
    return hello.path() <= newest;
  }

  /**
   * The agent has a new path, on which a client has sent a hello that names this stream and is not
   * outdated; the one before must be closed.
   *
   * @throws ProtocolViolation if the client cannot go on from where it says it is; the stream is
   *     over, and what {@link #poll} returns tells the client
   */
  public void pathOpened(Hello hello, long now) throws ProtocolViolation {
    expectNoPath();
    watch.opened(now);
    try {
      if (!hello.asksFor(id)) {
        throw new ProtocolViolation("hello of a client: " + hello.kind() + " " + hello.id());
      }
      newest = hello.path();
      sending.resume(hello.received());
      state = State.ATTACHED;
      greet(Hello.Kind.ACCEPT);
    } catch (ProtocolViolation e) {
      state = State.OVER;
      greeting = Segment.of(Hello.refuse(id, String.valueOf(e.getMessage())).bytes());
      throw e;
    }
  }

  private void expectNoPath() {
    if (state != State.DETACHED) {
      throw new IllegalStateException("pathOpened: the stream is " + state);
    }
  }

  private void greet(Hello.Kind kind) {
    greeting = Segment.of(Hello.of(kind, id, newest, receiving.tell()).bytes());
  }

  /** The path is gone, and all that was on it. */
  public void pathLost() {
    state = state == State.OVER ? State.OVER : State.DETACHED;
    greeting = null;
    input = new PathInput();
  }

  /** The stream does not go on; what it still keeps is lost. */
  public void abandon() {
    over();
    sending.discard();
  }

  /** How many bytes may be written now. */
  public int room() {
    return opened && state != State.OVER ? sending.room() : 0;
  }

  /**
   * Takes bytes of this end, as many as there is room for.
   *
   * @return how many
   */
  public int write(byte[] bytes, int from, int length) {
    return opened && state != State.OVER ? sending.write(bytes, from, length) : 0;
  }

  /** Ends this end's direction behind all that was written. Does nothing if it has been ended. */
  public void end(CloseReason reason) {
    boolean lost = reason.code() == CloseReason.ABNORMAL; // which never goes over the wire
    sending.end(lost ? new CloseReason(CloseReason.GOING_AWAY, reason.text()) : reason);
  }

  /** What is to be sent on the path next; null if there is nothing now. */
  public @Nullable Segment poll(long now) {
    Segment segment = greeting;
    if (segment != null) {
      greeting = null;
    } else if (state == State.ATTACHED) {
      segment = frame(now);
    }
    if (segment != null) {
      watch.said(now);
    }
    return segment;
  }

  private @Nullable Segment frame(long now) {
    if (receiving.due(now) == 0) {
      return StreamFrame.ack(receiving.tell());
    }
    Segment segment = sending.next();
    watch.busy(sending.inFlight(), now);
    if (segment == null && watch.keepaliveDue(now) == 0) {
      return StreamFrame.ack(receiving.tell());
    }
    return segment;
  }

  /**
   * Takes bytes that arrived on the path, which must not change until {@link #next} has returned
   * null.
   */
  public void receive(byte[] bytes, int from, int length, long now) {
    input.receive(bytes, from, length, now);
    watch.heard(now);
  }

  /**
   * What has happened next; null if nothing has.
   *
   * @throws StreamRefused if the agent does not have the stream any more: it is over
   * @throws ProtocolViolation if the peer breaks the protocol: the stream is over
   */
  public @Nullable StreamEvent next() throws IOException {
    StreamEvent event = null;
    try {
      while (event == null && !input.isEmpty()) {
        event = step();
      }
    } catch (IOException e) {
      over();
      throw e;
    }
    return event;
  }

  private void over() {
    state = State.OVER;
    greeting = null;
    input.drop();
  }

  private @Nullable StreamEvent step() throws IOException {
    if (state == State.GREETING) {
      Hello hello = input.hello();
      return hello == null ? null : answered(hello);
    }
    if (state == State.ATTACHED) {
      StreamEvent.Data data = input.data();
      return data == null ? control() : received(data);
    }
    input.drop();
    return null;
  }

  private StreamEvent answered(Hello hello) throws IOException {
    if (hello.version() == Hello.PLAIN && !opened) {
      StreamEvent plain = input.plain();
      over();
      return plain;
    }
    return accepted(hello);
  }

  private StreamEvent accepted(Hello hello) throws IOException {
    if (!hello.understood()) {
      throw new ProtocolViolation("hello of version " + hello.version());
    }
    if (hello.kind() == Hello.Kind.REFUSE) {
      throw new StreamRefused(Text.printable(hello.refusal()));
    }
    if (!hello.accepts(id, newest)) {
      throw new ProtocolViolation("hello of an agent: " + hello.kind() + " " + hello.id());
    }
    sending.resume(hello.received());
    state = State.ATTACHED;
    watch.busy(false, input.arrived());
    StreamEvent event = opened ? new StreamEvent.Resumed() : new StreamEvent.Opened();
    opened = true;
    return event;
  }

  private StreamEvent received(StreamEvent.Data data) throws ProtocolViolation {
    receiving.data(data.length(), input.arrived());
    return data;
  }

  private @Nullable StreamEvent control() throws ProtocolViolation {
    byte[] payload = input.control();
    if (payload == null) {
      return null;
    }
    if (input.type() == StreamFrame.ACK) {
      sending.acknowledge(ByteBuffer.wrap(payload).getLong());
      watch.busy(sending.inFlight(), input.arrived());
      return null;
    }
    CloseReason reason = CloseReason.parse(payload);
    receiving.end(input.arrived());
    return new StreamEvent.Ended(reason);
  }

  /**
   * Whether the driver has stopped reading the path, because nobody takes what arrives. The peer is
   * told more often that we are here, and its own silence is not held against it.
   */
  public void reading(boolean on, long now) {
    watch.reading(on, now);
  }

  /** Whether the path counts as lost: nothing is heard though something should be. */
  public boolean silent(long now) {
    return silentIn(now) == 0;
  }

  /** For how many nanoseconds the path does not count as lost, if nothing happens. */
  long silentIn(long now) {
    return hasPath() ? watch.lostIn(now) : Long.MAX_VALUE;
  }

  /** For how many nanoseconds the driver need not come back, if nothing arrives or is written. */
  public long idle(long now) {
    return Math.min(dueIn(now), silentIn(now));
  }

  /** For how many nanoseconds nothing has to be said merely because time passes. */
  long dueIn(long now) {
    return state == State.ATTACHED
        ? Math.min(receiving.due(now), watch.keepaliveDue(now))
        : Long.MAX_VALUE;
  }

  private boolean hasPath() {
    return state == State.GREETING || state == State.ATTACHED;
  }

  /** Whether the peer has everything that this end has said, and that it has ended. */
  boolean delivered() {
    return sending.done();
  }

  /** Whether both ends have said everything, have it, and know that of each other. */
  public boolean finished() {
    return sending.done() && receiving.done();
  }
}
