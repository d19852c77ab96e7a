package dev.converge.relay;

import java.time.Duration;

/**
 * What one connection, and all of them, may ask of the relay.
 *
 * @param connections open connections in all
 * @param headerBytes request line and headers of one request, each, in bytes
 * @param messageBytes one WebSocket frame, in bytes
 * @param handshake from the connection's start to a whole request
 * @param close from a close frame to the peer's answer
 * @param ping between two questions whether an idle peer is there
 */
record RelayLimits(
    int connections,
    int headerBytes,
    int messageBytes,
    Duration handshake,
    Duration close,
    Duration ping) {
  RelayLimits {
    Quantity.atLeastOne("connections", connections);
    Quantity.atLeast("header bytes", headerBytes, 512);
    Quantity.atLeast("message bytes", messageBytes, 1024);
    Quantity.positive("handshake", handshake);
    Quantity.positive("close", close);
    Quantity.positive("ping", ping);
  }
}
