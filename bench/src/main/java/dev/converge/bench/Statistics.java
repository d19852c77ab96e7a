package dev.converge.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What is made of the samples of several rounds. */
final class Statistics {
  private Statistics() {}

  /**
   * The value in the middle, or the mean of the two there.
   *
   * @throws IllegalArgumentException if there is none
   */
  static double median(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("values: none (expected: at least one)");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The median of the quotients of each round: what disturbs a whole round cancels out. */
  static double medianOfRatios(List<Double> ours, List<Double> reference) {
    return median(
        IntStream.range(0, sameRounds(ours, reference))
            .mapToObj(round -> ours.get(round) / reference.get(round))
            .toList());
  }

  /** The median of the differences of each round. */
  static double medianOfDifferences(List<Double> ours, List<Double> reference) {
    return median(
        IntStream.range(0, sameRounds(ours, reference))
            .mapToObj(round -> ours.get(round) - reference.get(round))
            .toList());
  }

  private static int sameRounds(List<Double> ours, List<Double> reference) {
    if (ours.size() != reference.size()) {
      throw new IllegalArgumentException(
          "rounds: " + ours.size() + " (expected: " + reference.size() + ")");
    }
    return ours.size();
  }

  /**
   * The smallest time that this share of the times does not exceed.
   *
   * @param share above 0, at most 1
   */
  static double percentile(long[] times, double share) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(rank, 1) - 1];
  }
}
