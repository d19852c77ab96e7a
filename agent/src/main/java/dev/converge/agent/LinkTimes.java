package dev.converge.agent;

import dev.converge.tunnel.Protocol;
import java.time.Duration;

/**
 * How long each step of the link to the relay may take.
 *
 * @param connect for one TCP connection, and for looking up the name
 * @param handshake from the TCP connection to the open WebSocket: proxy, TLS, upgrade
 * @param close from our close frame to the peer's
 * @param ping between two pings
 * @param firstRetry before the second attempt
 * @param lastRetry before each attempt after many
 * @param lastAwaitedRetry the same while a client is expected back, who tries as often
 */
record LinkTimes(
    Duration connect,
    Duration handshake,
    Duration close,
    Duration ping,
    Duration firstRetry,
    Duration lastRetry,
    Duration lastAwaitedRetry) {
  static final LinkTimes USUAL =
      new LinkTimes(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Protocol.PING_INTERVAL,
          Duration.ofMillis(250),
          Duration.ofSeconds(15),
          Duration.ofSeconds(5));
}
