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
   * The variables with which a program starts as on a machine where it has run before: with an
   * archive of its classes, in a cache that all tests share, which halves what a start costs.
   */
  static Map<String, String> warm() {
    Path cache = root().resolve("e2e").resolve("target").resolve("cache");
    return Map.of("XDG_CACHE_HOME", cache.toString(), "CI", "");
  }

  /** A program, such as {@code wsproxy}. */
  static String program(String name) {
    return root().resolve(name).resolve("target").resolve(name).toString();
  }
}
