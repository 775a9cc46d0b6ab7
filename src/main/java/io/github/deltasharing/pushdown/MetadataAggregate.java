/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FilterValue;
import io.github.deltasharing.table.ValueRange;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Count;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.expressions.aggregate.Max;
import org.apache.spark.sql.connector.expressions.aggregate.Min;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * One aggregate function over files.
 *
 * @param function which
 * @param column of what; null for COUNT(*)
 */
record MetadataAggregate(Function function, ScanColumn column) {

  enum Function {
    COUNT,
    MIN,
    MAX
  }

  /** What the files so far amount to. */
  static final class State {
    private long count;
    private FilterValue extreme;
  }

  /** Empty when it is another function than these. */
  static Optional<MetadataAggregate> of(AggregateFunc function, ScanColumns columns) {
    if (function instanceof CountStar) {
      return Optional.of(new MetadataAggregate(Function.COUNT, null));
    } else if (function instanceof Count count && !count.isDistinct()) {
      return of(Function.COUNT, count.column(), columns);
    } else if (function instanceof Min min) {
      return of(Function.MIN, min.column(), columns);
    } else if (function instanceof Max max) {
      return of(Function.MAX, max.column(), columns);
    }
    return Optional.empty();
  }

  private static Optional<MetadataAggregate> of(
      Function function, Expression column, ScanColumns columns) {
    return column instanceof NamedReference name
        ? columns.find(name).map(found -> new MetadataAggregate(function, found))
        : Optional.empty();
  }

  String name() {
    return function + "(" + (column == null ? "*" : column) + ")";
  }

  DataType type() {
    return function == Function.COUNT ? DataTypes.LongType : column.type();
  }

  /** Takes a file in; false when what it adds is not exactly known. */
  boolean add(State state, FileFacts file) {
    if (function == Function.COUNT) {
      OptionalLong rows = column == null ? file.liveRows() : column.file().valueCount(file);
      state.count += rows.orElse(0);
      return rows.isPresent();
    }
    Optional<ValueRange> range = column.file().exactRange(file);
    if (range.isPresent() && range.get().mayBeValue()) {
      FilterValue value = function == Function.MIN ? range.get().lower() : range.get().upper();
      int order = state.extreme == null ? 0 : value.compareTo(state.extreme);
      if (state.extreme == null || (function == Function.MIN ? order < 0 : order > 0)) {
        state.extreme = value;
      }
    }
    return range.isPresent();
  }

  Object result(State state) {
    if (function == Function.COUNT) {
      return state.count;
    }
    return state.extreme == null ? null : CatalystValues.internal(state.extreme, column.type());
  }

  @Override
  public String toString() {
    return name();
  }
}
