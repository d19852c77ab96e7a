package dev.converge.bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * Two ends that something connects.
 *
 * @param left the one that asked for the connection; for Converge the client
 */
record Pair(End left, End right) implements Closeable {
  /** The same pair from the other side. */
  @SuppressWarnings("ArgumentSelectionDefectChecker") // it is what this is for
  Pair turned() {
    return new Pair(right, left);
  }

  @Override
  public void close() throws IOException {
    left.close();
    right.close();
  }

  static void closeAll(List<Pair> pairs) throws IOException {
    for (Pair pair : pairs) {
      pair.close();
    }
  }
}
