package dev.converge.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The programs' archives of classes, which halve what a start costs. They are there before the
 * first test starts a program: made beside tests, at the lowest priority, they would take minutes.
 */
final class Archives {
  private static final List<String> PROGRAMS = List.of("relay", "agent", "wsproxy", "tcptows");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** The cache that all tests share, and that the archives are in. */
  static final Path CACHE = filled(Packaged.root().resolve("e2e/target/cache"));

  private Archives() {}

  private static Path filled(Path cache) {
    PROGRAMS.forEach(program -> run(cache, program));
    // Another thread would wait for this class to be ready.
    Awaitility.await("archives of the programs in " + cache)
        .pollInSameThread()
        .atMost(PATIENCE)
        .until(() -> PROGRAMS.stream().allMatch(program -> isArchived(cache, program)));
    return cache;
  }

  /** A first run, outside a CI job, has the archive made behind it. */
  private static void run(Path cache, String program) {
    var builder = new ProcessBuilder(Packaged.program(program), "--version");
    builder.environment().putAll(Map.of("XDG_CACHE_HOME", cache.toString(), "CI", ""));
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      builder.start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** That of an earlier build is older than the program. */
  private static boolean isArchived(Path cache, String program) {
    long built = new File(Packaged.program(program)).lastModified();
    File[] archives =
        cache
            .resolve("converge/classes")
            .toFile()
            .listFiles((directory, name) -> name.matches(program + "-.*[.]jsa"));
    return archives != null
        && Stream.of(archives).anyMatch(archive -> archive.lastModified() >= built);
  }
}
