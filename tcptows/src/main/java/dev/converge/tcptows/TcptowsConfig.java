package dev.converge.tcptows;

import dev.converge.tunnel.ConnectOptions;
import dev.converge.tunnel.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tcptows} is told.
 *
 * @param bind the address to listen on; null for loopback
 * @param port 0 to 65535; 0 for any
 */
record TcptowsConfig(@Nullable String bind, int port, Endpoint endpoint, ConnectOptions options) {
  TcptowsConfig {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
    }
  }
}
