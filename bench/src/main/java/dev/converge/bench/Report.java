package dev.converge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes what was measured: table.txt, samples.csv, performance.md and its plots. */
final class Report {
  private final Settings settings;
  private final Results results;
  private final String command;

  Report(Settings settings, Results results, String command) {
    this.settings = settings;
    this.results = results;
    this.command = command;
  }

  void write() throws IOException, InterruptedException {
    Files.createDirectories(settings.out());
    List<Summary> summaries = results.summaries();
    put("table.txt", head() + "\n\n" + TextTable.plain(summaries) + remarks(""));
    put("samples.csv", samples(summaries));
    put("performance.md", markdown(summaries));
  }

  private void put(String name, String content) throws IOException {
    Files.writeString(settings.out().resolve(name), content);
  }

  private String head() throws IOException, InterruptedException {
    return Machine.describe()
        + "; "
        + Machine.versions()
        + "; `"
        + command
        + "`, medians of "
        + settings.rounds()
        + " interleaved rounds"
        + (settings.quick() ? ", QUICK: no figure to quote" : "")
        + ".";
  }

  private String remarks(String bullet) {
    StringBuilder all = new StringBuilder();
    results.remarks().forEach(remark -> all.append(bullet).append(remark).append('\n'));
    return all.toString();
  }

  private static String samples(List<Summary> summaries) {
    StringBuilder csv = new StringBuilder("figure;what;unit;peer;values\n");
    for (Summary summary : summaries) {
      Row row = summary.row();
      summary
          .samples()
          .forEach(
              (peer, values) ->
                  csv.append(
                          String.join(
                              ";", row.figure(), row.name(), row.unit(), peer, values.toString()))
                      .append('\n'));
    }
    return csv.toString();
  }

  private String markdown(List<Summary> summaries) throws IOException {
    StringBuilder page = new StringBuilder();
    try {
      page.append(head()).append("\n\n").append(TextTable.markdown(summaries)).append('\n');
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    page.append(remarks("- ")).append('\n');
    plot(page, "ratios", Plots.ratios(summaries));
    lines(page, MemoryFigure.PLOT, "Memory of idle pairs, MiB, by their number", false);
    lines(page, GrowthFigure.PLOT, "CPU seconds for each GB, by the number of pairs", true);
    return page.toString();
  }

  private void lines(StringBuilder page, String plot, String title, boolean logarithmic)
      throws IOException {
    Map<String, Map<Double, Double>> series = results.curves(plot);
    if (!series.isEmpty()) {
      plot(page, plot, Plots.lines(title, series, logarithmic));
    }
  }

  private void plot(StringBuilder page, String name, String svg) throws IOException {
    put(name + ".svg", svg);
    page.append(String.format(Locale.ROOT, "![%1$s](performance/%1$s.svg)%n%n", name));
  }
}
