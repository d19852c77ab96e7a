package dev.converge.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Carries bytes over pairs as fast as they take them.
 *
 * @param writeSize payload of one frame, which is one write
 * @param bytes in each direction, all pairs together
 */
record Transfer(int writeSize, long bytes, boolean bothWays) {
  /** More pairs than this share threads. */
  private static final int THREADS = 50;

  private static final int READ_SIZE = 128 * 1024;
  private static final double GIGA = 1e9;

  /** Bytes carried, both directions together, in GB. */
  double gigabytes(int pairs) {
    return (bothWays ? 2 : 1) * (double) frames(pairs) * writeSize * pairs / GIGA;
  }

  private long frames(int pairs) {
    return Math.max(1, bytes / pairs / writeSize);
  }

  /** How long that takes, in seconds. */
  double seconds(List<Pair> pairs) throws Exception {
    long frames = frames(pairs.size());
    List<Callable<Void>> tasks = new ArrayList<>();
    int groups = Math.min(THREADS, pairs.size());
    for (int group = 0; group < groups; group++) {
      List<Pair> some = part(pairs, group, groups);
      List<End> left = some.stream().map(Pair::left).toList();
      List<End> right = some.stream().map(Pair::right).toList();
      // The agent sends: most bytes of most sessions come from there.
      tasks.add(sender(right, frames));
      tasks.add(receiver(left, frames));
      if (bothWays) {
        tasks.add(sender(left, frames));
        tasks.add(receiver(right, frames));
      }
    }
    long start = System.nanoTime();
    Workers.all(tasks);
    return (System.nanoTime() - start) / GIGA;
  }

  private static List<Pair> part(List<Pair> pairs, int group, int groups) {
    return pairs.subList(pairs.size() * group / groups, pairs.size() * (group + 1) / groups);
  }

  private Callable<Void> sender(List<End> ends, long frames) {
    return () -> {
      ByteBuffer frame = Frames.binary(ends.get(0).wire(), writeSize);
      for (long i = 0; i < frames; i++) {
        for (End end : ends) {
          end.send(frame);
        }
      }
      return null;
    };
  }

  /**
   * Takes from the ends in the order in which they are sent to, so that nobody waits for nobody.
   */
  private Callable<Void> receiver(List<End> ends, long frames) {
    long[] before = ends.stream().mapToLong(End::received).toArray();
    return () -> {
      ByteBuffer scratch = ends.get(0).wire().buffer(READ_SIZE);
      for (long i = 1; i <= frames; i++) {
        receive(ends, before, i * writeSize, scratch);
      }
      return null;
    };
  }

  private static void receive(List<End> ends, long[] before, long more, ByteBuffer scratch)
      throws IOException {
    for (int i = 0; i < before.length; i++) {
      ends.get(i).receiveUntil(before[i] + more, scratch);
    }
  }
}
