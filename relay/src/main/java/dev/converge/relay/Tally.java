package dev.converge.relay;

import dev.converge.relay.Visitor.Phase;
import java.util.EnumMap;
import java.util.Map;

/** What one address has; guarded by its {@link Visitors}. */
final class Tally {
  final Network network;
  final TokenBucket arrivals;
  int connections;

  /** When the last connection was closed, in nanoseconds. */
  long leftAt;

  private final Map<Phase, Integer> phases = new EnumMap<>(Phase.class);

  Tally(Network network, TokenBucket arrivals) {
    this.network = network;
    this.arrivals = arrivals;
  }

  int count(Phase phase) {
    return phases.getOrDefault(phase, 0);
  }

  void add(Phase phase, int count) {
    phases.merge(phase, count, Integer::sum);
  }
}
