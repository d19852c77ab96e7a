package dev.converge.relay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much a bridge may carry.
 *
 * @param rate bytes a second in each direction; null for as many as it can
 * @param longest how long it may last; null for as long as it likes
 */
record BridgeLimits(@Nullable Long rate, @Nullable Duration longest) {
  /** No bound at all. */
  static final BridgeLimits NONE = new BridgeLimits(null, null);

  /** At less than this, keepalives would come too late behind the data of one read. */
  private static final long LOWEST_RATE = 16 * 1024;

  BridgeLimits {
    if (rate != null) {
      Quantity.atLeast("rate", rate, LOWEST_RATE);
    }
    if (longest != null) {
      Quantity.positive("bridge duration", longest);
    }
  }
}
