package dev.converge.bench;

import java.util.Locale;

/**
 * What a row is to reach.
 *
 * @param bound in the row's unit, or a ratio to the reference
 */
record Goal(Kind kind, double bound) {
  enum Kind {
    NONE,
    RATIO_AT_LEAST,
    RATIO_AT_MOST,
    VALUE_AT_MOST,
    DIFFERENCE_AT_MOST
  }

  static final Goal NONE = new Goal(Kind.NONE, 0);

  static Goal ratioAtLeast(double bound) {
    return new Goal(Kind.RATIO_AT_LEAST, bound);
  }

  static Goal ratioAtMost(double bound) {
    return new Goal(Kind.RATIO_AT_MOST, bound);
  }

  static Goal valueAtMost(double bound) {
    return new Goal(Kind.VALUE_AT_MOST, bound);
  }

  static Goal differenceAtMost(double bound) {
    return new Goal(Kind.DIFFERENCE_AT_MOST, bound);
  }

  boolean isRatio() {
    return kind == Kind.RATIO_AT_LEAST || kind == Kind.RATIO_AT_MOST;
  }

  boolean met(double value, double ratio, double difference) {
    return switch (kind) {
      case NONE -> true;
      case RATIO_AT_LEAST -> ratio >= bound;
      case RATIO_AT_MOST -> ratio <= bound;
      case VALUE_AT_MOST -> value <= bound;
      case DIFFERENCE_AT_MOST -> difference <= bound;
    };
  }

  String text(String unit) {
    String number = String.format(Locale.ROOT, "%s", bound);
    return switch (kind) {
      case NONE -> "";
      case RATIO_AT_LEAST -> ">= " + number + " x";
      case RATIO_AT_MOST -> "<= " + number + " x";
      case VALUE_AT_MOST -> "<= " + number + " " + unit;
      case DIFFERENCE_AT_MOST -> "<= +" + number + " " + unit;
    };
  }
}
