/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FilterValue;
import io.github.deltasharing.table.ValueRange;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.spark.sql.connector.read.colstats.ColumnStatistics;

/**
 * What a column's values are in some files, summed up file by file. Bounds are used where exact
 * values are not known, which is good enough for estimates. Not thread-safe.
 */
final class ColumnSummary implements ColumnStatistics {
  private final ScanColumn column;
  private final Set<FilterValue> distinct = new HashSet<>();
  private ValueRange range;
  private boolean bounded = true;
  private OptionalLong nulls = OptionalLong.of(0);

  ColumnSummary(ScanColumn column) {
    this.column = column;
  }

  void add(FileFacts file) {
    ValueRange next = column.file().range(file);
    bounded &= !next.mayBeValue() || (next.lower() != null && next.upper() != null);
    OptionalLong values = column.file().valueCount(file);
    OptionalLong rows = file.liveRows();
    nulls =
        nulls.isPresent() && values.isPresent() && rows.isPresent()
            ? OptionalLong.of(nulls.getAsLong() + rows.getAsLong() - values.getAsLong())
            : OptionalLong.empty();
    if (bounded && next.mayBeValue()) {
      if (column.isPartition()) {
        distinct.add(next.lower());
      }
      range = range == null ? next : range.including(next);
    }
  }

  /** Of partition columns only: a file's statistics do not say how many values it has. */
  @Override
  public OptionalLong distinctCount() {
    return column.isPartition() && bounded
        ? OptionalLong.of(distinct.size())
        : OptionalLong.empty();
  }

  @Override
  public Optional<Object> min() {
    return bounded && range != null ? internal(range.lower()) : Optional.empty();
  }

  @Override
  public Optional<Object> max() {
    return bounded && range != null && !range.mayBeNan()
        ? internal(range.upper())
        : Optional.empty();
  }

  private Optional<Object> internal(FilterValue value) {
    try {
      return Optional.of(CatalystValues.internal(value, column.type()));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  @Override
  public OptionalLong nullCount() {
    return nulls;
  }
}
