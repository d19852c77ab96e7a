package dev.converge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What Linux tells of a process in /proc. */
final class ProcFiles {
  /** USER_HZ is 100 on every platform that has a JDK. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;
  private static final String LISTENING = "0A";

  private ProcFiles() {}

  /** User and system time so far, in seconds; none if the process is gone. */
  static double cpuSeconds(long pid) throws IOException {
    try {
      return parseCpuSeconds(Files.readString(Path.of("/proc/" + pid + "/stat")));
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** The name in parentheses may hold anything, so what counts begins behind the last one. */
  static double parseCpuSeconds(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
        / TICKS_PER_SECOND;
  }

  /** Resident memory in KiB. */
  static long residentKib(long pid) throws IOException {
    return parseResidentKib(Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")));
  }

  static long parseResidentKib(List<String> rollup) {
    return rollup.stream()
        .filter(line -> line.startsWith("Rss:"))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("smaps_rollup has no Rss"));
  }

  /** Whether somebody listens at the port in the network namespace of the process. */
  static boolean isListening(long pid, int port) throws IOException {
    for (String family : List.of("tcp", "tcp6")) {
      Path table = Path.of("/proc/" + pid + "/net/" + family);
      if (Files.exists(table) && listens(Files.readAllLines(table), port)) {
        return true;
      }
    }
    return false;
  }

  static boolean listens(List<String> table, int port) {
    String address = String.format(Locale.ROOT, ":%04X", port);
    return table.stream()
        .map(line -> line.trim().split("\\s+", 5))
        .anyMatch(
            field -> field.length > 4 && field[1].endsWith(address) && field[3].equals(LISTENING));
  }
}
