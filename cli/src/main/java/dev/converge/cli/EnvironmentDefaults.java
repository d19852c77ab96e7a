package dev.converge.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Gives {@code --some-flag} the value of {@code CONVERGE_SOME_FLAG} unless it was given itself. For
 * a flag that can be repeated that is a list with commas or line breaks between, or blanks too
 * unless it is one of files; the flag gets it with one value in each line.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {
  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The variable that stands for a flag. */
  static String variable(String longName) {
    return "CONVERGE_" + longName.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (argument instanceof OptionSpec option
        && option.longestName().startsWith("--")
        && !option.usageHelp()
        && !option.versionHelp()) {
      return value(option);
    }
    return null;
  }

  /** Each of its long names counts; to picocli a dollar sign is written twice. */
  private @Nullable String value(OptionSpec option) {
    for (String name : option.names()) {
      String value = name.startsWith("--") ? environment.get(variable(name)) : null;
      if (value != null) {
        String literal = value.replace("$", "$$");
        return option.isMultiValue() ? lines(literal, isOfFiles(option)) : literal;
      }
    }
    return null;
  }

  private static String lines(String list, boolean ofFiles) {
    return list.strip().replaceAll(ofFiles ? "\\s*[,\\n]\\s*" : "[,\\s]+", "\n");
  }

  private static boolean isOfFiles(OptionSpec option) {
    return List.of(option.auxiliaryTypes()).contains(Path.class);
  }
}
