package dev.converge.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the session is over. It ends at the first of these:
 *
 * <ul>
 *   <li>the expiry after the latest of: its start, a login, input, the time stamp of {@code .hold};
 *   <li>the linger time after the last client has left, unless {@code .hold} exists;
 *   <li>its longest duration.
 * </ul>
 *
 * <p>All points in time are durations since the start, on the clock that never jumps. Events come
 * on any thread; what is decided is confined to the thread that calls {@link #tick}.
 */
final class SessionClock implements SessionEvents {
  /** Who is told. Called on the clock's thread. */
  interface Audience {
    void warn(String message);

    void end(String reason);
  }

  /** How often an existing {@code .hold} is looked at: its removal may bring the end nearer. */
  private static final Duration POLL = Duration.ofSeconds(1);

  private record End(Duration at, String reason) {
    static End earlier(End a, End b) {
      return a.at.compareTo(b.at) <= 0 ? a : b;
    }
  }

  private final ClockConfig config;
  private final HoldFile hold;
  private final TimeSource time;
  private final long start;
  private final Presence presence;
  private final Warnings warnings;
  private volatile long lastInput;
  private volatile @Nullable Thread thread;
  private Duration lastHeld = Duration.ZERO;
  private boolean over;

  SessionClock(ClockConfig config, HoldFile hold, TimeSource time) {
    this.config = config;
    this.hold = hold;
    this.time = time;
    start = time.nanos().getAsLong();
    lastInput = start;
    presence = new Presence(config.exitOn());
    warnings = new Warnings(shorter(config.warning(), config.expiry().dividedBy(2)));
  }

  /** Runs the clock in a thread of its own until the session is over. */
  void start(Audience audience) {
    Thread clock = new Thread(() -> run(audience), "clock");
    clock.setDaemon(true);
    thread = clock;
    clock.start();
  }

  private void run(Audience audience) {
    while (!over) {
      LockSupport.parkNanos(this, tick(audience).toNanos());
    }
  }

  /** Does what is due, and tells after how long it wants to be called again. */
  Duration tick(Audience audience) {
    Duration now = now();
    Instant stamp = hold.modified();
    if (stamp != null) {
      lastHeld = now;
    }
    End announced = announcedEnd(now, stamp);
    End end = end(announced, stamp);
    if (end.at.compareTo(now) <= 0) {
      over = true;
      audience.end(end.reason);
      return Duration.ZERO;
    }
    if (warnings.due(now, announced.at)) {
      audience.warn(ClockText.warning(announced.at.minus(now), isCeiling(announced)));
    }
    Duration next = shorter(end.at, warnings.next(now, announced.at)).minus(now);
    return stamp == null ? next : shorter(next, POLL);
  }

  @Override
  public void input() {
    lastInput = time.nanos().getAsLong();
  }

  @Override
  public void loggedIn(String client) {
    input();
    presence.loggedIn();
    wake();
  }

  @Override
  public void left(String client) {
    presence.left(now());
    wake();
  }

  @Override
  public String greeting() {
    Duration now = now();
    Instant stamp = hold.modified();
    End end = announcedEnd(now, stamp);
    return ClockText.greeting(config, end.at.minus(now), isCeiling(end), stamp != null);
  }

  /** How long the session lives if nothing more happens. */
  Duration remaining() {
    Duration now = now();
    return announcedEnd(now, hold.modified()).at.minus(now);
  }

  private End end(End announced, @Nullable Instant stamp) {
    Duration gone = presence.gone();
    if (gone == null || stamp != null) {
      return announced;
    }
    Duration unheld = lastHeld.compareTo(gone) > 0 ? lastHeld : gone;
    return End.earlier(announced, new End(unheld.plus(config.linger()), ClockText.LEFT));
  }

  /** The end that people are warned of: that of the time, not that by their own leaving. */
  private End announcedEnd(Duration now, @Nullable Instant stamp) {
    Duration idle = Duration.ofNanos(time.nanos().getAsLong() - lastInput);
    if (stamp != null) {
      idle = shorter(idle, time.since(stamp));
    }
    End expiry = new End(now.minus(idle).plus(config.expiry()), ClockText.expired(config.expiry()));
    Duration ceiling = config.maxDuration();
    return ceiling == null
        ? expiry
        : End.earlier(expiry, new End(ceiling, ClockText.ceiling(ceiling)));
  }

  private boolean isCeiling(End end) {
    return end.at.equals(config.maxDuration());
  }

  private Duration now() {
    return Duration.ofNanos(time.nanos().getAsLong() - start);
  }

  private void wake() {
    LockSupport.unpark(thread);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
