package dev.converge.tunnel;

import java.time.Duration;

/**
 * Runs an action (which closes a socket, so that whoever is stuck in it fails) unless closed in
 * time.
 */
final class Deadline implements AutoCloseable {
  private final Thread watch;
  private volatile boolean missed;

  private Deadline(Duration limit, Runnable action) {
    watch = new Thread(() -> await(limit, action), "deadline");
    watch.setDaemon(true);
  }

  static Deadline start(Duration limit, Runnable action) {
    Deadline deadline = new Deadline(limit, action);
    deadline.watch.start();
    return deadline;
  }

  private void await(Duration limit, Runnable action) {
    try {
      Thread.sleep(limit.toMillis());
    } catch (InterruptedException e) {
      return; // closed in time
    }
    missed = true;
    action.run();
  }

  boolean missed() {
    return missed;
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
