package dev.converge.agent;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a client says, on its way to the SSH session: no more is read from the network while the
 * session wants none, or has too much to do already. Confined to its home, which hears of what was
 * done only if it has stopped reading for that.
 */
final class Intake {
  /** What may wait for the session before reading stops, in bytes. */
  private static final int MOST_WAITING = 256 * 1024;

  private final Home home;
  private final Runnable changed;
  private final AtomicInteger waiting = new AtomicInteger();
  private @Nullable StreamSession session;
  private boolean wanted = true;

  /**
   * @param changed told when {@link #mayRead} may say something else than before
   */
  Intake(Home home, Runnable changed) {
    this.home = home;
    this.changed = changed;
  }

  /** Who gets it; to be called before there is anything. */
  void feed(StreamSession fed) {
    session = fed;
  }

  boolean mayRead() {
    return wanted && waiting.get() < MOST_WAITING;
  }

  /** Whether the session wants anything. */
  void wanted(boolean on) {
    wanted = on;
    changed.run();
  }

  /** Gives the session bytes, which become its own. */
  void pass(byte[] bytes, int offset, int length) {
    if (session != null && length > 0) {
      waiting.addAndGet(length);
      session.received(bytes, offset, length, () -> processed(length));
    }
  }

  private void processed(int length) {
    int before = waiting.getAndAdd(-length);
    if (before >= MOST_WAITING) {
      home.later(changed);
    }
  }

  /** Nothing more comes. Only the first call counts. */
  void end() {
    StreamSession ended = session;
    session = null;
    if (ended != null) {
      ended.ended();
    }
  }
}
