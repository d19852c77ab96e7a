package dev.converge.tunnel;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;

/**
 * The sockets of one connection.
 *
 * @param raw the TCP connection
 * @param top what is layered on it (TLS), or {@code raw} itself
 */
record Wire(Socket raw, Socket top) {
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  /** Runs a step of the farewell, which the deadline cuts short if the peer does not play along. */
  void bounded(Farewell step) {
    Deadline deadline = Deadline.start(FAREWELL, this::abort);
    try (deadline) {
      step.run();
    } catch (IOException e) {
      // The connection is ending: nothing is left to be saved.
    }
  }

  /** Closes when the peer has closed, so that the last that was written is not lost in a reset. */
  void closeAfterPeer() {
    bounded(
        () -> {
          top.shutdownOutput();
          top.getInputStream().transferTo(OutputStream.nullOutputStream());
        });
    abort();
  }

  void close() {
    if (top != raw) {
      bounded(top::close);
    }
    abort();
  }

  void abort() {
    try {
      raw.close();
    } catch (IOException e) {
      // Closed is what it was to be.
    }
  }

  /** One step of ending a connection. */
  @FunctionalInterface
  interface Farewell {
    void run() throws IOException;
  }
}
