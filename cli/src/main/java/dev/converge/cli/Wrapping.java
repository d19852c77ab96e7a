package dev.converge.cli;

/** Text that goes on in a new line where it would become too wide. */
final class Wrapping {
  private final int width;
  private final StringBuilder text = new StringBuilder();
  private int lineStart;
  private int indent;

  /**
   * @param width of a line at most, in characters; only a longer word makes a longer line
   */
  Wrapping(int width) {
    this.width = width;
  }

  /** Sets with how many blanks lines begin that come of wrapping. */
  void indent(int blanks) {
    indent = blanks;
  }

  /** Adds text that stays in this line. */
  void append(String more) {
    text.append(more);
  }

  /** Goes to a column, in the next line if this one has passed it. */
  void column(int column) {
    if (length() >= column) {
      end();
    }
    text.append(" ".repeat(column - length()));
  }

  /** Adds a word, behind a blank or in a new line. */
  void word(String word) {
    if (length() + 1 + word.length() <= width) {
      text.append(' ');
    } else {
      end();
      text.append(" ".repeat(indent));
    }
    text.append(word);
  }

  /** Adds words with blanks between; those at the start stay. */
  void sentences(String words) {
    int first = words.length() - words.stripLeading().length();
    text.append(words, 0, first);
    String[] rest = words.substring(first).split(" ", -1);
    text.append(rest[0]);
    for (int i = 1; i < rest.length; i++) {
      word(rest[i]);
    }
  }

  /** Ends the line. */
  void end() {
    text.append('\n');
    lineStart = text.length();
  }

  private int length() {
    return text.length() - lineStart;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
