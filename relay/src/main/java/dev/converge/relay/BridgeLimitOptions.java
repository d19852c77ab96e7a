package dev.converge.relay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that bound what one session carries. */
final class BridgeLimitOptions {
  @Option(
      names = "--max-rate",
      paramLabel = "BYTES",
      converter = ByteCount.class,
      description =
          "Bytes a second that one session carries in each direction, at least 16K, as 500K or 10M"
              + " (default: no limit). Whoever sends more is slowed down.")
  private @Nullable Long rate;

  @Option(
      names = "--max-bridge-duration",
      paramLabel = "DURATION",
      description =
          "How long a session may last, as PT8H or 8h (default: no limit); close code 1008 then.")
  private @Nullable Duration longest;

  BridgeLimits limits() {
    return new BridgeLimits(rate, longest);
  }
}
