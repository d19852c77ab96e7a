package dev.converge.tunnel;

import java.io.IOException;

/** The relay, or what stands before it, answered but did not upgrade; the message is one line. */
public final class RefusedException extends IOException {
  private final int status;

  RefusedException(int status, String line) {
    super(line);
    this.status = status;
  }

  /** The HTTP status of the answer. */
  public int status() {
    return status;
  }
}
