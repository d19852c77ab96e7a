package dev.converge.relay;

import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Numbers about this relay under the names that Prometheus would show them by. From any thread. */
final class Metrics {
  private final Map<String, LongSupplier> numbers = new ConcurrentHashMap<>();
  private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);
  private final LongAdder ratePauses = counter("converge_rate_pauses_total");
  private final LongAdder expiredBridges = counter("converge_bridges_expired_total");

  Metrics() {
    for (Refusal refusal : Refusal.values()) {
      refused.put(refusal, counter("converge_refused_total{reason=\"" + refusal.label() + "\"}"));
    }
  }

  private LongAdder counter(String name) {
    var counter = new LongAdder();
    numbers.put(name, counter::sum);
    return counter;
  }

  /** Adds a number that goes up and down. */
  void gauge(String name, LongSupplier number) {
    numbers.put(name, number);
  }

  /** Somebody was refused. */
  void refused(Refusal why) {
    LongAdder counter = refused.get(why);
    if (counter != null) {
      counter.increment();
    }
  }

  /** One side of a bridge was not read for a while, as it was too fast. */
  void ratePaused() {
    ratePauses.increment();
  }

  /** A bridge was ended as it was too old. */
  void bridgeExpired() {
    expiredBridges.increment();
  }

  /** All numbers as they are now, by their names. */
  SortedMap<String, Long> read() {
    var now = new TreeMap<String, Long>();
    numbers.forEach((name, number) -> now.put(name, number.getAsLong()));
    return now;
  }

  /** The numbers that are not zero, in one line. */
  String summary() {
    var all = read();
    all.values().removeIf(number -> number == 0);
    return all.toString();
  }
}
