package dev.converge.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that a command line can have: a flag, or a parameter, which has no name. */
public abstract class Argument {
  private final List<String> names = new ArrayList<>(2);
  private final List<String> typed = new ArrayList<>(1);
  private final String label;
  private final String help;

  /**
   * @param name with its hyphens; null for a parameter
   * @param label what stands for the value; empty if there is none to be given
   */
  Argument(@Nullable String name, String label, String help) {
    if (name != null) {
      names.add(name);
    }
    this.label = label;
    this.help = help;
  }

  /** Whether it stands on the command line, where {@code ps} shows it. */
  public final boolean isTyped() {
    return !typed.isEmpty();
  }

  /** Whether the command line, the environment or a default gives it a value. */
  public abstract boolean isSet();

  final List<String> names() {
    return names;
  }

  final String label() {
    return label;
  }

  /** The sentences about it. */
  String help() {
    return help;
  }

  /** How messages call it. */
  final String title() {
    return names.isEmpty() ? label : "option '" + names.get(0) + "'";
  }

  /** Another text of the command line. */
  final void type(String text) {
    typed.add(text);
  }

  /** What stands for a value that is not there; null if there has to be one. */
  abstract @Nullable String implied();

  /** Whether what follows on the command line is not its value, whatever it looks like. */
  abstract boolean standsAloneBefore(String next);

  abstract boolean isRepeatable();

  /** Whether it need not be given. */
  abstract boolean isOptional();

  /** Whether texts of the environment are divided at blanks, too. */
  abstract boolean isDividedAtBlanks();

  /**
   * @param texts at least one
   * @throws IllegalArgumentException if one of them is no value
   */
  abstract void convert(List<String> texts);

  /** Gives it its default, if it has one. */
  abstract void fallBack();

  /** Takes the value from the command line, else from the environment, else the default. */
  final void settle(EnvironmentDefaults environment) {
    String variable = isTyped() ? null : environment.variableOf(this);
    if (isTyped()) {
      convert(typed, title());
    } else if (variable != null) {
      convert(environment.texts(this, variable), title() + " (" + variable + ")");
    } else {
      fallBack();
    }
  }

  private void convert(List<String> texts, String where) {
    try {
      convert(texts);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("Invalid value for " + where + ": " + e.getMessage(), e);
    }
  }
}
