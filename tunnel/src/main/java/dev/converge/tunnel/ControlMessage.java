package dev.converge.tunnel;

/** What a relay says to one end alone, in text messages: an object of JSON with a type. */
final class ControlMessage {
  /** The relay is about to go: the session is to move on. */
  static final String DRAIN = "drain";

  private final String json;
  private int at;

  private ControlMessage(String json) {
    this.json = json;
  }

  /**
   * The string that the object's own member {@code type} is; empty if there is none. Neither is
   * looked for in disguise: what is spelled with escapes is something else.
   */
  static String type(String json) {
    return new ControlMessage(json).type();
  }

  private String type() {
    boolean more = skip('{');
    while (more) {
      String name = value();
      if (!skip(':')) {
        return "";
      }
      String value = value();
      if (name.equals("\"type\"")) {
        boolean text = value.length() > 1 && value.charAt(0) == '"';
        return text ? value.substring(1, value.length() - 1) : "";
      }
      more = skip(',');
    }
    return "";
  }

  private boolean skip(char expected) {
    skipBlanks();
    boolean found = at < json.length() && json.charAt(at) == expected;
    at += found ? 1 : 0;
    return found;
  }

  private void skipBlanks() {
    while (at < json.length() && json.charAt(at) <= ' ') {
      at++;
    }
  }

  /** A value as it is written, whatever is inside it. */
  private String value() {
    skipBlanks();
    int start = at;
    int depth = 0;
    for (; at < json.length() && (depth > 0 || !ends(json.charAt(at))); at++) {
      switch (json.charAt(at)) {
        case '"' -> skipString();
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {}
      }
    }
    return json.substring(start, Math.min(at, json.length())).stripTrailing();
  }

  private static boolean ends(char next) {
    return next == ',' || next == ':' || next == '}' || next == ']';
  }

  /** From its first quote to its last. */
  private void skipString() {
    for (at++; at < json.length() - 1 && json.charAt(at) != '"'; at++) {
      at += json.charAt(at) == '\\' ? 1 : 0;
    }
  }
}
