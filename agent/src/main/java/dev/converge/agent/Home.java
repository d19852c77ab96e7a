package dev.converge.agent;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop to which a stream's state is confined. Once that has ended the link is closed, and
 * nothing that comes counts any more.
 */
record Home(EventLoop loop) {
  private static final Logger LOG = LoggerFactory.getLogger(Home.class);

  /** Runs a task there, at once if we are there. */
  void run(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      later(task);
    }
  }

  /** Runs a task there behind all that waits already. */
  void later(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.trace("the link is closed", e);
    }
  }
}
