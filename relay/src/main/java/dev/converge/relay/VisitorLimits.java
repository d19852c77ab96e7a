package dev.converge.relay;

/**
 * How much each address and all together may have.
 *
 * @param newConnections new connections a second in all, for which there is a burst
 * @param bridges bridges in all
 */
record VisitorLimits(AddressLimits address, int newConnections, int bridges) {
  VisitorLimits {
    Quantity.atLeastOne("new connections", newConnections);
    Quantity.atLeastOne("bridges", bridges);
  }
}
