package dev.converge.relay;

import dev.converge.tunnel.Protocol;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options that keep one user of a relay from taking it from the others. */
final class LimitOptions {
  private static final Duration CLOSE = Duration.ofSeconds(5);
  private static final Duration OWNERSHIP = Duration.ofSeconds(30);

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Open connections in all (default: ${DEFAULT-VALUE}); 503 beyond.")
  private int connections;

  @Option(
      names = "--max-new-connections",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "New connections a second, in all; ten seconds' worth at once (default:"
              + " ${DEFAULT-VALUE}); 503 beyond, or cut at once.")
  private int newConnections;

  @Option(
      names = "--max-slots",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Slots that agents keep waiting, in all (default: ${DEFAULT-VALUE}).")
  private int slots;

  @Option(
      names = "--max-slots-per-id",
      paramLabel = "N",
      defaultValue = "8",
      description = "Slots that wait for one ID (default: ${DEFAULT-VALUE}); 429 beyond.")
  private int slotsPerId;

  @Option(
      names = "--max-clients",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Clients that wait for an agent, in all (default: ${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--max-clients-per-id",
      paramLabel = "N",
      defaultValue = "64",
      description = "Clients that wait for one ID (default: ${DEFAULT-VALUE}); 429 beyond.")
  private int clientsPerId;

  @Option(
      names = "--max-bridges",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Sessions that are carried, in all (default: ${DEFAULT-VALUE}); 503 beyond.")
  private int bridges;

  @Option(
      names = "--max-header-bytes",
      paramLabel = "BYTES",
      defaultValue = "8192",
      description =
          "Size of a request line, and of all headers of a request (default: ${DEFAULT-VALUE}).")
  private int headerBytes;

  @Option(
      names = "--max-message-bytes",
      paramLabel = "BYTES",
      defaultValue = "" + Protocol.MAX_FRAME,
      description =
          "Size of one WebSocket frame (default: ${DEFAULT-VALUE}); close code 1009 beyond.")
  private int messageBytes;

  @Option(
      names = "--handshake-timeout",
      paramLabel = "DURATION",
      defaultValue = "PT10S",
      description =
          "How long a connection may take for a whole request (default: ${DEFAULT-VALUE}).")
  private Duration handshake = Duration.ZERO;

  RelayLimits relay() {
    return new RelayLimits(
        connections, headerBytes, messageBytes, handshake, CLOSE, Protocol.PING_INTERVAL);
  }

  VisitorLimits visitors(AddressLimits address) {
    return new VisitorLimits(address, newConnections, bridges);
  }

  RendezvousLimits rendezvous() {
    return new RendezvousLimits(slotsPerId, slots, clientsPerId, clients, OWNERSHIP);
  }
}
