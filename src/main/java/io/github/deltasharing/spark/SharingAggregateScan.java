/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.pushdown.MetadataAggregates;
import io.github.deltasharing.pushdown.PushedScan;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.LocalScan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.types.StructType;

/** The result of an aggregate that statistics answered: no file is read. Driver only. */
final class SharingAggregateScan implements LocalScan, SupportsReportStatistics {
  private final LoadedTable table;
  private final PushedScan pushed;
  private final MetadataAggregates aggregates;
  private final InternalRow[] rows;

  /** Held so that the query's other reads of the table have the version of this one. */
  @SuppressWarnings("UnusedVariable")
  private final SnapshotQuery query;

  SharingAggregateScan(
      LoadedTable table,
      PushedScan pushed,
      MetadataAggregates aggregates,
      InternalRow[] rows,
      SnapshotQuery query) {
    this.query = query;
    this.table = table;
    this.pushed = pushed;
    this.aggregates = aggregates;
    this.rows = rows;
  }

  @Override
  public StructType readSchema() {
    return aggregates.schema();
  }

  @Override
  public InternalRow[] rows() {
    return rows;
  }

  @Override
  public Statistics estimateStatistics() {
    return new Statistics() {
      @Override
      public OptionalLong sizeInBytes() {
        return OptionalLong.of(rows.length * (8L + readSchema().defaultSize()));
      }

      @Override
      public OptionalLong numRows() {
        return OptionalLong.of(rows.length);
      }
    };
  }

  @Override
  public String description() {
    String filters = pushed.describe();
    return LoadedTable.SOURCE
        + " "
        + table.name()
        + table.asOf().suffix()
        + " (from statistics alone: "
        + aggregates.describe()
        + (filters.isEmpty() ? "" : "; " + filters)
        + ")";
  }
}
