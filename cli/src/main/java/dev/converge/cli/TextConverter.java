package dev.converge.cli;

/** Any text. */
public final class TextConverter implements Converter<String> {
  @Override
  public String convert(String text) {
    return text;
  }
}
