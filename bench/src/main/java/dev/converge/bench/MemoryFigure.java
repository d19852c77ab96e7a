package dev.converge.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an idle pair takes: resident memory and CPU time.
 *
 * <p>The relay's heap has a fixed size, all of it resident from the start. Its memory is what is
 * live in the heap behind a full collection, and all that is resident outside of the heap.
 */
final class MemoryFigure implements Figure {
  static final String PLOT = "memory";

  private static final List<Integer> PAIRS = List.of(500, 1000, 2000, 4000, 8000);
  private static final int QUICK_PAIRS = 1000;
  private static final int STEP = 250;
  private static final int WARM_UP = 1000;
  private static final int HEAP_MIB = 256;
  private static final String HEAP =
      "-Xms" + HEAP_MIB + "m -Xmx" + HEAP_MIB + "m -XX:+AlwaysPreTouch";

  /** One interval of pings. */
  private static final int IDLE_SECONDS = 20;

  private static final int SETTLING_MILLIS = 1000;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String purpose() {
    return "memory of an idle pair, 500 to 8,000 of them, and CPU while they idle";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    int most = bench.settings().quick() ? QUICK_PAIRS : Descriptors.pairs();
    List<Integer> sizes = PAIRS.stream().filter(size -> size <= most).toList();
    if (sizes.size() < PAIRS.size()) {
      bench.results().remark("memory: at most " + most + " pairs (quick, or ulimit -n)");
    }
    for (int round = 0; round < bench.settings().rounds(); round++) {
      idle(bench, relay(bench, null), "plain", sizes);
      idle(bench, bench.peers().haproxy(null), "plain", sizes);
      idle(bench, bench.peers().nginx(1), "plain", sizes);
      idle(bench, relay(bench, bench.certificate()), "TLS", sizes);
      idle(bench, bench.peers().haproxy(bench.certificate()), "TLS", sizes);
    }
  }

  private static Route relay(Bench bench, @Nullable Certificate certificate) throws Exception {
    RelayProgram relay =
        RelayProgram.start(
            bench.scene(), bench.settings(), List.of(), "127.0.0.1", HEAP, certificate);
    return new RelayRoute(relay.program(), relay.port(), certificate);
  }

  private void idle(Bench bench, Route route, String how, List<Integer> sizes) throws Exception {
    bench.progress(route.name() + ", " + how + ", up to " + sizes.get(sizes.size() - 1) + " pairs");
    List<Pair> pairs = new ArrayList<>();
    try (KeepAlive alive = new KeepAlive()) {
      warm(route);
      long none = usedKib(route);
      for (int size : sizes) {
        while (pairs.size() < size) {
          List<Pair> some = route.open(STEP, 0);
          pairs.addAll(some);
          if (isOurs(route)) {
            alive.add(some);
          }
        }
        tell(bench, route, how, size, (double) (usedKib(route) - none) / size);
      }
      tellIdle(bench, route, how, pairs.size());
      alive.check();
    } finally {
      Pair.closeAll(pairs);
      if (route.carrier() != null) {
        bench.scene().end(route.carrier());
      }
    }
  }

  /** What a program takes when it is first used is not that of a pair. */
  private static void warm(Route route) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      route.open(0).close();
    }
  }

  private static boolean isOurs(Route route) {
    return route.name().equals(Row.OURS);
  }

  private static long usedKib(Route route) throws Exception {
    Program program = route.carrier();
    if (program == null) {
      return 0;
    }
    Thread.sleep(SETTLING_MILLIS);
    if (!isOurs(route)) {
      return program.residentKib();
    }
    long live = HeapInfo.liveKib(program.pid());
    return program.residentKib() - HEAP_MIB * 1024L + live;
  }

  private void tell(Bench bench, Route route, String how, int size, double kib) {
    boolean most = size == PAIRS.get(PAIRS.size() - 1);
    Goal goal = most && how.equals("plain") ? Goal.valueAtMost(9) : Goal.NONE;
    String what = String.format(Locale.ROOT, "memory of an idle pair, %s, %,d pairs", how, size);
    bench.results().add(new Row(name(), what, "KiB", Peers.HAPROXY, goal), route.name(), kib);
    bench.results().point(PLOT, route.name() + ", " + how, size, kib * size / 1024);
  }

  private void tellIdle(Bench bench, Route route, String how, int size) throws Exception {
    double before = route.cpuSeconds();
    long start = System.nanoTime();
    Thread.sleep(bench.settings().amount(IDLE_SECONDS * 1000));
    double seconds = (System.nanoTime() - start) / 1e9;
    double percent = (route.cpuSeconds() - before) / seconds * 100;
    String what = String.format(Locale.ROOT, "CPU of %,d idle pairs, %s", size, how);
    Row row = Row.info(name(), what, "% of a core", Peers.HAPROXY);
    bench.results().add(row, route.name(), percent);
  }
}
