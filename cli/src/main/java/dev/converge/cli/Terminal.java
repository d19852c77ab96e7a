package dev.converge.cli;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The terminal that the program runs on, if any. */
public final class Terminal {
  private static final int USUAL_WIDTH = 80;
  private static final int LEAST_WIDTH = 55;

  private Terminal() {}

  /** The console, unless input or output is no terminal. */
  @SuppressWarnings("SystemConsoleNull") // it does in Java 17
  public static @Nullable Console console() {
    Console console = System.console();
    return console == null || !isTerminal(console) ? null : console;
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

  /**
   * Prints a line on standard error. Where that is a terminal, {@code ssh} may have made it raw for
   * the session: then a line feed alone would not lead to the start of the next line.
   */
  static void complain(String line) {
    System.err.print(line + (isErrorShown() ? "\r\n" : System.lineSeparator()));
    System.err.flush();
  }

  /**
   * Java cannot tell that of standard error alone, and has its console only if all else is, too.
   */
  private static boolean isErrorShown() {
    try {
      Process test = new ProcessBuilder("test", "-t", "2").redirectError(Redirect.INHERIT).start();
      return test.waitFor() == 0;
    } catch (IOException e) {
      return false; // nor is there a raw terminal without this program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** How many characters a line has; 80 if that is not known. */
  static int width() {
    return console() == null ? USUAL_WIDTH : Math.max(LEAST_WIDTH, measured());
  }

  /** Java cannot ask the terminal itself. */
  private static int measured() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(Redirect.INHERIT)
              .redirectError(Redirect.DISCARD)
              .start();
      try (InputStream answer = stty.getInputStream()) {
        String size = new String(answer.readAllBytes(), StandardCharsets.US_ASCII).strip();
        int width = Integer.parseInt(size.substring(size.indexOf(' ') + 1));
        return width > 0 ? width : USUAL_WIDTH;
      }
    } catch (IOException | NumberFormatException e) {
      return USUAL_WIDTH;
    }
  }
}
