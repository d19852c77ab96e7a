package dev.converge.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is told of a row.
 *
 * @param samples the values of each peer, in the order of rounds
 */
record Summary(Row row, Map<String, List<Double>> samples) {
  private static final double MANY_DIGITS = 100;

  String ours() {
    return value(Row.OURS);
  }

  String reference() {
    return samples.containsKey(row.reference())
        ? row.reference() + " " + value(row.reference())
        : "";
  }

  String others() {
    return samples.keySet().stream()
        .filter(peer -> !peer.equals(Row.OURS) && !peer.equals(row.reference()))
        .map(peer -> peer + " " + value(peer))
        .collect(Collectors.joining(", "));
  }

  private String value(String peer) {
    return number(Statistics.median(of(peer))) + " " + row.unit();
  }

  static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < MANY_DIGITS ? "%.2f" : "%.0f", value);
  }

  /** Not a number without a reference. */
  double ratio() {
    return samples.containsKey(row.reference())
        ? Statistics.medianOfRatios(of(Row.OURS), of(row.reference()))
        : Double.NaN;
  }

  private double difference() {
    return samples.containsKey(row.reference())
        ? Statistics.medianOfDifferences(of(Row.OURS), of(row.reference()))
        : Double.NaN;
  }

  /** The ratio, or the difference if the goal is one. */
  String comparison() {
    if (row.goal().kind() == Goal.Kind.DIFFERENCE_AT_MOST) {
      return String.format(Locale.ROOT, "%+.2f %s", difference(), row.unit());
    }
    return Double.isNaN(ratio()) ? "" : String.format(Locale.ROOT, "%.2f", ratio());
  }

  String goal() {
    return row.goal().text(row.unit());
  }

  String verdict() {
    if (row.goal().kind() == Goal.Kind.NONE) {
      return "";
    }
    boolean met = row.goal().met(Statistics.median(of(Row.OURS)), ratio(), difference());
    return met ? "met" : "missed";
  }

  private List<Double> of(String peer) {
    return samples.getOrDefault(peer, List.of());
  }
}
