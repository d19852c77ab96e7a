package dev.converge.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The table as people read it in a terminal, and as Markdown. */
final class TextTable {
  private static final List<String> TITLES =
      List.of("figure", "what", "Converge", "reference", "ratio", "goal", "", "others");

  private TextTable() {}

  private static List<String> cells(Summary summary) {
    return List.of(
        summary.row().figure(),
        summary.row().name(),
        summary.samples().containsKey(Row.OURS) ? summary.ours() : "",
        summary.reference(),
        summary.comparison(),
        summary.goal(),
        summary.verdict(),
        summary.others());
  }

  static String plain(List<Summary> summaries) {
    List<List<String>> lines = new ArrayList<>(List.of(TITLES));
    summaries.forEach(summary -> lines.add(cells(summary)));
    int[] widths =
        IntStream.range(0, TITLES.size())
            .map(i -> lines.stream().mapToInt(line -> line.get(i).length()).max().orElse(0))
            .toArray();
    return lines.stream().map(line -> pad(line, widths)).collect(Collectors.joining("\n")) + "\n";
  }

  private static String pad(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
    }
    return line.toString().stripTrailing();
  }

  /** A table without the column of figures. */
  static String markdown(List<Summary> summaries) {
    StringBuilder table =
        new StringBuilder("| " + String.join(" | ", TITLES.subList(1, 8)) + " |\n");
    table.append("|---|---:|---:|---:|---:|---|---|\n");
    for (Summary summary : summaries) {
      List<String> cells = cells(summary);
      table.append("| ").append(String.join(" | ", cells.subList(1, 8))).append(" |\n");
    }
    return table.toString();
  }
}
