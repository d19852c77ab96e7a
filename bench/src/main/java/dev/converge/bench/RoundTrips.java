package dev.converge.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Sends one byte from the left to the right and back, again and again. */
final class RoundTrips {
  private static final int SCRATCH = 1024;

  private final Pair pair;
  private final ByteBuffer frame;
  private final ByteBuffer scratch;

  RoundTrips(Pair pair) {
    this.pair = pair;
    frame = Frames.binary(pair.left().wire(), 1);
    scratch = pair.left().wire().buffer(SCRATCH);
  }

  /** The time of each in nanoseconds; both ends are this thread's. */
  long[] times(int count) throws IOException {
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      once();
      times[i] = System.nanoTime() - start;
    }
    return times;
  }

  void once() throws IOException {
    move(pair.left(), pair.right());
    move(pair.right(), pair.left());
  }

  private void move(End from, End to) throws IOException {
    from.send(frame);
    to.receiveUntil(to.received() + 1, scratch);
  }
}
