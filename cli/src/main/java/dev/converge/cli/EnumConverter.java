package dev.converge.cli;

import java.util.StringJoiner;

/** The constants of an enum as their {@code toString} writes them, in any case. */
public final class EnumConverter<E extends Enum<E>> implements Converter<E> {
  private final Class<E> type;

  public EnumConverter(Class<E> type) {
    this.type = type;
  }

  @Override
  public E convert(String text) {
    StringJoiner expected = new StringJoiner(" or ", "'" + text + "' (expected: ", ")");
    for (E constant : type.getEnumConstants()) {
      if (constant.toString().equalsIgnoreCase(text)) {
        return constant;
      }
      expected.add(constant.toString());
    }
    throw new IllegalArgumentException(expected.toString());
  }
}
