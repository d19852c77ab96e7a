package dev.converge.relay;

import dev.converge.cli.DurationConverter;
import dev.converge.cli.Flag;
import dev.converge.cli.Flags;
import dev.converge.cli.IntegerConverter;
import dev.converge.tunnel.Protocol;
import java.time.Duration;

/** The options that keep one user of a relay from taking it from the others. */
final class LimitOptions {
  private static final Duration CLOSE = Duration.ofSeconds(5);
  private static final Duration OWNERSHIP = Duration.ofSeconds(30);

  private final Flag<Integer> connections;
  private final Flag<Integer> newConnections;
  private final Flag<Integer> slots;
  private final Flag<Integer> slotsPerId;
  private final Flag<Integer> clients;
  private final Flag<Integer> clientsPerId;
  private final Flag<Integer> bridges;
  private final Flag<Integer> headerBytes;
  private final Flag<Integer> messageBytes;
  private final Flag<Duration> handshake;

  LimitOptions(Flags flags) {
    connections =
        count(
            flags,
            "--max-connections",
            "20000",
            "Open connections in all (default: {default}); 503 beyond.");
    newConnections =
        count(
            flags,
            "--max-new-connections",
            "1000",
            "New connections a second, in all; ten seconds' worth at once (default:"
                + " {default}); 503 beyond, or cut at once.");
    slots =
        count(
            flags,
            "--max-slots",
            "5000",
            "Slots that agents keep waiting, in all (default: {default}).");
    slotsPerId =
        count(
            flags,
            "--max-slots-per-id",
            "8",
            "Slots that wait for one ID (default: {default}); 429 beyond.");
    clients =
        count(
            flags,
            "--max-clients",
            "2000",
            "Clients that wait for an agent, in all (default: {default}).");
    clientsPerId =
        count(
            flags,
            "--max-clients-per-id",
            "64",
            "Clients that wait for one ID (default: {default}); 429 beyond.");
    bridges =
        count(
            flags,
            "--max-bridges",
            "5000",
            "Sessions that are carried, in all (default: {default}); 503 beyond.");
    headerBytes =
        flags
            .option(
                "--max-header-bytes",
                "BYTES",
                new IntegerConverter(),
                "Size of a request line, and of all headers of a request (default: {default}).")
            .orElse("8192");
    messageBytes =
        flags
            .option(
                "--max-message-bytes",
                "BYTES",
                new IntegerConverter(),
                "Size of one WebSocket frame (default: {default}); close code 1009 beyond.")
            .orElse("" + Protocol.MAX_FRAME);
    handshake =
        flags
            .option(
                "--handshake-timeout",
                "DURATION",
                new DurationConverter(),
                "How long a connection may take for a whole request (default: {default}).")
            .orElse("PT10S");
  }

  private static Flag<Integer> count(Flags flags, String name, String most, String help) {
    return flags.option(name, "N", new IntegerConverter(), help).orElse(most);
  }

  RelayLimits relay() {
    return new RelayLimits(
        connections.value(),
        headerBytes.value(),
        messageBytes.value(),
        handshake.value(),
        CLOSE,
        Protocol.PING_INTERVAL);
  }

  VisitorLimits visitors(AddressLimits address) {
    return new VisitorLimits(address, newConnections.value(), bridges.value());
  }

  RendezvousLimits rendezvous() {
    return new RendezvousLimits(
        slotsPerId.value(), slots.value(), clientsPerId.value(), clients.value(), OWNERSHIP);
  }
}
