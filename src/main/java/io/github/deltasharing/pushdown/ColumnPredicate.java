/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.predicate.JsonPredicate.Comparator;
import java.util.List;

/**
 * A predicate of Spark's in the few forms that somebody but Spark can decide. It means what it
 * means in SQL; {@link Other} is what is not understood. Values are Spark's internal ones, of the
 * column's type. Immutable.
 */
sealed interface ColumnPredicate {

  /** {@code column comparator value}; the value is never null. */
  record Comparison(Comparator comparator, ScanColumn column, Object value)
      implements ColumnPredicate {}

  /** {@code left comparator right}, of one type. */
  record Columns(Comparator comparator, ScanColumn left, ScanColumn right)
      implements ColumnPredicate {}

  /** {@code column IN (values)}: one at least, none null; {@code orNull} if null is listed too. */
  record In(ScanColumn column, List<Object> values, boolean orNull) implements ColumnPredicate {}

  /** Never unknown. */
  record IsNull(ScanColumn column) implements ColumnPredicate {}

  /** The ways to look for a piece of text. */
  enum TextTest {
    STARTS_WITH,
    ENDS_WITH,
    CONTAINS
  }

  record Text(TextTest test, ScanColumn column, String piece) implements ColumnPredicate {}

  record And(List<ColumnPredicate> children) implements ColumnPredicate {}

  record Or(List<ColumnPredicate> children) implements ColumnPredicate {}

  record Not(ColumnPredicate child) implements ColumnPredicate {}

  /**
   * @param value null for SQL's unknown
   */
  record Constant(Boolean value) implements ColumnPredicate {}

  /** Something that only Spark understands. */
  record Other() implements ColumnPredicate {}
}
