/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

/**
 * What is certain about the values of an operand in the rows of one file. Immutable.
 *
 * @param lower not above any value; null when not known
 * @param upper not below any value except NaN; null when not known
 * @param mayBeNull whether some row may have null
 * @param mayBeValue whether some row may have a value
 * @param mayBeNan whether a value may be NaN, which no bound covers and which sorts last
 */
public record ValueRange(
    FilterValue lower, FilterValue upper, boolean mayBeNull, boolean mayBeValue, boolean mayBeNan) {

  /** Nothing is known. */
  static final ValueRange UNKNOWN = new ValueRange(null, null, true, true, true);

  /** Every row has null. */
  static final ValueRange NULL = new ValueRange(null, null, true, false, false);

  /** Every row has this value. */
  static ValueRange exactly(FilterValue value) {
    return new ValueRange(value, value, false, true, false);
  }

  /** The range of the rows of both; both have known bounds. */
  public ValueRange including(ValueRange other) {
    return new ValueRange(
        lower.compareTo(other.lower) <= 0 ? lower : other.lower,
        upper.compareTo(other.upper) >= 0 ? upper : other.upper,
        mayBeNull || other.mayBeNull,
        mayBeValue || other.mayBeValue,
        mayBeNan || other.mayBeNan);
  }

  /** What is certain of the rows of both, bounds known or not. */
  ValueRange union(ValueRange other) {
    if (!mayBeValue) {
      return other.orNull(mayBeNull, mayBeNan);
    }
    if (!other.mayBeValue) {
      return orNull(other.mayBeNull, other.mayBeNan);
    }
    return new ValueRange(
        lower == null || other.lower == null
            ? null
            : lower.compareTo(other.lower) <= 0 ? lower : other.lower,
        upper == null || other.upper == null
            ? null
            : upper.compareTo(other.upper) >= 0 ? upper : other.upper,
        mayBeNull || other.mayBeNull,
        true,
        mayBeNan || other.mayBeNan);
  }

  private ValueRange orNull(boolean orNull, boolean orNan) {
    return new ValueRange(lower, upper, mayBeNull || orNull, mayBeValue, mayBeNan || orNan);
  }

  /** Whether some value of this may be less than (or equal to) some value of the other. */
  boolean mayBeLess(ValueRange other, boolean orEqual) {
    if (lower == null || other.upper == null || other.mayBeNan) {
      return true;
    }
    int order = lower.compareTo(other.upper);
    return orEqual ? order <= 0 : order < 0;
  }

  /** Whether some value of this may equal some value of the other. */
  boolean mayEqual(ValueRange other) {
    boolean ordered =
        (lower == null || other.upper == null || lower.compareTo(other.upper) <= 0)
            && (upper == null || other.lower == null || other.lower.compareTo(upper) <= 0);
    return ordered || (mayBeNan && other.mayBeNan);
  }

  /** Whether some value of this may differ from some value of the other. */
  boolean mayDiffer(ValueRange other) {
    return !(isOneValue() && other.isOneValue() && lower.compareTo(other.lower) == 0);
  }

  /** Whether all rows that are not null have the same value, {@link #lower}. */
  boolean isOneValue() {
    return lower != null && upper != null && !mayBeNan && lower.compareTo(upper) == 0;
  }
}
