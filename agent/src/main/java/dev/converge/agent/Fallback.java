package dev.converge.agent;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Terminals, and line mode where none can be made; the log hears of that once. */
final class Fallback implements Starter {
  private static final Logger LOG = LoggerFactory.getLogger(Fallback.class);

  private final Starter terminals;
  private final Starter lines;
  private final AtomicBoolean told = new AtomicBoolean();

  Fallback(Starter terminals, Starter lines) {
    this.terminals = terminals;
    this.lines = lines;
  }

  @Override
  public Child start(Launch launch) throws IOException {
    try {
      return terminals.start(launch);
    } catch (IOException | RuntimeException | LinkageError e) {
      // If it is the program that does not start, this says so.
      Child child = lines.start(launch);
      if (!told.getAndSet(true)) {
        LOG.warn("no pseudo-terminal on this machine, shells are in line mode: {}", cause(e));
      }
      return child;
    }
  }

  /** The libraries wrap what went wrong several times. */
  private static String cause(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString().lines().findFirst().orElse("");
  }
}
