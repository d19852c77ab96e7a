package dev.converge.relay;

import dev.converge.relay.Visitor.Phase;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * All who are connected, by where they come from: keeps each address, and all together, within
 * their limits. Safe for use by many threads.
 *
 * <p>An address is remembered while it has connections, and for {@link #BURST} after. So as many
 * are known as there are connections, and new ones within that time, at most.
 */
final class Visitors {
  /** Whoever has been still for so long may open as many connections at once as in that time. */
  static final Duration BURST = Duration.ofSeconds(10);

  private static final int ANSWERS_PER_SECOND = 50;

  private final VisitorLimits limits;
  private final LongSupplier nanoTime;
  private final Metrics metrics;
  private final Map<Network, Tally> tallies = new HashMap<>();
  private final Deque<Departure> departures = new ArrayDeque<>();
  private final TokenBucket arrivals;
  private final TokenBucket answers;
  private int bridges;

  /** That the last connection of an address was closed at {@code at}. */
  private record Departure(Tally tally, long at) {}

  Visitors(VisitorLimits limits, LongSupplier nanoTime, Metrics metrics) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.metrics = metrics;
    long now = nanoTime.getAsLong();
    arrivals = new TokenBucket(limits.newConnections(), BURST, now);
    answers = new TokenBucket(ANSWERS_PER_SECOND, Duration.ofSeconds(2), now);
  }

  /**
   * Counts a new connection. An address that is refused costs the others nothing, and one that is
   * not known is not remembered if it is refused.
   *
   * @throws RefusedException if its address, or all together, have as many as they may
   */
  synchronized Visitor arrive(InetAddress address) throws RefusedException {
    long now = nanoTime.getAsLong();
    forgetDeparted(now);
    Network network = Network.of(address);
    Tally known = tallies.get(network);
    Tally tally =
        known != null
            ? known
            : new Tally(network, new TokenBucket(limits.address().newConnections(), BURST, now));
    admit(tally, now);
    tallies.put(network, tally);
    tally.connections++;
    tally.add(Phase.CONNECTED, 1);
    return new Visitor(this, tally);
  }

  private void admit(Tally tally, long now) throws RefusedException {
    int most = limits.address().connections();
    if (tally.connections >= most) {
      throw new RefusedException(
          Refusal.CONNECTIONS_PER_ADDRESS,
          "your address has " + most + " connections to this relay already; try again later");
    }
    if (!tally.arrivals.take(now)) {
      throw new RefusedException(
          Refusal.NEW_CONNECTIONS_PER_ADDRESS,
          "your address opens more than "
              + limits.address().newConnections()
              + " connections a second; try again later");
    }
    if (!arrivals.take(now)) {
      throw new RefusedException(
          Refusal.NEW_CONNECTIONS,
          "this relay takes no more than "
              + limits.newConnections()
              + " connections a second; try again later");
    }
  }

  synchronized void change(Visitor visitor, Phase next) throws RefusedException {
    if (visitor.phase() != Phase.GONE) {
      check(visitor.tally(), next);
      enter(visitor, next);
    }
  }

  private void check(Tally tally, Phase next) throws RefusedException {
    AddressLimits most = limits.address();
    switch (next) {
      case SLOT -> check(tally, next, most.slots(), Refusal.SLOTS_PER_ADDRESS, "slots waiting at");
      case CLIENT ->
          check(tally, next, most.clients(), Refusal.CLIENTS_PER_ADDRESS, "clients waiting at");
      case BRIDGE -> {
        check(tally, next, most.bridges(), Refusal.BRIDGES_PER_ADDRESS, "sessions at");
        if (bridges >= limits.bridges()) {
          throw new RefusedException(
              Refusal.BRIDGES,
              "this relay carries " + bridges + " sessions already, its most; try again later");
        }
      }
      default -> {}
    }
  }

  private static void check(Tally tally, Phase next, int most, Refusal refusal, String what)
      throws RefusedException {
    if (tally.count(next) >= most) {
      throw new RefusedException(
          refusal, "your address has " + most + " " + what + " this relay already");
    }
  }

  synchronized void rest(Visitor visitor) {
    if (visitor.phase() != Phase.GONE) {
      enter(visitor, Phase.CONNECTED);
    }
  }

  synchronized void leave(Visitor visitor) {
    if (visitor.phase() != Phase.GONE) {
      long now = nanoTime.getAsLong();
      enter(visitor, Phase.GONE);
      Tally tally = visitor.tally();
      if (--tally.connections == 0) {
        tally.leftAt = now;
        departures.addLast(new Departure(tally, now));
      }
      forgetDeparted(now);
    }
  }

  private void enter(Visitor visitor, Phase next) {
    visitor.tally().add(visitor.phase(), -1);
    visitor.tally().add(next, 1);
    bridges += (next == Phase.BRIDGE ? 1 : 0) - (visitor.phase() == Phase.BRIDGE ? 1 : 0);
    visitor.phase(next);
  }

  /** Forgets the addresses that have been gone for so long that nothing counts against them. */
  private void forgetDeparted(long now) {
    long deadline = now - BURST.toNanos();
    while (!departures.isEmpty() && departures.getFirst().at() - deadline <= 0) {
      Departure departure = departures.removeFirst();
      Tally tally = departure.tally();
      if (tally.connections == 0 && tally.leftAt == departure.at()) {
        tallies.remove(tally.network, tally);
      }
    }
  }

  /**
   * Whether one who was refused on arrival may stay to be told so. In a flood only some may: all
   * others are cut at once, which is all that they cost.
   */
  synchronized boolean mayBeAnswered() {
    return answers.take(nanoTime.getAsLong());
  }

  void refused(RefusedException refused) {
    metrics.refused(refused.refusal());
  }

  /** How many bridges there are. */
  synchronized int bridges() {
    return bridges;
  }

  /** How many addresses are remembered. */
  synchronized int addresses() {
    forgetDeparted(nanoTime.getAsLong());
    return tallies.size();
  }
}
