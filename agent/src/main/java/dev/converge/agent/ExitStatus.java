package dev.converge.agent;

import org.jspecify.annotations.Nullable;

/**
 * How a process ended: by itself with a code, or by a signal.
 *
 * @param signal the signal's name without {@code SIG}; then the code means nothing
 */
record ExitStatus(int code, @Nullable String signal, boolean coreDumped) {
  private static final int CORE_DUMPED = 0x80;

  static ExitStatus exited(int code) {
    return new ExitStatus(code, null, false);
  }

  /** From what waitpid(2) reports. */
  static ExitStatus ofWaitStatus(int status) {
    int signal = status & 0x7f;
    return signal == 0
        ? exited((status >> 8) & 0xff)
        : new ExitStatus(0, Signals.name(signal), (status & CORE_DUMPED) != 0);
  }
}
