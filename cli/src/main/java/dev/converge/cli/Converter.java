package dev.converge.cli;

/** Reads the text of a flag. */
public interface Converter<T> {
  /**
   * The value that {@code text} means.
   *
   * @throws IllegalArgumentException if it is none; the message is a line for the user and says
   *     what is expected
   */
  T convert(String text);
}
