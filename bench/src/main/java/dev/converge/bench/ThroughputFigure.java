package dev.converge.bench;

import java.util.ArrayList;
import java.util.List;

/** What the relay carries a second, and what CPU time that costs. */
final class ThroughputFigure implements Figure {
  private static final String CPU = "CPU s/GB";
  private static final int LARGE = 64 * 1024;
  private static final int SMALL = 16 * 1024;
  private static final int MANY = 50;
  private static final long BYTES = 2_000_000_000;

  /** Python is slow: less of it says the same. */
  private static final int WEBSOCKIFY_PART = 20;

  private final String name;
  private final boolean tls;
  private final double goal;

  private ThroughputFigure(String name, boolean tls, double goal) {
    this.name = name;
    this.tls = tls;
    this.goal = goal;
  }

  static ThroughputFigure plain() {
    return new ThroughputFigure("throughput", false, 1.0);
  }

  static ThroughputFigure tls() {
    return new ThroughputFigure("tls", true, 0.9);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String purpose() {
    return tls ? "the same with TLS on both sides" : "GB/s and CPU time of the relay, plain";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    List<Route> both = new ArrayList<>();
    both.add(RelayProgram.route(bench.scene(), bench.settings(), tls ? bench.certificate() : null));
    both.add(bench.peers().haproxy(tls ? bench.certificate() : null));
    List<Route> all = new ArrayList<>(both);
    if (!tls) {
      all.addAll(List.of(bench.peers().socat(), bench.peers().direct()));
    }
    measure(bench, all, "1 pair, one way, 64 KiB writes", 1, LARGE, false);
    measure(bench, all, "1 pair, one way, 16 KiB writes", 1, SMALL, false);
    measure(bench, both, "1 pair, both ways, 64 KiB writes", 1, LARGE, true);
    measure(bench, both, "50 pairs, one way, 64 KiB writes", MANY, LARGE, false);
    measure(bench, both, "50 pairs, both ways, 64 KiB writes", MANY, LARGE, true);
    if (!tls) {
      measureWebsockify(bench);
    }
  }

  private void measure(
      Bench bench, List<Route> routes, String what, int pairs, int size, boolean bothWays)
      throws Exception {
    long bytes = bench.settings().amount(BYTES / (tls ? 2 : 1) / (bothWays ? 2 : 1));
    Transfer transfer = new Transfer(size, bytes, bothWays);
    String name = tls ? "TLS, " + what : what;
    bench.rounds(routes, (route, counts) -> run(bench, route, counts, name, transfer, pairs));
  }

  private void run(
      Bench bench, Route route, boolean counts, String what, Transfer transfer, int pairs)
      throws Exception {
    List<Pair> open = route.open(pairs, 0);
    double before = route.cpuSeconds();
    double seconds = transfer.seconds(open);
    double cpu = route.cpuSeconds() - before;
    Pair.closeAll(open);
    if (!counts) {
      return;
    }
    double gigabytes = transfer.gigabytes(pairs);
    Row speed = new Row(name, what, "GB/s", Peers.HAPROXY, Goal.ratioAtLeast(goal));
    bench.results().add(speed, route.name(), gigabytes / seconds);
    if (route.name().equals(Row.OURS) || route.name().equals(Peers.HAPROXY)) {
      Goal limit = !tls && pairs == 1 ? Goal.ratioAtMost(1.3) : Goal.NONE;
      bench
          .results()
          .add(new Row(name, what, CPU, Peers.HAPROXY, limit), route.name(), cpu / gigabytes);
    }
  }

  private void measureWebsockify(Bench bench) throws Exception {
    // From the left, the side of WebSockets, to bare TCP on the right.
    Route route = bench.peers().websockify();
    long bytes = bench.settings().amount(BYTES / WEBSOCKIFY_PART);
    Transfer transfer = new Transfer(LARGE, bytes, false);
    Row row = Row.info(name, "for information: websockify, client to server", "GB/s", "");
    for (int round = 0; round < bench.settings().rounds(); round++) {
      try (Pair pair = route.open(0)) {
        double seconds = transfer.seconds(List.of(pair.turned()));
        bench.results().add(row, Peers.WEBSOCKIFY, transfer.gigabytes(1) / seconds);
      }
    }
  }
}
