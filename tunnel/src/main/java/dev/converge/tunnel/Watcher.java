package dev.converge.tunnel;

/**
 * Ends the paths on which nothing is heard, so that whoever is stuck writing there is free. It
 * never waits for a peer itself.
 */
final class Watcher extends Thread {
  private final ResumableLink link;

  Watcher(ResumableLink link) {
    super("watcher");
    this.link = link;
    setDaemon(true);
  }

  @Override
  public void run() {
    WebSocketConnection dead = link.awaitSilence(null);
    while (dead != null) {
      dead.lose("nothing is heard any more");
      dead = link.awaitSilence(dead);
    }
  }
}
