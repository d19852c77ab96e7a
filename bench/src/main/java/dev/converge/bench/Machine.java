package dev.converge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** When and where figures were measured, and with which versions. */
final class Machine {
  /** A command for each program that says its version in its first line. */
  private static final Map<String, List<String>> VERSIONS =
      Map.of(
          "HAProxy", List.of("haproxy", "-v"),
          "nginx", List.of("nginx", "-v"),
          "socat", List.of("sh", "-c", "socat -V | grep version"),
          "OpenSSH", List.of("ssh", "-V"),
          "rsync", List.of("rsync", "--version"));

  private Machine() {}

  static String describe() throws IOException, InterruptedException {
    return LocalDate.now(ZoneOffset.UTC)
        + ", "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.version").replaceAll("-.*", "")
        + " "
        + System.getProperty("os.arch")
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " cores, "
        + processor()
        + ", Java "
        + Runtime.version();
  }

  private static String processor() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 2))
        .findFirst()
        .orElse("unknown processor");
  }

  static String versions() throws InterruptedException {
    List<String> all = new ArrayList<>();
    for (String name : VERSIONS.keySet().stream().sorted().toList()) {
      try {
        String said = Command.run(VERSIONS.getOrDefault(name, List.of()).toArray(new String[0]));
        all.add(name + " " + number(said));
      } catch (IOException e) {
        all.add("no " + name);
      }
    }
    return String.join(", ", all);
  }

  /** The first word that has a dot between digits. */
  static String number(String said) {
    for (String word : said.split("[\\s,/_]+", -1)) {
      if (word.matches("\\d+\\.\\d.*")) {
        return word;
      }
    }
    return "of unknown version";
  }
}
