package dev.converge.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives {@code --some-flag} the value of {@code CONVERGE_SOME_FLAG} unless it was given itself. For
 * a flag that can be repeated that is a list with commas or line breaks between, or blanks too
 * unless it is one of files.
 */
final class EnvironmentDefaults {
  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The variable that stands for a flag. */
  static String variable(String name) {
    return "CONVERGE_" + name.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** The variable that is set for it, if any; each of its names counts. */
  @Nullable String variableOf(Argument flag) {
    for (String name : flag.names()) {
      String variable = variable(name);
      if (environment.containsKey(variable)) {
        return variable;
      }
    }
    return null;
  }

  /** What a variable says. */
  List<String> texts(Argument flag, String variable) {
    String text = environment.getOrDefault(variable, "");
    if (!flag.isRepeatable()) {
      return List.of(text);
    }
    return List.of(text.strip().split(flag.isDividedAtBlanks() ? "[,\\s]+" : "\\s*[,\\n]\\s*"));
  }
}
