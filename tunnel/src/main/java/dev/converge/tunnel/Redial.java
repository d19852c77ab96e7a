package dev.converge.tunnel;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Tries to get the next path of a link. A thread of its own: neither a connection that is being
 * made nor the name server can be told that nobody waits for them any more.
 */
final class Redial extends Thread {
  private final ResumableLink link;
  private final Dialling dialling;
  private final Outage outage;

  Redial(ResumableLink link, Dialling dialling, Outage outage) {
    super("redial");
    this.link = link;
    this.dialling = dialling;
    this.outage = outage;
    setDaemon(true);
  }

  @Override
  public void run() {
    WebSocketConnection fresh = null;
    while (fresh == null && link.pauseBeforeNext(outage)) {
      fresh = attempt();
    }
    if (fresh != null) {
      link.adopt(fresh);
    }
  }

  private @Nullable WebSocketConnection attempt() {
    try {
      return dialling.connect();
    } catch (RefusedException e) {
      link.failed(outage, e, e.retryAfter());
    } catch (IOException | RuntimeException e) {
      link.failed(outage, e, 0);
    }
    return null;
  }
}
