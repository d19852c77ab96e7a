package dev.converge.relay;

import java.time.Duration;

/** Checks of what a limit may be. */
final class Quantity {
  private Quantity() {}

  static void atLeastOne(String name, int value) {
    atLeast(name, value, 1);
  }

  static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }

  static void positive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > PT0S)");
    }
  }
}
