package dev.converge.tunnel;

import org.jspecify.annotations.Nullable;

/**
 * Ends the paths on which nothing is heard, so that whoever is stuck writing there is free; and
 * those that are broken while the receiving thread does not read and so cannot see it. It never
 * waits for a peer itself.
 */
final class Watcher extends Thread {
  private final LinkState state;
  private final Paths paths;
  private final long patience;

  /**
   * @param patience in nanoseconds: no path that is sound now can be silent sooner
   */
  Watcher(LinkState state, Paths paths, long patience) {
    super("watcher");
    this.state = state;
    this.paths = paths;
    this.patience = patience;
    setDaemon(true);
  }

  @Override
  public void run() {
    WebSocketConnection dead = await(null);
    while (dead != null) {
      boolean unread = state.isUnread();
      dead.lose(unread ? "nothing can be sent any more" : "nothing is heard any more");
      if (unread) {
        paths.lost(dead);
      }
      dead = await(dead);
    }
  }

  /**
   * Waits for a path that is to be ended; null if there will be none.
   *
   * @param known the one before
   */
  private @Nullable WebSocketConnection await(@Nullable WebSocketConnection known) {
    synchronized (state) {
      while (state.goesOn()) {
        WebSocketConnection path = state.path();
        long rest = path == null ? Long.MAX_VALUE : untilEnded(path == known);
        if (path != null && rest <= 0) {
          end(path);
          return path;
        }
        state.doze(Math.min(rest, patience));
      }
      return null;
    }
  }

  private long untilEnded(boolean known) {
    long now = System.nanoTime();
    if (state.isUnread()) {
      return 0;
    }
    long silent = known ? Long.MAX_VALUE : state.stream.silentIn(now);
    return Math.min(silent, untilGivenUp(now));
  }

  private long untilGivenUp(long now) {
    return state.ending.untilGivenUp(state.isDelivering(), now);
  }

  private void end(WebSocketConnection path) {
    state.broken(path);
    CloseReason last = state.ending.lastSaid();
    if (last != null && untilGivenUp(System.nanoTime()) <= 0) {
      state.over(last, "");
    }
  }
}
