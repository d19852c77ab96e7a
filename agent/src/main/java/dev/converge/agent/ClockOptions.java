package dev.converge.agent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say when the session ends. */
final class ClockOptions {
  @Option(
      names = "--expiry",
      paramLabel = "DURATION",
      defaultValue = "PT10M",
      description =
          "How long the session lives after its start, the last input, or the time stamp of .hold in"
              + " its directory, whichever is latest (default: ${DEFAULT-VALUE}).")
  private Duration expiry = Duration.ZERO;

  @Option(
      names = "--linger",
      paramLabel = "DURATION",
      defaultValue = "PT10S",
      description =
          "How long it lives after the last client has left, unless .hold exists (default:"
              + " ${DEFAULT-VALUE}).")
  private Duration linger = Duration.ZERO;

  @Option(
      names = "--warning",
      paramLabel = "DURATION",
      defaultValue = "PT2M",
      description =
          "How long before the end the shells are warned, and at most half of the expiry before; they"
              + " are warned again 30 seconds before. 0s means never (default: ${DEFAULT-VALUE}).")
  private Duration warning = Duration.ZERO;

  @Option(
      names = "--max-duration",
      paramLabel = "DURATION",
      description = "How long the session lives at most, whatever happens (default: no limit).")
  private @Nullable Duration maxDuration;

  @Option(
      names = "--exit-on",
      paramLabel = "WHEN",
      defaultValue = "last-exit",
      converter = ExitOnConverter.class,
      description =
          "Whose leaving ends the session: first-exit, of any client; last-exit, of the last one"
              + " (default: ${DEFAULT-VALUE}).")
  private ExitOn exitOn = ExitOn.LAST_EXIT;

  ClockConfig config() {
    return new ClockConfig(expiry, linger, warning, maxDuration, exitOn);
  }
}
