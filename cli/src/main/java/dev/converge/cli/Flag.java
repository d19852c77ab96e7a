package dev.converge.cli;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A flag or parameter with at most one value. */
public final class Flag<T> extends Argument {
  private final Converter<T> converter;
  private @Nullable String implied;
  private @Nullable Predicate<String> notItsValue;
  private @Nullable String fallback;
  private @Nullable T value;

  Flag(@Nullable String name, String label, Converter<T> converter, String help) {
    super(name, label, help);
    this.converter = converter;
  }

  static Flag<Boolean> toggle(String name, String help) {
    Flag<Boolean> flag = new Flag<>(name, "", new BooleanConverter(), help);
    flag.implied = "true";
    flag.fallback = "false";
    return flag;
  }

  /** Another name, with its hyphens and with its own variable. */
  public Flag<T> alias(String name) {
    names().add(name);
    return this;
  }

  /** What it is if it is not given; stands for {@code {default}} in the help. */
  public Flag<T> orElse(String text) {
    fallback = text;
    return this;
  }

  /**
   * Makes its value optional.
   *
   * @param text what stands for a value that is missing
   * @param other what is not its value though it follows it
   */
  public Flag<T> implying(String text, Predicate<String> other) {
    implied = text;
    notItsValue = other;
    return this;
  }

  /** The value of one that always has one. */
  public T value() {
    if (value == null) {
      throw new IllegalStateException(title() + ": read before it was parsed");
    }
    return value;
  }

  /** The value; null if none was given. */
  public @Nullable T valueOrNull() {
    return value;
  }

  @Override
  public boolean isSet() {
    return value != null;
  }

  @Override
  String help() {
    return fallback == null ? super.help() : super.help().replace("{default}", fallback);
  }

  @Override
  @Nullable String implied() {
    return implied;
  }

  @Override
  boolean standsAloneBefore(String next) {
    return label().isEmpty() || (notItsValue != null && notItsValue.test(next));
  }

  @Override
  boolean isRepeatable() {
    return false;
  }

  @Override
  boolean isOptional() {
    return !names().isEmpty() || fallback != null;
  }

  @Override
  boolean isDividedAtBlanks() {
    return false;
  }

  @Override
  void convert(List<String> texts) {
    value = converter.convert(texts.get(0));
  }

  @Override
  void fallBack() {
    value = fallback == null ? null : converter.convert(fallback);
  }
}
