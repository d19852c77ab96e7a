package dev.converge.tunnel;

import java.time.Duration;

/**
 * How long each step may take.
 *
 * @param connect until TCP is connected, all addresses of a name together
 * @param handshake from there to the answer of the relay, without the time that the relay is asked
 *     to wait for an agent
 * @param ping how often an idle peer is asked whether it is there
 * @param close for the answer to a close frame, since the peer was last heard
 */
public record Timeouts(Duration connect, Duration handshake, Duration ping, Duration close) {
  /** What everyone uses. */
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Protocol.PING_INTERVAL,
          Duration.ofSeconds(10));

  /** How long a receiver hears nothing until the peer counts as gone. */
  Duration silence() {
    return Duration.ofMillis(ping.toMillis() * (Protocol.MISSED_PONGS + 1)); // no BigDecimal
  }
}
