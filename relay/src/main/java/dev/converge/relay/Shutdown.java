package dev.converge.relay;

import dev.converge.tunnel.CloseReason;

/** What every connection is told, as a user event, when the relay ends. */
enum Shutdown {
  /** Whoever waits is let go, and whoever can resume elsewhere is told; bridges carry on. */
  DRAIN,
  /** The bridges end, too. */
  END_BRIDGES;

  static final CloseReason REASON =
      new CloseReason(CloseReason.GOING_AWAY, "this relay is shutting down");
}
