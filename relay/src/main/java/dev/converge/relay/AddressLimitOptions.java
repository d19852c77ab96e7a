package dev.converge.relay;

import dev.converge.cli.Flag;
import dev.converge.cli.Flags;
import dev.converge.cli.IntegerConverter;

/**
 * The options that keep one source address from taking a relay from the others. The defaults leave
 * room for a company whose jobs and developers all come from one address.
 */
final class AddressLimitOptions {
  private final Flag<Integer> connections;
  private final Flag<Integer> newConnections;
  private final Flag<Integer> slots;
  private final Flag<Integer> clients;
  private final Flag<Integer> bridges;

  AddressLimitOptions(Flags flags) {
    connections =
        count(
            flags,
            "--max-connections-per-address",
            "2000",
            "Open connections from one address, an IPv6 /64 counting as one (default:"
                + " {default}); 429 beyond.");
    newConnections =
        count(
            flags,
            "--max-new-connections-per-address",
            "50",
            "New connections a second from one address; ten seconds' worth at once (default:"
                + " {default}); 429 beyond, or cut at once.");
    slots =
        count(
            flags,
            "--max-slots-per-address",
            "1000",
            "Slots that agents at one address keep waiting (default: {default}); 429 beyond.");
    clients =
        count(
            flags,
            "--max-clients-per-address",
            "200",
            "Clients at one address that wait for an agent (default: {default}); 429 beyond.");
    bridges =
        count(
            flags,
            "--max-bridges-per-address",
            "500",
            "Sessions of clients at one address (default: {default}); 429 beyond.");
  }

  private static Flag<Integer> count(Flags flags, String name, String most, String help) {
    return flags.option(name, "N", new IntegerConverter(), help).orElse(most);
  }

  AddressLimits limits() {
    return new AddressLimits(
        connections.value(),
        newConnections.value(),
        slots.value(),
        clients.value(),
        bridges.value());
  }
}
