package dev.converge.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The text of {@code --help}: a synopsis, paragraphs, and a table of two columns. */
final class Help {
  /** What stands before a name: room for its letter. */
  private static final int NAMES = 6;

  /** A longer name has its sentences in the lines below. */
  private static final int MOST_NAME = 20;

  private static final int GAP = 3;

  private final Wrapping text;

  Help(int width) {
    text = new Wrapping(width);
  }

  Help synopsis(String program, List<Argument> flags, List<Argument> parameters) {
    String start = "Usage: " + program + " ";
    text.indent(start.length());
    text.append(start + "[-hV]");
    List<Argument> sorted = new ArrayList<>(flags);
    sorted.sort(Comparator.comparing(Help::rank));
    sorted.forEach(flag -> text.word(synopsis(flag)));
    for (Argument parameter : parameters) {
      text.word(parameter.isOptional() ? "[" + parameter.label() + "]" : parameter.label());
    }
    text.end();
    return this;
  }

  /** First those that stand alone, last those that can be repeated. */
  private static String rank(Argument flag) {
    String kind = flag.isRepeatable() ? "3" : flag.implied() == null ? "2" : "1";
    return (flag.label().isEmpty() ? "0" : kind) + flag.names().get(0);
  }

  private static String synopsis(Argument flag) {
    String one = "[" + flag.names().get(0) + value(flag) + "]";
    return flag.isRepeatable() ? one + "..." : one;
  }

  private static String value(Argument flag) {
    if (flag.label().isEmpty()) {
      return "";
    }
    return flag.implied() == null ? "=" + flag.label() : "[=" + flag.label() + "]";
  }

  Help paragraphs(List<String> paragraphs) {
    text.indent(0);
    for (String paragraph : paragraphs) {
      text.sentences(paragraph);
      text.end();
    }
    return this;
  }

  Help gap(boolean needed) {
    if (needed) {
      text.end();
    }
    return this;
  }

  Help table(List<Argument> flags, List<Argument> parameters, Argument help, Argument version) {
    int longest = 0;
    for (Argument flag : flags) {
      longest = Math.max(longest, title(flag).length());
    }
    int column = NAMES + Math.min(longest, MOST_NAME) + GAP;
    parameters.forEach(parameter -> row("      " + parameter.label(), column, parameter.help()));
    flags.forEach(flag -> row("      " + title(flag), column, flag.help()));
    row("  -h, " + title(help), column, help.help());
    row("  -V, " + title(version), column, version.help());
    return this;
  }

  private static String title(Argument flag) {
    return String.join(", ", flag.names()) + value(flag);
  }

  private void row(String title, int column, String sentences) {
    text.indent(column + 2);
    text.append(title);
    text.column(column);
    text.sentences(sentences);
    text.end();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
