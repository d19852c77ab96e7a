package dev.converge.tunnel;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a resumable stream has to say. Whoever has given it something to say writes at once;
 * this thread writes what is due when nobody else comes. The thread that receives never writes: two
 * full directions would wait for each other for ever.
 */
final class Sender extends Thread {
  /** What is said next, and where. */
  record Outgoing(WebSocketConnection path, Segment segment) {}

  private final LinkState state;

  /**
   * Held from the moment in which the stream gives a segment away until that is written, over all
   * paths: a segment lies in the replay buffer, and nothing there is overwritten before a later
   * path has carried it, too. Fair: else what is due would wait for a gap in a bulk upload.
   */
  private final ReentrantLock turn = new ReentrantLock(true);

  Sender(LinkState state) {
    super("sender");
    this.state = state;
    setDaemon(true);
  }

  @Override
  public void run() {
    while (state.awaitDue()) {
      flush();
      WebSocketConnection spent = spentPath();
      if (spent != null) {
        spent.close(CloseReason.normal(""));
        return;
      }
    }
  }

  /** The path, if nothing will be written on it but its close. */
  private @Nullable WebSocketConnection spentPath() {
    synchronized (state) {
      return state.stream.finished() && state.goesOn() ? state.path() : null;
    }
  }

  /** Writes until there is nothing to be said, or no way to say it. */
  void flush() {
    turn.lock();
    try {
      Outgoing next = state.poll();
      while (next != null) {
        next = write(next) ? state.poll() : null;
      }
    } finally {
      turn.unlock();
    }
  }

  private boolean write(Outgoing outgoing) {
    try {
      outgoing.path().send(outgoing.segment());
      return true;
    } catch (IOException e) {
      state.broken(outgoing.path()); // whoever reads it learns why
      return false;
    }
  }
}
