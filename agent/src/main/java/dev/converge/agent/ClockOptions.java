package dev.converge.agent;

import dev.converge.cli.DurationConverter;
import dev.converge.cli.EnumConverter;
import dev.converge.cli.Flag;
import dev.converge.cli.Flags;
import java.time.Duration;

/** The options that say when the session ends. */
final class ClockOptions {
  private final Flag<Duration> expiry;
  private final Flag<Duration> linger;
  private final Flag<Duration> warning;
  private final Flag<Duration> maxDuration;
  private final Flag<ExitOn> exitOn;

  ClockOptions(Flags flags) {
    expiry =
        flags
            .option(
                "--expiry",
                "DURATION",
                new DurationConverter(),
                "How long the session lives after its start, the last input, or the time stamp of"
                    + " .hold in its directory, whichever is latest (default: {default}).")
            .orElse("PT10M");
    linger =
        flags
            .option(
                "--linger",
                "DURATION",
                new DurationConverter(),
                "How long it lives after the last client has left, unless .hold exists (default:"
                    + " {default}).")
            .orElse("PT10S");
    warning =
        flags
            .option(
                "--warning",
                "DURATION",
                new DurationConverter(),
                "How long before the end the shells are warned, and at most half of the expiry"
                    + " before; they are warned again 30 seconds before. 0s means never (default:"
                    + " {default}).")
            .orElse("PT2M");
    maxDuration =
        flags.option(
            "--max-duration",
            "DURATION",
            new DurationConverter(),
            "How long the session lives at most, whatever happens (default: no limit).");
    exitOn =
        flags
            .option(
                "--exit-on",
                "WHEN",
                new EnumConverter<>(ExitOn.class),
                "Whose leaving ends the session: first-exit, of any client; last-exit, of the"
                    + " last one (default: {default}).")
            .orElse("last-exit");
  }

  ClockConfig config() {
    return new ClockConfig(
        expiry.value(), linger.value(), warning.value(), maxDuration.valueOrNull(), exitOn.value());
  }
}
