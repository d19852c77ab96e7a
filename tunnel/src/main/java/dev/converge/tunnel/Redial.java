package dev.converge.tunnel;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Tries to end one outage of a link. A thread of its own: the receiving thread may be busy, and
 * neither a connection that is being made nor the name server can be told that nobody waits for
 * them any more.
 */
final class Redial extends Thread {
  private final LinkState state;
  private final Paths paths;
  private final Dialling dialling;
  private final Outage outage;

  Redial(LinkState state, Paths paths, Dialling dialling, Outage outage) {
    super("redial");
    this.state = state;
    this.paths = paths;
    this.dialling = dialling;
    this.outage = outage;
    setDaemon(true);
  }

  @Override
  public void run() {
    boolean done = false;
    while (!done && pause()) {
      WebSocketConnection fresh = attempt();
      done = fresh != null && paths.open(fresh) && paths.greet(fresh);
    }
  }

  /** Waits until it is time for the next attempt; false if there is to be none. */
  private boolean pause() {
    synchronized (state) {
      long until = System.nanoTime() + outage.pause();
      for (long left = until - System.nanoTime();
          left > 0 && isWanted();
          left = until - System.nanoTime()) {
        state.doze(left);
      }
      return isWanted();
    }
  }

  private boolean isWanted() {
    return !state.ending.isOver() && outage.left(System.nanoTime()) > 0;
  }

  private @Nullable WebSocketConnection attempt() {
    try {
      return dialling.connect();
    } catch (RefusedException e) {
      failed(e, e.retryAfter());
    } catch (IOException | RuntimeException e) {
      failed(e, 0);
    }
    return null;
  }

  private void failed(Exception e, int retryAfter) {
    synchronized (state) {
      outage.failed(String.valueOf(e.getMessage()), retryAfter);
    }
  }
}
