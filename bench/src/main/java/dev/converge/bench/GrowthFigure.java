package dev.converge.bench;

import java.util.List;
import java.util.Locale;

/** Whether a byte costs more CPU time when many pairs carry bytes at once. */
final class GrowthFigure implements Figure {
  static final String PLOT = "growth";

  private static final List<Integer> PAIRS = List.of(10, 100, 1000);
  private static final String ONE_PAIR = "itself with 1 pair";
  private static final int WRITE = 16 * 1024;

  /** So many that the first buffers of 1,000 pairs have little part in it. */
  private static final long BYTES = 5_000_000_000L;

  @Override
  public String name() {
    return "growth";
  }

  @Override
  public String purpose() {
    return "CPU seconds for each GB with 1 to 1,000 pairs";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    List<Route> routes =
        List.of(
            RelayProgram.route(bench.scene(), bench.settings(), null), bench.peers().haproxy(null));
    bench.rounds(routes, (route, counts) -> run(bench, route, counts));
  }

  private void run(Bench bench, Route route, boolean counts) throws Exception {
    double one = cost(bench, route, 1, counts);
    for (int pairs : PAIRS) {
      double many = cost(bench, route, pairs, counts);
      if (counts) {
        bench.results().add(row(pairs), route.name(), many);
        if (route.name().equals(Row.OURS)) {
          bench.results().add(row(pairs), ONE_PAIR, one);
        }
      }
    }
  }

  private Row row(int pairs) {
    String what = String.format(Locale.ROOT, "%,d pairs at once, 16 KiB writes", pairs);
    return new Row(name(), what, "CPU s/GB", ONE_PAIR, Goal.ratioAtMost(1.2));
  }

  private static double cost(Bench bench, Route route, int pairs, boolean counts) throws Exception {
    Transfer transfer = new Transfer(WRITE, bench.settings().amount(BYTES), false);
    List<Pair> open = route.open(pairs, 0);
    double before = route.cpuSeconds();
    transfer.seconds(open);
    double cost = (route.cpuSeconds() - before) / transfer.gigabytes(pairs);
    Pair.closeAll(open);
    if (counts) {
      bench.results().point(PLOT, route.name(), pairs, cost);
    }
    return cost;
  }
}
