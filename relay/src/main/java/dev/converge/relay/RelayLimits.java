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
    atLeast("connections", connections, 1);
    atLeast("header bytes", headerBytes, 512);
    atLeast("message bytes", messageBytes, 1024);
    positive("handshake", handshake);
    positive("close", close);
    positive("ping", ping);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > PT0S)");
    }
  }
}
