package dev.converge.agent;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other. Each client has one: what MINA does for it and may block, it does
 * on a thread of a pool, off the event loops, and holds up nobody else. What comes when the pool
 * has ended is dropped.
 */
final class Lane implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  private final Executor pool;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean running;
  private boolean here;

  Lane(Executor pool) {
    this.pool = pool;
  }

  /** Runs a task on a thread of the pool, behind all that came before. */
  @Override
  public synchronized void execute(Runnable task) {
    waiting.add(task);
    if (!running) {
      drainSoon();
    }
  }

  /** Runs a task on this very thread, which it must not block; behind others if there are any. */
  void executeHere(Runnable task) {
    if (!begin(task)) {
      return;
    }
    try {
      task.run();
    } finally {
      goOn();
    }
  }

  private synchronized boolean begin(Runnable task) {
    if (running) {
      waiting.add(task);
      return false;
    }
    running = true;
    here = true;
    return true;
  }

  private synchronized void goOn() {
    running = false;
    here = false;
    if (!waiting.isEmpty()) {
      drainSoon();
    }
  }

  /** For the task that runs: whether it may block, as it is on a thread of the pool. */
  synchronized boolean mayBlock() {
    return !here;
  }

  /** For the task that runs: whether nothing waits for its end. */
  synchronized boolean isLast() {
    return waiting.isEmpty();
  }

  private void drainSoon() {
    running = true;
    try {
      pool.execute(this::drain);
    } catch (RejectedExecutionException e) {
      LOG.trace("the server has ended, nothing counts any more", e);
      running = false;
      waiting.clear();
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
