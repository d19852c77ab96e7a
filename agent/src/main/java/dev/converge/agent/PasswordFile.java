package dev.converge.agent;

import dev.converge.cli.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A password in the first line of a file. */
final class PasswordFile {
  private static final Path STANDARD_INPUT = Path.of("-");
  private static final Set<PosixFilePermission> BY_OTHERS =
      PosixFilePermissions.fromString("---r--r--");

  private PasswordFile() {}

  /**
   * @param warning is told if others can read the file
   * @throws Failure if there is no password in it
   */
  static String read(Path file, InputStream standardInput, Consumer<String> warning) {
    String line;
    try {
      line = file.equals(STANDARD_INPUT) ? firstLine(standardInput) : checked(file, warning);
    } catch (IOException e) {
      throw new Failure("password file: cannot read " + file + " (" + reason(e) + ")", e);
    }
    if (line == null || line.isEmpty()) {
      throw new Failure("password file: nothing in the first line of " + name(file));
    }
    return line;
  }

  private static @Nullable String checked(Path file, Consumer<String> warning) throws IOException {
    if (!Collections.disjoint(Files.getPosixFilePermissions(file), BY_OTHERS)) {
      warning.accept("other users can read " + file + "; run chmod 600 " + file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return firstLine(in);
    }
  }

  private static @Nullable String firstLine(InputStream in) throws IOException {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
  }

  private static String name(Path file) {
    return file.equals(STANDARD_INPUT) ? "the standard input" : file.toString();
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "no such file" : e.getClass().getSimpleName();
  }
}
