package dev.converge.relay;

import dev.converge.cli.DurationConverter;
import dev.converge.cli.Flag;
import dev.converge.cli.Flags;
import java.time.Duration;

/** The options that bound what one session carries. */
final class BridgeLimitOptions {
  private final Flag<Long> rate;
  private final Flag<Duration> longest;

  BridgeLimitOptions(Flags flags) {
    rate =
        flags.option(
            "--max-rate",
            "BYTES",
            new ByteCount(),
            "Bytes a second that one session carries in each direction, at least 16K, as 500K or"
                + " 10M (default: no limit). Whoever sends more is slowed down.");
    longest =
        flags.option(
            "--max-bridge-duration",
            "DURATION",
            new DurationConverter(),
            "How long a session may last, as PT8H or 8h (default: no limit); close code 1008"
                + " then.");
  }

  BridgeLimits limits() {
    return new BridgeLimits(rate.valueOrNull(), longest.valueOrNull());
  }
}
