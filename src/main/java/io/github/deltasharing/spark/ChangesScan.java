/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeFilter;
import io.github.deltasharing.changes.ChangeRange;
import io.github.deltasharing.pushdown.PushedPredicates;
import io.github.deltasharing.pushdown.RuntimeFilters;
import io.github.deltasharing.pushdown.ScanColumns;
import io.github.deltasharing.pushdown.StatisticsSum;
import io.github.deltasharing.read.ChangeColumns;
import java.util.Arrays;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Statistics;

/** One scan of a table's changes. Driver only; thread-safe. */
final class ChangesScan extends FileScan {
  private final ChangeRange range;
  private final boolean whole;
  private final ChangeFilter filter;
  private final Object planning = QueryListings.planning();

  /** Made when a batch is: options that a batch needs are none of a stream's business. */
  private ChangedFiles files;

  /**
   * @param range of a batch; null where the options do not say where it starts
   * @param whole whether a batch without a range reads the whole shared history
   * @param filter what the query wants of the change columns
   */
  ChangesScan(
      LoadedTable table,
      ProjectedSchema columns,
      PushedPredicates predicates,
      ScanColumns filterColumns,
      ChangeRange range,
      boolean whole,
      ChangeFilter filter) {
    super(
        table, columns, predicates, filterColumns, Arrays.asList(range, whole, predicates, filter));
    this.range = range;
    this.whole = whole;
    this.filter = filter;
  }

  @Override
  public String description() {
    String how = predicates().describe();
    return LoadedTable.SOURCE
        + " changes of "
        + table().name()
        // A stream may begin anywhere, and does not end.
        + (range == null ? filter.describe() : range)
        + (how.isEmpty() ? "" : " (" + how + ")");
  }

  @Override
  BatchFiles files(Predicate[] runtime) {
    return runtime == null
        ? files()
        : files().without(RuntimeFilters.of(runtime, filterColumns()), ChangeFilter.of(runtime));
  }

  /** The files that all batches of this scan read. */
  private synchronized ChangedFiles files() {
    if (files == null) {
      ChangeRange requested = range == null && !whole ? ChangeRange.of(table().conf()) : range;
      files =
          new ChangedFiles(
              table(),
              columns(),
              predicates(),
              filter,
              new ChangesQuery(table(), requested, filter, planning),
              metrics());
    }
    return files;
  }

  @Override
  StreamScanTasks streamSplits() {
    return new ChangesStreamScanTasks(table(), columns());
  }

  /** Commits by their number or time, as well as what table's files can be left out by. */
  @Override
  boolean isFilterable(NamedReference column) {
    String name = column.fieldNames()[0];
    return name.equals(ChangeColumns.VERSION)
        || name.equals(ChangeColumns.TIMESTAMP)
        || super.isFilterable(column);
  }

  @Override
  Statistics statistics(boolean perColumn) {
    if (range == null && !whole) {
      return null;
    }
    StatisticsSum sum = new StatisticsSum();
    files().addTo(sum);
    return sum.of(table().columns(), readSchema());
  }
}
