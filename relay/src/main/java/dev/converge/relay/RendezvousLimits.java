package dev.converge.relay;

import java.time.Duration;

/**
 * How much may wait.
 *
 * @param slotsPerId waiting slots of one ID
 * @param slots waiting slots in all
 * @param clientsPerId waiting clients of one ID
 * @param clients waiting clients in all
 * @param ownership how long an ID stays its owner's after its last slot or bridge
 */
record RendezvousLimits(
    int slotsPerId, int slots, int clientsPerId, int clients, Duration ownership) {
  RendezvousLimits {
    Quantity.atLeastOne("slots per ID", slotsPerId);
    Quantity.atLeastOne("slots", slots);
    Quantity.atLeastOne("clients per ID", clientsPerId);
    Quantity.atLeastOne("clients", clients);
  }
}
