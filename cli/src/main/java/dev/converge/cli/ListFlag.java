package dev.converge.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A flag that can be repeated; in the environment it is a list. */
public final class ListFlag<T> extends Argument {
  private final Converter<T> converter;
  private final List<T> values = new ArrayList<>();
  private boolean commas;

  ListFlag(String name, String label, Converter<T> converter, String help) {
    super(name, label, help);
    this.converter = converter;
  }

  /** Lets several values stand together, with commas between them. */
  public ListFlag<T> dividedAtCommas() {
    commas = true;
    return this;
  }

  /** The values, in the order of the command line. */
  public List<T> values() {
    return List.copyOf(values);
  }

  @Override
  public boolean isSet() {
    return !values.isEmpty();
  }

  @Override
  @Nullable String implied() {
    return null;
  }

  @Override
  boolean standsAloneBefore(String next) {
    return false;
  }

  @Override
  boolean isRepeatable() {
    return true;
  }

  @Override
  boolean isOptional() {
    return true;
  }

  /** The names of files may have blanks in them. */
  @Override
  boolean isDividedAtBlanks() {
    return !(converter instanceof PathConverter);
  }

  @Override
  void convert(List<String> texts) {
    for (String text : texts) {
      for (String part : commas ? text.split(",", -1) : new String[] {text}) {
        values.add(converter.convert(part));
      }
    }
  }

  @Override
  void fallBack() {}
}
