package dev.converge.relay;

/** One connection, as it counts for the address that it comes from. From any thread. */
final class Visitor {
  /** What it counts as, besides as a connection. */
  enum Phase {
    CONNECTED,
    SLOT,
    CLIENT,
    BRIDGE,
    GONE
  }

  private final Visitors visitors;
  private final Tally tally;

  /** Guarded by the visitors. */
  private Phase phase = Phase.CONNECTED;

  Visitor(Visitors visitors, Tally tally) {
    this.visitors = visitors;
    this.tally = tally;
  }

  Tally tally() {
    return tally;
  }

  Phase phase() {
    return phase;
  }

  void phase(Phase next) {
    phase = next;
  }

  /**
   * Counts as something else from now on.
   *
   * @throws RefusedException if its address has as many of that as it may, or all have; it stays
   *     what it was
   */
  void become(Phase next) throws RefusedException {
    visitors.change(this, next);
  }

  /** Counts as nothing but a connection any more. */
  void rest() {
    visitors.rest(this);
  }

  /** Its connection is closed. */
  void leave() {
    visitors.leave(this);
  }

  /** Counts a refusal. */
  void refused(RefusedException refused) {
    visitors.refused(refused);
  }
}
