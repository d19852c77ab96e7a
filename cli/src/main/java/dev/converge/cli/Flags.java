package dev.converge.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The flags and parameters of one program. A group of flags is a class whose constructor registers
 * them here, and which reads them after {@link #parse}.
 */
public final class Flags {
  private final String program;
  private final EnvironmentDefaults environment;
  private final List<Argument> flags = new ArrayList<>();
  private final List<Argument> parameters = new ArrayList<>();
  private final Flag<Boolean> help = Flag.toggle("--help", "Show this help message and exit.");
  private final Flag<Boolean> version =
      Flag.toggle("--version", "Print version information and exit.");
  private List<String> description = List.of();
  private List<String> footer = List.of();

  /**
   * @param environment gives {@code --some-flag} a value as {@code CONVERGE_SOME_FLAG}
   */
  public Flags(String program, Map<String, String> environment) {
    this.program = program;
    this.environment = new EnvironmentDefaults(environment);
  }

  /**
   * Adds a flag with a value.
   *
   * @param name with its hyphens
   * @param label what stands for the value in the help
   */
  public <T> Flag<T> option(String name, String label, Converter<T> converter, String help) {
    return added(flags, new Flag<>(name, label, converter, help));
  }

  /** Adds a flag with a value, which can be repeated. */
  public <T> ListFlag<T> list(String name, String label, Converter<T> converter, String help) {
    return added(flags, new ListFlag<>(name, label, converter, help));
  }

  /** Adds a flag that is off unless it is given. */
  public Flag<Boolean> toggle(String name, String help) {
    return added(flags, Flag.toggle(name, help));
  }

  /** Adds a parameter, which has to be given unless it has a default; they come in this order. */
  public <T> Flag<T> parameter(String label, Converter<T> converter, String help) {
    return added(parameters, new Flag<>(null, label, converter, help));
  }

  private static <A extends Argument> A added(List<Argument> to, A argument) {
    to.add(argument);
    return argument;
  }

  /** Sets the lines of the help above the flags, and those below. */
  public void describe(List<String> above, List<String> below) {
    description = above;
    footer = below;
  }

  /** What the program is called. */
  public String program() {
    return program;
  }

  /** Whether there is such a flag, and it has a value from wherever. */
  public boolean isSet(String name) {
    for (Argument flag : flags) {
      if (flag.names().contains(name)) {
        return flag.isSet();
      }
    }
    return false;
  }

  /** Prints a line of warning for the user. */
  public void warn(String line) {
    System.err.println(program + ": warning: " + line);
  }

  /**
   * Gives each flag and parameter its value, but none if the help or the version is asked for.
   *
   * @throws IllegalArgumentException if the arguments are not understood; the message is for the
   *     user
   */
  public void parse(String... arguments) {
    Tokenizer tokenizer = new Tokenizer();
    for (Argument flag : flags) {
      tokenizer.add(flag);
    }
    tokenizer.add("h", help);
    tokenizer.add("V", version);
    List<String> rest = tokenizer.read(arguments);
    if (isHelpAsked() || isVersionAsked()) {
      return;
    }
    place(rest);
    settle(flags);
    settle(parameters);
    checkComplete();
  }

  private void place(List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      if (i == parameters.size()) {
        throw new IllegalArgumentException("Unexpected argument: '" + texts.get(i) + "'");
      }
      parameters.get(i).type(texts.get(i));
    }
  }

  private void settle(List<Argument> arguments) {
    for (Argument argument : arguments) {
      argument.settle(environment);
    }
  }

  private void checkComplete() {
    List<String> missing = new ArrayList<>();
    for (Argument parameter : parameters) {
      if (!parameter.isSet()) {
        missing.add("'" + parameter.label() + "'");
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          (missing.size() == 1 ? "Missing required parameter: " : "Missing required parameters: ")
              + String.join(", ", missing));
    }
  }

  boolean isHelpAsked() {
    return help.isTyped();
  }

  boolean isVersionAsked() {
    return version.isTyped();
  }

  /** The help, in lines of at most {@code width} characters. */
  String help(int width) {
    return new Help(width)
        .synopsis(program, flags, parameters)
        .paragraphs(description)
        .gap(!description.isEmpty())
        .table(flags, parameters, help, version)
        .gap(!footer.isEmpty())
        .paragraphs(footer)
        .toString();
  }
}
