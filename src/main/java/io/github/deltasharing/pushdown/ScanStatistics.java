/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.table.FileFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.colstats.ColumnStatistics;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A scan's statistics for the optimiser: the order and the kind of joins depend on them. Immutable;
 * driver only.
 */
public final class ScanStatistics implements Statistics {
  private final long bytes;
  private final OptionalLong rows;
  private final Map<NamedReference, ColumnSummary> columnStatistics = new HashMap<>();

  /**
   * @param files those to be read
   * @param all the table's columns
   * @param read the columns that are read
   * @param perColumn whether anybody will look at the statistics of columns
   */
  public ScanStatistics(
      List<AddFile> files,
      StructType all,
      StructType read,
      ScanColumns columns,
      boolean perColumn) {
    if (perColumn) {
      for (StructField field : read.fields()) {
        NamedReference name = ScanColumns.reference(field.name());
        columns
            .find(name)
            .ifPresent(column -> columnStatistics.put(name, new ColumnSummary(column)));
      }
    }
    StatisticsSum sum = new StatisticsSum();
    // A file's statistics are large once they are parsed: one file at a time.
    for (AddFile file : files) {
      FileFacts facts = FileFacts.of(file);
      sum.add(file.size(), facts);
      columnStatistics.values().forEach(summary -> summary.add(facts));
    }
    this.rows = sum.rows();
    this.bytes = sum.bytes(all, read);
  }

  @Override
  public OptionalLong sizeInBytes() {
    return OptionalLong.of(bytes);
  }

  @Override
  public OptionalLong numRows() {
    return rows;
  }

  @Override
  public Map<NamedReference, ColumnStatistics> columnStats() {
    return rows.isPresent() ? new HashMap<>(columnStatistics) : Map.of();
  }
}
