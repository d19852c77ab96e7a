package dev.converge.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends a pong on each idle connection as often as a relay asks for one. It does not wait to be
 * asked: that would take a thread for each of thousands of connections.
 */
final class KeepAlive implements AutoCloseable {
  private static final int INTERVAL_SECONDS = 20;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Workers::daemon);
  private final List<List<Pair>> idle = new CopyOnWriteArrayList<>();

  private volatile @Nullable IOException failure;

  KeepAlive() {
    timer.scheduleAtFixedRate(this::beat, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
  }

  void add(List<Pair> pairs) {
    idle.add(pairs);
  }

  private void beat() {
    try {
      for (List<Pair> pairs : idle) {
        for (Pair pair : pairs) {
          ByteBuffer pong = Frames.pong(pair.left().wire());
          pair.left().send(pong);
          pair.right().send(pong);
        }
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  /**
   * Makes sure that what was measured was there.
   *
   * @throws IOException if a connection is gone
   */
  void check() throws IOException {
    IOException lost = failure;
    if (lost != null) {
      throw new IOException("an idle connection is gone: " + lost.getMessage(), lost);
    }
  }

  /** Lets the beat end that goes on: a thread that is interrupted would close its connection. */
  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(INTERVAL_SECONDS, TimeUnit.SECONDS)) {
        timer.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
