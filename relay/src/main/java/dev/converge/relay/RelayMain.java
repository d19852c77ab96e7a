package dev.converge.relay;

import dev.converge.cli.Program;
import java.util.Map;

/** The program {@code relay}. */
public final class RelayMain {
  private RelayMain() {}

  public static void main(String[] args) {
    Map<String, String> environment = System.getenv();
    System.exit(new Program(new RelayCommand(environment), environment).run(args));
  }
}
