package dev.converge.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One program: a command with the conventions of Converge around it. */
public final class Program {
  private final Command command;
  private final Map<String, String> environment;

  public Program(Command command, Map<String, String> environment) {
    this.command = command;
    this.environment = environment;
  }

  /**
   * Parses and runs; returns the exit code. What fails becomes one line on standard error, and so
   * does what was not understood.
   */
  public int run(String... arguments) {
    try {
      command.flags().parse(arguments);
      return answered() ? ExitCode.OK : command.run();
    } catch (IllegalArgumentException e) {
      System.err.println(line(e.getMessage() + "; see '" + name() + " --help'"));
      return ExitCode.USAGE;
    } catch (Exception e) {
      Terminal.complain(line(e instanceof Failure ? e.getMessage() : "unexpected " + e));
      if (environment.containsKey("CONVERGE_DEBUG")) {
        e.printStackTrace();
      }
      return ExitCode.FAILURE;
    }
  }

  private boolean answered() {
    if (command.flags().isHelpAsked()) {
      System.out.print(command.flags().help(Terminal.width()));
      return true;
    }
    if (command.flags().isVersionAsked()) {
      System.out.println(name() + " " + version());
      return true;
    }
    return false;
  }

  /** What the build wrote into the program's manifest. */
  private String version() {
    String version = command.getClass().getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  private String line(@Nullable String message) {
    return name() + ": " + String.valueOf(message).replaceAll("\\R+", " ");
  }

  private String name() {
    return command.flags().program();
  }
}
