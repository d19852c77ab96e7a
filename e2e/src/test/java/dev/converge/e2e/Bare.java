package dev.converge.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A machine with the usual tools but without a Java, as far as a program can see: an empty
 * environment, a PATH of its own, an empty home.
 */
final class Bare {
  private static final List<String> TOOLS =
      List.of(
          "sh",
          "bash",
          "cat",
          "find",
          "gzip",
          "head",
          "id",
          "ls",
          "mkdir",
          "mv",
          "nice",
          "readlink",
          "rm",
          "rmdir",
          "sed",
          "sha256sum",
          "sleep",
          "stat",
          "tail",
          "tar",
          "tr",
          "uname",
          "wc");

  private final Path bin;
  private final Path home;

  private Bare(Path bin, Path home) {
    this.bin = bin;
    this.home = home;
  }

  /** Sets one up below {@code directory}; {@code more} tools are there, too. */
  static Bare machine(Path directory, String... more) {
    try {
      Path bin = Files.createDirectories(directory.resolve("bin"));
      Path home = Files.createDirectories(directory.resolve("home"));
      for (String tool : Stream.concat(TOOLS.stream(), Stream.of(more)).toList()) {
        Path link =
            Files.writeString(
                bin.resolve(tool), "#!/bin/sh\nexec " + Tool.path(tool) + " \"$@\"\n");
        Files.setPosixFilePermissions(link, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      return new Bare(bin, home);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Where its tools are. */
  Path bin() {
    return bin;
  }

  Path home() {
    return home;
  }

  /** Where a program keeps what it has fetched. */
  Path cache() {
    return home.resolve(".cache/converge");
  }

  /** The names of what is in the cache. */
  List<String> cached() {
    try (Stream<Path> files = Files.list(cache())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The command that runs a packaged program there. */
  List<String> command(String program, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("env", "-i", "PATH=" + bin, "HOME=" + home, "CI=true"));
    command.add(Packaged.program(program));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs a packaged program there. */
  Child run(String program, String... arguments) {
    return Child.start(home, Map.of(), command(program, arguments));
  }
}
