package dev.converge.tunnel;

import java.io.IOException;

/** The relay, or what stands before it, answered but did not upgrade; the message is one line. */
public final class RefusedException extends IOException {
  private final int status;
  private final int retryAfter;

  /**
   * @param retryAfter in seconds; 0 if nothing is said about it
   */
  RefusedException(int status, String line, int retryAfter) {
    super(line);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** The HTTP status of the answer. */
  public int status() {
    return status;
  }

  /** For how many seconds nobody should ask again. */
  int retryAfter() {
    return retryAfter;
  }
}
