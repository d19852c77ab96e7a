package dev.converge.bench;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a JVM tells of its heap, through jcmd. */
final class HeapInfo {
  /** A line of each generation, whatever the collector; that of metaspace has no total. */
  private static final Pattern USED =
      Pattern.compile("^ *\\w.* total \\d+K, used (\\d+)K", Pattern.MULTILINE);

  private HeapInfo() {}

  /** KiB that are in use behind a full collection. */
  static long liveKib(long pid) throws IOException, InterruptedException {
    // The second takes what the first has only found to be unreachable.
    jcmd(pid, "GC.run");
    jcmd(pid, "GC.run");
    return parseUsedKib(jcmd(pid, "GC.heap_info"));
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    return Command.run("jcmd", Long.toString(pid), command);
  }

  static long parseUsedKib(String info) {
    Matcher generation = USED.matcher(info);
    long sum = 0;
    boolean found = false;
    while (generation.find()) {
      sum += Long.parseLong(generation.group(1));
      found = true;
    }
    if (!found) {
      throw new IllegalArgumentException("no generation in: " + info);
    }
    return sum;
  }
}
