package dev.converge.cli;

import java.nio.file.Path;

/** Names of files. */
public final class PathConverter implements Converter<Path> {
  @Override
  public Path convert(String text) {
    return Path.of(text);
  }
}
