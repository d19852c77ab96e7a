package dev.converge.relay;

import dev.converge.relay.Visitor.Phase;

/** What one address has; guarded by its {@link Visitors}. */
@SuppressWarnings("EnumOrdinal") // a map would box each count
final class Tally {
  final Network network;
  final TokenBucket arrivals;
  int connections;

  /** When the last connection was closed, in nanoseconds. */
  long leftAt;

  private final int[] counts = new int[Phase.values().length];

  Tally(Network network, TokenBucket arrivals) {
    this.network = network;
    this.arrivals = arrivals;
  }

  int count(Phase phase) {
    return counts[phase.ordinal()];
  }

  void add(Phase phase, int count) {
    counts[phase.ordinal()] += count;
  }
}
