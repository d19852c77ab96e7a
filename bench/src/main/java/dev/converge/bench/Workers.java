package dev.converge.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads that do the parts of one measurement. */
final class Workers {
  private static final int LIMIT_SECONDS = 120;

  private Workers() {}

  /**
   * Does all tasks at once; the results come in the order in which they were done.
   *
   * @throws Exception that of the first task that failed, or if nothing happens
   */
  static <T> List<T> all(List<? extends Callable<T>> tasks) throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool(Workers::daemon);
    try {
      CompletionService<T> ends = new ExecutorCompletionService<>(threads);
      tasks.forEach(ends::submit);
      List<T> results = new ArrayList<>(tasks.size());
      while (results.size() < tasks.size()) {
        results.add(next(ends));
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      threads.shutdownNow();
    }
  }

  private static <T> T next(CompletionService<T> ends) throws Exception {
    Future<T> next = ends.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new TimeoutException("nothing was done for " + LIMIT_SECONDS + " s");
    }
    return next.get();
  }

  static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "bench");
    thread.setDaemon(true);
    return thread;
  }
}
