package dev.converge.bench;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** The round trip of a byte, alone and beside a bulk transfer through the same program. */
final class LatencyFigure implements Figure {
  /** So many that chance has little part in the slowest hundredth: that takes about a second. */
  private static final int TRIPS = 10_000;

  private static final int BESIDE_BULK = 20_000;

  /** So many come before the rounds beside bulk: the JVM compiles the relay's way of bulk then. */
  private static final int WARM_UP = 40_000;

  private static final int WRITE = 64 * 1024;
  private static final double MICRO = 1e3;

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public String purpose() {
    return "the round trip of a byte through the relay, idle and beside bulk";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    List<Route> routes =
        List.of(
            RelayProgram.route(bench.scene(), bench.settings(), null),
            bench.peers().haproxy(null),
            bench.peers().direct());
    bench.rounds(
        routes,
        (route, counts) -> {
          long[] times = idle(route, bench.settings().amount(TRIPS));
          tell(bench, route, counts, "round trip of a byte, idle", 1.0, times);
        });
    for (Route route : routes) {
      besideBulk(route, bench.settings().amount(WARM_UP));
    }
    bench.rounds(
        routes,
        (route, counts) -> {
          long[] times = besideBulk(route, bench.settings().amount(BESIDE_BULK));
          tell(bench, route, counts, "round trip of a byte beside bulk", 1.2, times);
        });
  }

  private void tell(
      Bench bench, Route route, boolean counts, String what, double goal, long[] times) {
    if (counts) {
      add(bench, route, what + ", p50", goal, Statistics.percentile(times, 0.5));
      add(bench, route, what + ", p99", goal, Statistics.percentile(times, 0.99));
    }
  }

  private void add(Bench bench, Route route, String what, double goal, double nanos) {
    Row row = new Row(name(), what, "us", Peers.HAPROXY, Goal.ratioAtMost(goal));
    bench.results().add(row, route.name(), nanos / MICRO);
  }

  private static long[] idle(Route route, int count) throws Exception {
    try (Pair pair = route.open(0)) {
      return times(pair, count);
    }
  }

  private static long[] times(Pair pair, int count) throws Exception {
    RoundTrips trips = new RoundTrips(pair);
    trips.times(count / 5);
    return trips.times(count);
  }

  private static long[] besideBulk(Route route, int count) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (Pair bulk = route.open(0);
        Pair pair = route.open(0)) {
      Transfer part = new Transfer(WRITE, 64L * WRITE, false);
      Callable<long[]> carry =
          () -> {
            while (!over.get()) {
              part.seconds(List.of(bulk));
            }
            return new long[0];
          };
      Callable<long[]> measure =
          () -> {
            try {
              return times(pair, count);
            } finally {
              over.set(true);
            }
          };
      return Workers.all(List.of(carry, measure)).stream()
          .filter(times -> times.length > 0)
          .findFirst()
          .orElseThrow();
    }
  }
}
