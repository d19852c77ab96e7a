package dev.converge.tunnel;

import java.time.Duration;

/**
 * Runs an action (which closes a socket, so that whoever is stuck in it fails) unless closed in
 * time.
 */
final class Deadline extends Thread implements AutoCloseable {
  private final Duration limit;
  private final Runnable action;
  private volatile boolean missed;

  private Deadline(Duration limit, Runnable action) {
    super("deadline");
    this.limit = limit;
    this.action = action;
    setDaemon(true);
  }

  static Deadline start(Duration limit, Runnable action) {
    Deadline deadline = new Deadline(limit, action);
    deadline.start();
    return deadline;
  }

  @Override
  public void run() {
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
    interrupt();
  }
}
