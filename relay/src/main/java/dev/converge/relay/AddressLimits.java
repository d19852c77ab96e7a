package dev.converge.relay;

/**
 * How much one address may have; see {@link Network} for what an address is.
 *
 * @param connections open connections
 * @param newConnections new connections a second, for which there is a burst
 * @param slots waiting slots
 * @param clients waiting clients
 * @param bridges bridges whose client comes from there
 */
record AddressLimits(int connections, int newConnections, int slots, int clients, int bridges) {
  AddressLimits {
    Quantity.atLeastOne("connections per address", connections);
    Quantity.atLeastOne("new connections per address", newConnections);
    Quantity.atLeastOne("slots per address", slots);
    Quantity.atLeastOne("clients per address", clients);
    Quantity.atLeastOne("bridges per address", bridges);
  }
}
