package dev.converge.bench;

/**
 * A line of the table: one thing that is measured with each peer in each round.
 *
 * @param unit of the values
 * @param reference the name of the peer that ours is compared with
 */
record Row(String figure, String name, String unit, String reference, Goal goal) {
  /** The name of ours in all rows. */
  static final String OURS = "Converge";

  /** The same without a goal, for information. */
  static Row info(String figure, String name, String unit, String reference) {
    return new Row(figure, name, unit, reference, Goal.NONE);
  }
}
