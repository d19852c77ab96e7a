package dev.converge.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A secret that is given as {@code --name} or in the file of {@code --name-file}.
 *
 * @param program the command that was parsed
 * @param name of the option, with its hyphens
 * @param text what {@code --name} or its variable says
 * @param file what {@code --name-file} or its variable says
 */
public record SecretOption(
    CommandSpec program, String name, @Nullable String text, @Nullable Path file) {

  /**
   * The secret, or null if none was given. What stands on the command line counts before what
   * stands in the environment.
   *
   * @throws IllegalArgumentException if it is empty, or both options say one
   * @throws Failure if the file cannot be read
   */
  public @Nullable Secret secret() {
    if (text == null || file == null) {
      return text != null
          ? Secret.of(name, text)
          : file != null ? Secret.in(fileName(), file) : null;
    }
    if (isTyped(name) == isTyped(fileName())) {
      throw new IllegalArgumentException(
          name + " and " + fileName() + ": both are given (expected: one of them)");
    }
    return isTyped(name) ? Secret.of(name, text) : Secret.in(fileName(), file);
  }

  private String fileName() {
    return name + "-file";
  }

  /** Whether the secret stands where {@code ps} shows it. */
  private boolean isTyped(String option) {
    return program.commandLine().getParseResult().hasMatchedOption(option);
  }

  /** Warns, in a line, of a secret on the command line. */
  public void warnIfVisible() {
    if (isTyped(name)) {
      warn(
          program,
          name
              + " shows the secret to everyone who can list processes; better give "
              + fileName()
              + " or "
              + EnvironmentDefaults.variable(name));
    }
  }

  /** Prints a line of warning for the user of a program. */
  public static void warn(CommandSpec program, String line) {
    CommandLine commandLine = program.commandLine();
    commandLine.getErr().println(commandLine.getCommandName() + ": warning: " + line);
    commandLine.getErr().flush();
  }
}
