package dev.converge.bench;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The plots of a report. */
final class Plots {
  private static final int WIDTH = 760;
  private static final int BAR = 18;
  private static final int LABELS = 330;
  private static final int LEGEND = 150;
  private static final double MOST_SHOWN = 2;

  private Plots() {}

  /** The ratio of each row whose goal is one; a mark stands where the goal is. */
  static String ratios(List<Summary> summaries) {
    List<Summary> rows =
        summaries.stream().filter(summary -> summary.row().goal().isRatio()).toList();
    int height = 50 + rows.size() * BAR;
    Svg svg = new Svg(WIDTH, height);
    svg.text(10, 18, "start", "Ratio to the reference; the mark is the goal (blue: met)");
    for (int i = 0; i < rows.size(); i++) {
      ratio(svg, rows.get(i), 30 + i * BAR);
    }
    return svg.line(x(1), 26, x(1), height - 18, "#444")
        .text(x(1), height - 4, "middle", "1.0")
        .toString();
  }

  private static void ratio(Svg svg, Summary row, double y) {
    String colour = Svg.colour(row.verdict().equals("met") ? 0 : 1);
    double ratio = Math.min(MOST_SHOWN, row.ratio());
    svg.text(LABELS - 6, y + 11, "end", row.row().name() + " (" + row.row().unit() + ")")
        .bar(LABELS, y, x(ratio) - LABELS, BAR - 5, colour)
        .text(x(ratio) + 4, y + 11, "start", Summary.number(row.ratio()));
    double goal = x(row.row().goal().bound());
    svg.line(goal, y - 2, goal, y + BAR - 3, "#000");
  }

  private static double x(double ratio) {
    return LABELS + ratio / MOST_SHOWN * (WIDTH - LABELS - 50);
  }

  /**
   * Lines over the number of pairs.
   *
   * @param logarithmic whether equal steps to the right are equal factors
   */
  static String lines(String title, Map<String, Map<Double, Double>> series, boolean logarithmic) {
    int height = 320;
    double top = series.values().stream().map(Map::values).mapToDouble(Plots::most).max().orElse(1);
    double right =
        series.values().stream().map(Map::keySet).mapToDouble(Plots::most).max().orElse(1);
    Axes axes = new Axes(60, WIDTH - LEGEND, height - 40, 40, right, top, logarithmic);
    Svg svg = new Svg(WIDTH, height).text(10, 20, "start", title);
    axes.draw(svg, series.values().iterator().next().keySet());
    int number = 0;
    for (Map.Entry<String, Map<Double, Double>> line : series.entrySet()) {
      axes.draw(svg, line.getValue(), Svg.colour(number));
      svg.bar(WIDTH - LEGEND + 20, 40 + number * BAR, 10, 10, Svg.colour(number))
          .text(WIDTH - LEGEND + 36, 50 + number * BAR, "start", line.getKey());
      number++;
    }
    return svg.toString();
  }

  private static double most(Collection<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
  }

  /** Where the values are on the drawing. */
  private record Axes(
      double left,
      double end,
      double bottom,
      double head,
      double right,
      double top,
      boolean logarithmic) {
    double x(double value) {
      double part = logarithmic ? Math.log(value) / Math.log(right) : value / right;
      return left + part * (end - left);
    }

    double y(double value) {
      return bottom - value / top * (bottom - head);
    }

    void draw(Svg svg, Collection<Double> ticks) {
      svg.line(left, bottom, end, bottom, "#444").line(left, bottom, left, head, "#444");
      for (double tick : ticks) {
        svg.text(x(tick), bottom + 16, "middle", String.format(Locale.ROOT, "%,.0f", tick));
      }
      svg.text((left + end) / 2, bottom + 34, "middle", "pairs");
      for (double share : new double[] {0, 0.5, 1}) {
        svg.text(left - 6, y(share * top) + 4, "end", Summary.number(share * top));
      }
    }

    void draw(Svg svg, Map<Double, Double> points, String colour) {
      double[] last = {Double.NaN, Double.NaN};
      points.forEach(
          (x, y) -> {
            if (!Double.isNaN(last[0])) {
              svg.line(last[0], last[1], x(x), y(y), colour);
            }
            svg.dot(x(x), y(y), colour);
            last[0] = x(x);
            last[1] = y(y);
          });
    }
  }
}
