package dev.converge.e2e;

import java.nio.file.Path;

/** The files that the build has packaged. */
final class Packaged {
  private Packaged() {}

  /** The checkout. */
  static Path root() {
    return Path.of(System.getProperty("converge.root")).toAbsolutePath();
  }

  /** A program, such as {@code wsproxy}. */
  static String program(String name) {
    return root().resolve(name).resolve("target").resolve(name).toString();
  }
}
