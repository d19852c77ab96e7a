package dev.converge.agent;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Programs that the machine may lack: the test is skipped then, but not on CI. */
final class Programs {
  private Programs() {}

  static void require(String... names) {
    for (String name : names) {
      if (!present(name)) {
        String message = "this test needs " + name;
        if ("true".equals(System.getenv("CI"))) {
          Assertions.fail(message);
        }
        Assumptions.abort(message);
      }
    }
  }

  static boolean present(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }
}
