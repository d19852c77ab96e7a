package dev.converge.agent;

import java.util.Map;
import java.util.OptionalInt;

/**
 * The signals' names in SSH (RFC 4254, section 6.10, and what OpenSSH adds) and numbers in Linux.
 */
final class Signals {
  static final int HUP = 1;
  static final int INT = 2;
  static final int QUIT = 3;
  static final int KILL = 9;
  static final int TERM = 15;
  static final int CONT = 18;

  private static final Map<String, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry("HUP", HUP),
          Map.entry("INT", INT),
          Map.entry("QUIT", QUIT),
          Map.entry("ILL", 4),
          Map.entry("TRAP", 5),
          Map.entry("ABRT", 6),
          Map.entry("BUS", 7),
          Map.entry("FPE", 8),
          Map.entry("KILL", KILL),
          Map.entry("USR1", 10),
          Map.entry("SEGV", 11),
          Map.entry("USR2", 12),
          Map.entry("PIPE", 13),
          Map.entry("ALRM", 14),
          Map.entry("TERM", TERM),
          Map.entry("CONT", CONT),
          Map.entry("STOP", 19),
          Map.entry("TSTP", 20),
          Map.entry("XCPU", 24),
          Map.entry("XFSZ", 25),
          Map.entry("SYS", 31));

  private Signals() {}

  static OptionalInt number(String name) {
    Integer number = NUMBERS.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** A name in any case; one that SSH does not know gets the form that RFC 4254 asks for. */
  static String name(int number) {
    return NUMBERS.entrySet().stream()
        .filter(entry -> entry.getValue() == number)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("SIG" + number + "@converge.dev");
  }
}
