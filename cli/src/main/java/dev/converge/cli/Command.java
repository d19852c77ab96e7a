package dev.converge.cli;

/**
 * What a program does: its constructor registers its flags, and what they were given is read later.
 */
public interface Command {
  /** The flags of the program, which also say what it is called. */
  Flags flags();

  /**
   * Runs with the flags that were parsed.
   *
   * @return the exit code
   * @throws IllegalArgumentException if the flags do not go together; the message is for the user
   * @throws Failure if it fails; the message is for the user
   */
  int run() throws Exception;
}
