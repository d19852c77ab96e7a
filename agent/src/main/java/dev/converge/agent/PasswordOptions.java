package dev.converge.agent;

import java.io.Console;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Stack;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where the password of those who enter comes from: environment, file, prompt or command line. */
final class PasswordOptions {
  /** What stands for a password that is still to be asked for; no argument can be this. */
  private static final String ASK = "\0";

  private final Function<String, char @Nullable []> terminal;
  private final InputStream standardInput;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--password",
      paramLabel = "PASSWORD",
      arity = "0..1",
      fallbackValue = ASK,
      preprocessor = UrlIsNoPassword.class,
      description =
          "The password of the user abc. Without a value it is asked for. With one, other users of"
              + " the machine can see it: better is CONVERGE_PASSWORD or --password-file. With"
              + " neither a password nor keys, a strong one is made and printed.")
  private @Nullable String password;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "A file with the password in its first line; - is the standard input.")
  private @Nullable Path file;

  PasswordOptions() {
    this(PasswordOptions::askOnTerminal, System.in);
  }

  /**
   * @param terminal asks with a prompt and shows nothing of the answer; null if there is none
   */
  PasswordOptions(Function<String, char @Nullable []> terminal, InputStream standardInput) {
    this.terminal = terminal;
    this.standardInput = standardInput;
  }

  /**
   * The password; null if none was given. Reads and asks anew with each call.
   *
   * @throws IllegalArgumentException if it cannot be had
   */
  @Nullable String value() {
    if (password != null && file != null) {
      throw new IllegalArgumentException(
          "password: given twice (expected: one of CONVERGE_PASSWORD, --password-file FILE and"
              + " --password)");
    }
    if (file != null) {
      return PasswordFile.read(file, standardInput, this::warn);
    }
    if (ASK.equals(password)) {
      return asked();
    }
    if (password != null && isOnCommandLine()) {
      warn(
          "other users of this machine can see --password in ps; better: CONVERGE_PASSWORD,"
              + " --password-file FILE, or --password alone, which asks");
    }
    return password;
  }

  private String asked() {
    char[] answer = terminal.apply("Password for those who enter: ");
    if (answer == null) {
      throw new IllegalArgumentException(
          "password: no terminal to ask on (expected: CONVERGE_PASSWORD or --password-file FILE)");
    }
    return new String(answer);
  }

  private boolean isOnCommandLine() {
    return command != null && command.commandLine().getParseResult().hasMatchedOption("--password");
  }

  private void warn(String message) {
    if (command != null) {
      command.commandLine().getErr().println(command.name() + ": warning: " + message);
    }
  }

  @SuppressWarnings("SystemConsoleNull") // it does in Java 17
  private static char @Nullable [] askOnTerminal(String prompt) {
    Console console = System.console();
    return console == null || !isTerminal(console) ? null : console.readPassword("%s", prompt);
  }

  /** From Java 22 on there is a console without a terminal too, which would show what is typed. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** In {@code agent --password URL} the URL is what it looks like. */
  static final class UrlIsNoPassword implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      boolean attached = !" ".equals(info.get("separator"));
      if (!attached && !arguments.isEmpty() && arguments.peek().matches("(?i)wss?://.*")) {
        arguments.push(ASK);
      }
      return false;
    }
  }
}
