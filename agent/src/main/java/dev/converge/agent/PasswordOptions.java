package dev.converge.agent;

import dev.converge.cli.Flag;
import dev.converge.cli.Flags;
import dev.converge.cli.PathConverter;
import dev.converge.cli.Terminal;
import dev.converge.cli.TextConverter;
import java.io.Console;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the password of those who enter comes from: environment, file, prompt or command line. */
final class PasswordOptions {
  /** What stands for a password that is still to be asked for; no argument can be this. */
  private static final String ASK = "\0";

  private final Function<String, char @Nullable []> terminal;
  private final InputStream standardInput;

  private final Flags flags;
  private final Flag<String> password;
  private final Flag<Path> file;

  PasswordOptions(Flags flags) {
    this(flags, PasswordOptions::askOnTerminal, System.in);
  }

  /**
   * @param terminal asks with a prompt and shows nothing of the answer; null if there is none
   */
  PasswordOptions(
      Flags flags, Function<String, char @Nullable []> terminal, InputStream standardInput) {
    this.flags = flags;
    this.terminal = terminal;
    this.standardInput = standardInput;
    password =
        flags
            .option(
                "--password",
                "PASSWORD",
                new TextConverter(),
                "The password of the user abc. Without a value it is asked for. With one, other"
                    + " users of the machine can see it: better is CONVERGE_PASSWORD or"
                    + " --password-file. With neither a password nor keys, a strong one is made and"
                    + " printed.")
            .implying(ASK, PasswordOptions::isUrl);
    file =
        flags.option(
            "--password-file",
            "FILE",
            new PathConverter(),
            "A file with the password in its first line; - is the standard input.");
  }

  /** In {@code agent --password URL} the URL is what it looks like. */
  private static boolean isUrl(String text) {
    return text.matches("(?i)wss?://.*");
  }

  /**
   * The password; null if none was given. Reads and asks anew with each call.
   *
   * @throws IllegalArgumentException if it cannot be had
   */
  @Nullable String value() {
    String text = password.valueOrNull();
    Path path = file.valueOrNull();
    if (text != null && path != null) {
      throw new IllegalArgumentException(
          "password: given twice (expected: one of CONVERGE_PASSWORD, --password-file FILE and"
              + " --password)");
    }
    if (path != null) {
      return PasswordFile.read(path, standardInput, flags::warn);
    }
    if (ASK.equals(text)) {
      return asked();
    }
    if (password.isTyped()) {
      flags.warn(
          "other users of this machine can see --password in ps; better: CONVERGE_PASSWORD,"
              + " --password-file FILE, or --password alone, which asks");
    }
    return text;
  }

  private String asked() {
    char[] answer = terminal.apply("Password for those who enter: ");
    if (answer == null) {
      throw new IllegalArgumentException(
          "password: no terminal to ask on (expected: CONVERGE_PASSWORD or --password-file FILE)");
    }
    return new String(answer);
  }

  private static char @Nullable [] askOnTerminal(String prompt) {
    Console console = Terminal.console();
    return console == null ? null : console.readPassword("%s", prompt);
  }
}
