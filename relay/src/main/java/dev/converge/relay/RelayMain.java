package dev.converge.relay;

import dev.converge.cli.Program;

/** The program {@code relay}. */
public final class RelayMain {
  private RelayMain() {}

  public static void main(String[] args) {
    System.exit(new Program(new RelayCommand(), System.getenv()).run(args));
  }
}
