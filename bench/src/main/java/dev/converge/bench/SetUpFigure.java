package dev.converge.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;

/** How many pairs come about in a second: connected, upgraded, one byte there and back, closed. */
final class SetUpFigure implements Figure {
  private static final int LANES = 32;
  private static final int SEQUENTIAL = 3_000;
  private static final int TOGETHER = 6_400;

  /** So many come before the rounds: while the JVM compiles the relay, that takes half its time. */
  private static final int WARM_UP = 32_000;

  private static final double MILLI = 1e6;

  @Override
  public String name() {
    return "setup";
  }

  @Override
  public String purpose() {
    return "pairs set up a second, one after another and 32 at a time";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    List<Route> routes =
        List.of(
            RelayProgram.route(bench.scene(), bench.settings(), null), bench.peers().nginx(LANES));
    int one = bench.settings().amount(SEQUENTIAL);
    int many = bench.settings().amount(TOGETHER);
    for (Route route : routes) {
      pairs(route, LANES, bench.settings().amount(WARM_UP));
    }
    bench.rounds(routes, (route, counts) -> run(bench, route, counts, 1, one, "one at a time"));
    bench.rounds(routes, (route, counts) -> run(bench, route, counts, LANES, many, "32 at a time"));
  }

  private void run(Bench bench, Route route, boolean counts, int lanes, int count, String how)
      throws Exception {
    double cpuBefore = route.cpuSeconds();
    long start = System.nanoTime();
    long[] times = pairs(route, lanes, count);
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpu = route.cpuSeconds() - cpuBefore;
    if (counts) {
      Row rate = new Row(name(), "pairs set up, " + how, "1/s", Peers.NGINX, Goal.ratioAtLeast(1));
      bench.results().add(rate, route.name(), times.length / seconds);
      Row p99 =
          new Row(name(), "pair set up, " + how + ", p99", "ms", Peers.NGINX, Goal.ratioAtMost(1));
      bench.results().add(p99, route.name(), Statistics.percentile(times, 0.99) / MILLI);
      Row each = Row.info(name(), "CPU time of a pair, " + how, "ms", Peers.NGINX);
      bench.results().add(each, route.name(), cpu * 1e3 / times.length);
    }
  }

  /** The time of each, in nanoseconds. */
  private static long[] pairs(Route route, int lanes, int count) throws Exception {
    List<Callable<long[]>> tasks = new ArrayList<>();
    for (int i = 0; i < lanes; i++) {
      int lane = i;
      tasks.add(() -> setUp(route, lane, count / lanes));
    }
    return Workers.all(tasks).stream().flatMapToLong(LongStream::of).toArray();
  }

  private static long[] setUp(Route route, int lane, int count) throws Exception {
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      try (Pair pair = route.open(lane)) {
        new RoundTrips(pair).once();
        times[i] = System.nanoTime() - start;
      }
    }
    return times;
  }
}
