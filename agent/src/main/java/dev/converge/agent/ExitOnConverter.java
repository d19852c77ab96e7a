package dev.converge.agent;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@link ExitOn} as it stands on the command line. */
final class ExitOnConverter implements ITypeConverter<ExitOn> {
  @Override
  public ExitOn convert(String value) {
    return Arrays.stream(ExitOn.values())
        .filter(exitOn -> exitOn.toString().equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException("'" + value + "' (expected: first-exit or last-exit)"));
  }
}
