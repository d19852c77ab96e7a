package dev.converge.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** One program: a picocli command with the conventions of Converge around it. */
public final class Program {
  private final CommandLine commandLine;
  private final Map<String, String> environment;

  /**
   * @param command an object with picocli's annotations; what it throws as a {@link Failure} or an
   *     {@link IllegalArgumentException} becomes one line on standard error
   */
  public Program(Callable<Integer> command, Map<String, String> environment) {
    this.environment = environment;
    commandLine =
        new CommandLine(command)
            .setDefaultValueProvider(new EnvironmentDefaults(environment))
            .registerConverter(java.time.Duration.class, new DurationConverter())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(true)
            .setParameterExceptionHandler(this::usage)
            .setExecutionExceptionHandler(this::failure);
  }

  /** Parses and runs; returns the exit code. */
  public int run(String... args) {
    return commandLine.execute(args);
  }

  private int usage(ParameterException e, String[] args) {
    say(e.getMessage() + "; see '" + name() + " --help'");
    return ExitCode.USAGE;
  }

  private int failure(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof IllegalArgumentException) {
      say(e.getMessage() + "; see '" + name() + " --help'");
      return ExitCode.USAGE;
    }
    say(e instanceof Failure ? String.valueOf(e.getMessage()) : "unexpected " + e);
    if (environment.containsKey("CONVERGE_DEBUG")) {
      e.printStackTrace(err());
    }
    return ExitCode.FAILURE;
  }

  private void say(String message) {
    err().println(name() + ": " + message.replaceAll("\\R+", " "));
    err().flush();
  }

  private String name() {
    return commandLine.getCommandName();
  }

  private PrintWriter err() {
    return commandLine.getErr();
  }
}
