package dev.converge.e2e;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The programs of the machine that the tests use. */
final class Tool {
  private Tool() {}

  /**
   * Skips the calling test, with a line that names the program, if one is not there; the test fails
   * if the environment has {@code CI=true}.
   */
  static void require(String... names) {
    for (String name : names) {
      path(name);
    }
  }

  /** Where a program is; without it as {@link #require}. */
  static Path path(String name) {
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(System.getenv("PATH"))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(() -> missing(name));
  }

  private static Path missing(String name) {
    String line = name + ": no such program on this machine";
    if ("true".equals(System.getenv("CI"))) {
      return fail(line);
    }
    System.out.println("skipped: " + line); // an aborted container leaves no line of its own
    return abort(line);
  }
}
