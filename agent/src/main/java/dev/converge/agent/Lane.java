package dev.converge.agent;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one after the other on some thread of a pool. Each client has one: what MINA does for
 * it, blocking or not, is off the event loops and holds up nobody else.
 */
final class Lane implements Executor {
  private final Executor pool;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean running;

  Lane(Executor pool) {
    this.pool = pool;
  }

  @Override
  public synchronized void execute(Runnable task) {
    waiting.add(task);
    if (!running) {
      running = true;
      pool.execute(this::drain);
    }
  }

  private void drain() {
    for (Runnable task = next(); task != null; task = next()) {
      task.run();
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable task = waiting.poll();
    running = task != null;
    return task;
  }
}
