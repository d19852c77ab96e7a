package dev.converge.relay;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a relay is told at its start.
 *
 * @param address where it listens; port 0 is any
 * @param trustProxy whether the headers are believed that a reverse proxy adds to a request
 * @param proxyProtocol whether each connection begins with a PROXY header
 * @param tokens what agents and clients must know
 * @param tls null if it speaks plain HTTP
 * @param runtimes a directory with Java runtimes to hand out beside those packaged; null if none
 */
record RelayConfig(
    InetSocketAddress address,
    boolean trustProxy,
    boolean proxyProtocol,
    RelayLimits limits,
    RendezvousLimits rendezvous,
    VisitorLimits visitors,
    BridgeLimits bridges,
    TokenSecrets tokens,
    @Nullable TlsSettings tls,
    @Nullable Path runtimes) {}
