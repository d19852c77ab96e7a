package dev.converge.bench;

import java.nio.file.Path;

/**
 * What a run is to do.
 *
 * @param root of the checkout, whose packaged programs are measured
 * @param out the directory of the results
 * @param rounds that count; one more comes before them
 * @param quick little of everything, to try the harness itself
 */
record Settings(Path root, Path out, int rounds, boolean quick) {
  private static final int QUICK_PART = 10;

  Settings {
    if (rounds < 1) {
      throw new IllegalArgumentException("ROUNDS: " + rounds + " (expected: >= 1)");
    }
  }

  /** An amount of work, a tenth of it for a quick run. */
  int amount(int whole) {
    return Math.toIntExact(amount((long) whole));
  }

  /** An amount of work, a tenth of it for a quick run. */
  long amount(long whole) {
    return quick ? whole / QUICK_PART : whole;
  }

  /** The packaged program of this name. */
  String program(String name) {
    return root.resolve(name).resolve("target").resolve(name).toString();
  }
}
