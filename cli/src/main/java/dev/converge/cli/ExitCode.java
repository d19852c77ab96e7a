package dev.converge.cli;

/** The exit codes of all programs. */
public final class ExitCode {
  /** Everything was done. */
  public static final int OK = 0;

  /** Something failed; one line on standard error says what. */
  public static final int FAILURE = 1;

  /** The command line was not understood. */
  public static final int USAGE = 2;

  private ExitCode() {}
}
