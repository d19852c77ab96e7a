package dev.converge.tunnel;

import java.time.Duration;

/** The constants of the protocol between the programs and the relay; see docs/protocol.md. */
public final class Protocol {
  /** The port of a relay when nothing else is said. */
  public static final int DEFAULT_PORT = 4774;

  /** The WebSocket subprotocol of which text messages are hop-by-hop control. */
  public static final String SUBPROTOCOL = "converge.v1";

  /** The request header with an agent's secret of the run, which makes an ID its own. */
  public static final String KEY_HEADER = "Converge-Key";

  /** The query parameter with the seconds that a client waits for an agent. */
  public static final String WAIT_PARAMETER = "wait";

  /** How long a client waits for an agent unless it says otherwise. */
  public static final Duration DEFAULT_WAIT = Duration.ofSeconds(10);

  /** The longest that a client may wait for an agent. */
  public static final Duration MAX_WAIT = Duration.ofSeconds(60);

  /** The query parameter and the cookie in which a client may show its token. */
  public static final String TOKEN_PARAMETER = "jwt";

  /** From a token's {@code iat} to its {@code exp}. */
  public static final Duration TOKEN_LIFETIME = Duration.ofSeconds(30);

  /** How often each end of an idle WebSocket asks whether the other is there. */
  public static final Duration PING_INTERVAL = Duration.ofSeconds(20);

  /** How many pings may go unanswered before the peer counts as gone. */
  public static final int MISSED_PONGS = 2;

  /** The largest WebSocket frame, in bytes, that anything here accepts. */
  public static final int MAX_FRAME = 1 << 20;

  private Protocol() {}
}
