package dev.converge.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A way to connect two ends: a program between them, or nothing. */
abstract class Route {
  private static final AtomicInteger NEXT_ID = new AtomicInteger();

  private final String name;
  private final @Nullable Program carrier;

  Route(String name, @Nullable Program carrier) {
    this.name = name;
    this.carrier = carrier;
  }

  String name() {
    return name;
  }

  /** The program between the ends, if there is one. */
  @Nullable Program carrier() {
    return carrier;
  }

  double cpuSeconds() throws IOException {
    return carrier == null ? 0 : carrier.cpuSeconds();
  }

  /**
   * Connects a new pair; all its work is done by this thread.
   *
   * @param lane a number that no other thread uses at the same time
   */
  abstract Pair open(int lane) throws IOException;

  List<Pair> open(int count, int lane) throws IOException {
    List<Pair> pairs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      pairs.add(open(lane));
    }
    return pairs;
  }

  static int nextId() {
    return NEXT_ID.incrementAndGet();
  }
}
