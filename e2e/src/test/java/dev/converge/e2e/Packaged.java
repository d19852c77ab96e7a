package dev.converge.e2e;

import java.nio.file.Path;
import java.util.Map;

/** The files that the build has packaged. */
final class Packaged {
  private Packaged() {}

  /** The checkout. */
  static Path root() {
    return Path.of(System.getProperty("converge.root")).toAbsolutePath();
  }

  /**
   * The variables with which a program starts as on a machine where it has run before, and makes no
   * archive of a copy that a test has made.
   */
  static Map<String, String> warm() {
    return Map.of("XDG_CACHE_HOME", Archives.CACHE.toString(), "CI", "true");
  }

  /** A program, such as {@code wsproxy}. */
  static String program(String name) {
    return root().resolve(name).resolve("target").resolve(name).toString();
  }
}
