package dev.converge.cli;

/** {@code true} or {@code false}, in any case. */
final class BooleanConverter implements Converter<Boolean> {
  @Override
  public Boolean convert(String text) {
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return Boolean.valueOf(text);
    }
    throw new IllegalArgumentException("'" + text + "' (expected: true or false)");
  }
}
