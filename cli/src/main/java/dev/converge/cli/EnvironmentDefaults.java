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
  static String variable(String longestName) {
    return "CONVERGE_" + longestName.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (argument instanceof OptionSpec option
        && option.longestName().startsWith("--")
        && !option.usageHelp()
        && !option.versionHelp()) {
      String value = environment.get(variable(option.longestName()));
      return value == null || !option.isMultiValue() ? value : lines(value, isOfFiles(option));
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
