package dev.converge.agent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The two clocks of a machine: one that never jumps, and the one that files are stamped with.
 *
 * @param nanos nanoseconds from any fixed point
 * @param wall the time of day
 */
record TimeSource(LongSupplier nanos, InstantSource wall) {
  static TimeSource system() {
    return new TimeSource(System::nanoTime, InstantSource.system());
  }

  /** How long ago a file was stamped; negative if its stamp lies in the future. */
  Duration since(Instant stamp) {
    return Duration.between(stamp, wall.instant());
  }
}
