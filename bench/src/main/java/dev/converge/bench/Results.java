package dev.converge.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** All samples of a run, and remarks. */
final class Results {
  private final Map<Row, Map<String, List<Double>>> rows = new LinkedHashMap<>();
  private final Map<String, Map<String, Map<Double, List<Double>>>> curves = new LinkedHashMap<>();
  private final Set<String> remarks = new LinkedHashSet<>();

  /** One peer's value of one round; each peer has one in each round, in the order of rounds. */
  void add(Row row, String peer, double value) {
    rows.computeIfAbsent(row, key -> new LinkedHashMap<>())
        .computeIfAbsent(peer, key -> new ArrayList<>())
        .add(value);
  }

  /** A point of a plot, one round's. */
  void point(String plot, String series, double x, double y) {
    curves
        .computeIfAbsent(plot, key -> new LinkedHashMap<>())
        .computeIfAbsent(series, key -> new TreeMap<>())
        .computeIfAbsent(x, key -> new ArrayList<>())
        .add(y);
  }

  /** Something that the reader of the table has to know, such as what was left out and why. */
  void remark(String text) {
    remarks.add(text);
  }

  List<Summary> summaries() {
    return rows.entrySet().stream()
        .map(entry -> new Summary(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** The medians of a plot's points, by series and x; empty if nothing was measured for it. */
  Map<String, Map<Double, Double>> curves(String plot) {
    Map<String, Map<Double, Double>> medians = new TreeMap<>();
    curves
        .getOrDefault(plot, Map.of())
        .forEach(
            (series, points) -> {
              Map<Double, Double> line = new TreeMap<>();
              points.forEach((x, values) -> line.put(x, Statistics.median(values)));
              medians.put(series, line);
            });
    return medians;
  }

  Set<String> remarks() {
    return remarks;
  }
}
