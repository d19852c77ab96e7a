package dev.converge.relay;

import picocli.CommandLine.Option;

/**
 * The options that keep one source address from taking a relay from the others. The defaults leave
 * room for a company whose jobs and developers all come from one address.
 */
final class AddressLimitOptions {
  @Option(
      names = "--max-connections-per-address",
      paramLabel = "N",
      defaultValue = "2000",
      description =
          "Open connections from one address, an IPv6 /64 counting as one (default:"
              + " ${DEFAULT-VALUE}); 429 beyond.")
  private int connections;

  @Option(
      names = "--max-new-connections-per-address",
      paramLabel = "N",
      defaultValue = "50",
      description =
          "New connections a second from one address; ten seconds' worth at once (default:"
              + " ${DEFAULT-VALUE}); 429 beyond, or cut at once.")
  private int newConnections;

  @Option(
      names = "--max-slots-per-address",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Slots that agents at one address keep waiting (default: ${DEFAULT-VALUE}); 429 beyond.")
  private int slots;

  @Option(
      names = "--max-clients-per-address",
      paramLabel = "N",
      defaultValue = "200",
      description =
          "Clients at one address that wait for an agent (default: ${DEFAULT-VALUE}); 429 beyond.")
  private int clients;

  @Option(
      names = "--max-bridges-per-address",
      paramLabel = "N",
      defaultValue = "500",
      description = "Sessions of clients at one address (default: ${DEFAULT-VALUE}); 429 beyond.")
  private int bridges;

  AddressLimits limits() {
    return new AddressLimits(connections, newConnections, slots, clients, bridges);
  }
}
