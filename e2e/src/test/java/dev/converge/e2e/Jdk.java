package dev.converge.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** One of the Javas of this machine. */
record Jdk(Path home) {
  private static final Path ALL = Path.of("/usr/lib/jvm");

  /** Each one below /usr/lib/jvm, once. */
  static List<Jdk> all() {
    try (Stream<Path> homes = Files.isDirectory(ALL) ? Files.list(ALL) : Stream.of(running())) {
      return homes
          .filter(home -> Files.isExecutable(home.resolve("bin/java")))
          .map(Jdk::real)
          .distinct()
          .sorted()
          .map(Jdk::new)
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Path running() {
    return Path.of(System.getProperty("java.home"));
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String toString() {
    return home.getFileName().toString();
  }
}
