package dev.converge.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every process that came out of this agent, however it was started: known by a variable in its
 * environment, which a daemon inherits too, or by the session that it is in. Without a /proc to
 * look that up in: those that descend from what was started.
 */
final class Processes {
  /** In the environment of all that the agent starts. */
  static final String MARKER = "CONVERGE_AGENT_RUN";

  /**
   * Program name (which may hold anything, even parentheses), state, parent, group and session, of
   * a process that is not a zombie.
   */
  private static final Pattern STAT =
      Pattern.compile("(?s)\\d+ \\(.*\\) [^Z] -?\\d+ -?\\d+ (\\d+) .*");

  private static final Path PROC = Path.of("/proc");
  private static final boolean HAS_PROC = Files.isDirectory(PROC.resolve("self"));
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** A process that takes no notice and forks without end is the agent's to end, not ours. */
  private static final int LOOKS = 20;

  private static final Duration LOOK = Duration.ofMillis(20);

  private final String run = UUID.randomUUID().toString();
  private final Set<Integer> sessions = new HashSet<>();
  private final Set<ProcessHandle> roots = new HashSet<>();

  String run() {
    return run;
  }

  synchronized void started(int pid) {
    sessions.add(pid);
    if (!HAS_PROC) {
      ProcessHandle.of(pid).ifPresent(roots::add);
    }
  }

  /** The processes whose session leader was this one. */
  static List<Integer> ofSession(int leader) {
    return living(pid -> session(pid) == leader);
  }

  /**
   * Hangs up on the processes whose session leader was this one, once on each. Until a look finds
   * nobody new: a process may have forked between the look and its signal.
   */
  static void hangUp(int leader) {
    hangUp(() -> ofSession(leader), Kill.SYSTEM_CALL);
  }

  /** Hangs up on processes, once on each, until a look finds nobody new. */
  static void hangUp(Supplier<List<Integer>> living, Kill kill) {
    Set<Integer> told = new HashSet<>();
    for (int look = 0; look < LOOKS; look++) {
      List<Integer> untold = living.get().stream().filter(pid -> !told.contains(pid)).toList();
      if (untold.isEmpty()) {
        return;
      }
      kill.send(Signals.HUP, untold);
      kill.send(Signals.CONT, untold);
      told.addAll(untold);
    }
  }

  /** Hangs up on all that are left, and ends those that stay after a grace. */
  void end() {
    signal(Signals.HUP);
    signal(Signals.CONT);
    if (goneWithin(GRACE.dividedBy(4))) {
      return;
    }
    signal(Signals.TERM);
    if (!goneWithin(GRACE)) {
      signal(Signals.KILL);
      goneWithin(GRACE);
    }
  }

  private boolean goneWithin(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    while (!mine().isEmpty()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return true;
  }

  private void signal(int number) {
    List<Integer> mine = mine();
    if (!mine.isEmpty()) {
      Platform.here().kill().send(number, mine);
    }
  }

  private synchronized List<Integer> mine() {
    if (!HAS_PROC) {
      return roots.stream().flatMap(root -> familyOf(root).stream()).distinct().toList();
    }
    String entry = MARKER + "=" + run;
    return living(pid -> sessions.contains(session(pid)) || hasEntry(read(pid, "environ"), entry));
  }

  /** A process and all that it has started, as far as the parents between them still live. */
  static List<Integer> familyOf(ProcessHandle root) {
    return Stream.concat(Stream.of(root), root.descendants())
        .filter(ProcessHandle::isAlive)
        .map(process -> Math.toIntExact(process.pid()))
        .toList();
  }

  private static List<Integer> living(IntPredicate wanted) {
    String[] entries = PROC.toFile().list((directory, name) -> name.matches("[0-9]+"));
    return entries == null
        ? List.of()
        : List.of(entries).stream()
            .flatMapToInt(name -> IntStream.of(Integer.parseInt(name)))
            .filter(wanted)
            .boxed()
            .toList();
  }

  /** The session of a process that runs; 0 of one that is gone or a zombie. */
  private static int session(int pid) {
    Matcher stat = STAT.matcher(read(pid, "stat"));
    return stat.matches() ? Integer.parseInt(stat.group(1)) : 0;
  }

  private static boolean hasEntry(String environment, String entry) {
    return ("\0" + environment).contains("\0" + entry + "\0");
  }

  private static String read(int pid, String file) {
    try {
      return Files.readString(PROC.resolve(pid + "/" + file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
