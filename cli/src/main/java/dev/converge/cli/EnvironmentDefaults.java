package dev.converge.cli;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Gives {@code --some-flag} the value of {@code CONVERGE_SOME_FLAG} unless it was given itself. */
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
      return environment.get(variable(option.longestName()));
    }
    return null;
  }
}
