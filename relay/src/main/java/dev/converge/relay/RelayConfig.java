package dev.converge.relay;

import java.net.InetSocketAddress;

/**
 * Everything that a relay is told at its start.
 *
 * @param address where it listens; port 0 is any
 * @param trustProxy whether X-Forwarded-Proto and -Host are believed
 */
record RelayConfig(
    InetSocketAddress address,
    boolean trustProxy,
    RelayLimits limits,
    RendezvousLimits rendezvous) {}
