/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeRange;
import io.github.deltasharing.compat.NewerTypes;
import io.github.deltasharing.pushdown.FilePruner;
import io.github.deltasharing.pushdown.PushedScan;
import io.github.deltasharing.pushdown.RuntimeFilters;
import io.github.deltasharing.pushdown.ScanColumns;
import io.github.deltasharing.pushdown.ScanStatistics;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportPartitioning;
import org.apache.spark.sql.connector.read.partitioning.KeyGroupedPartitioning;
import org.apache.spark.sql.connector.read.partitioning.Partitioning;
import org.apache.spark.sql.connector.read.partitioning.UnknownPartitioning;
import org.apache.spark.sql.internal.SQLConf;

/**
 * One scan of a shared table's rows: which columns are read, and what may be left out. Driver only;
 * thread-safe.
 */
final class SharingScan extends FileScan implements SupportsReportPartitioning {
  private final PushedScan pushed;
  private final TableFiles files;
  private final KeyGrouping grouping;

  /**
   * @param filterColumns the table's columns as filters see them
   * @param query lists the files
   */
  SharingScan(
      LoadedTable table,
      ProjectedSchema columns,
      PushedScan pushed,
      ScanColumns filterColumns,
      SnapshotQuery query) {
    super(table, columns, pushed.predicates(), filterColumns, List.of(pushed, isGrouped(columns)));
    this.pushed = pushed;
    String name = table.name().toString();
    this.files =
        new TableFiles(table, columns, query, new FilePruner(name, pushed, timeZone()), metrics());
    this.grouping =
        isGrouped(columns) ? new KeyGrouping(name, columns.partition(), timeZone()) : null;
  }

  /**
   * By the partition columns that are read, where the session joins by them. Values that are equal
   * by a collation are different keys to Spark, which joins partitions of equal keys only.
   */
  private static boolean isGrouped(ProjectedSchema columns) {
    return !columns.partition().isEmpty()
        && Arrays.stream(columns.partition().fields())
            .noneMatch(field -> NewerTypes.isCollated(field.dataType()))
        && Boolean.parseBoolean(
            SQLConf.get().getConfString("spark.sql.sources.v2.bucketing.enabled", "false"));
  }

  @Override
  public String description() {
    String what = LoadedTable.SOURCE + " " + table().name() + table().asOf().suffix();
    String how = pushed.describe();
    return how.isEmpty() ? what : what + " (" + how + ")";
  }

  @Override
  BatchFiles files(Predicate[] filter) {
    ChangeRange.refuseStray(table().conf());
    return filter == null ? files : files.without(RuntimeFilters.of(filter, filterColumns()));
  }

  @Override
  StreamScanTasks streamSplits() {
    return new TableStreamScanTasks(table(), columns());
  }

  @Override
  KeyGrouping grouping() {
    return grouping;
  }

  @Override
  Statistics statistics(boolean perColumn) {
    return new ScanStatistics(
        files.needed(), table().columns(), readSchema(), filterColumns(), perColumn);
  }

  @Override
  public Partitioning outputPartitioning() {
    if (grouping == null) {
      return new UnknownPartitioning(0);
    }
    Expression[] keys =
        Arrays.stream(grouping.key().fieldNames())
            .map(column -> Expressions.identity(ScanColumns.quoted(column)))
            .toArray(Expression[]::new);
    // Spark counts the partitions itself.
    return new KeyGroupedPartitioning(keys, files.needed().size());
  }
}
