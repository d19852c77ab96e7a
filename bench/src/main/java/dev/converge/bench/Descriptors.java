package dev.converge.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many files and sockets a process may have open; the programs inherit it from this one. */
final class Descriptors {
  /** For everything but pairs. */
  private static final int SPARE = 500;

  private static final int MOST_PAIRS = 50_000;

  private Descriptors() {}

  /** So many pairs can be open, here and in a program that connects them. */
  static int pairs() {
    long limit =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            ? system.getMaxFileDescriptorCount()
            : 0;
    return (int) Math.min(MOST_PAIRS, (limit - SPARE) / 2);
  }
}
