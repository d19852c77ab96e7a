package dev.converge.cli;

import org.jspecify.annotations.Nullable;

/** A failure whose message is one line for the user: what was wrong and what to do. */
public final class Failure extends RuntimeException {
  public Failure(String message) {
    this(message, null);
  }

  public Failure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
