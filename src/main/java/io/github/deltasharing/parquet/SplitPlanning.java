/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a task's {@link SplitPlan}s have in common.
 *
 * @param readSchema the data columns that are read
 * @param unreadNotNull those of the table's other columns that are never null
 */
record SplitPlanning(
    Configuration hadoop,
    ParquetSettings settings,
    StructType readSchema,
    StructType unreadNotNull,
    ColumnMatcher matcher,
    RowGroupFilters filters,
    SplitRanges ranges) {

  /**
   * @param hadoop as Parquet's reader will have it
   * @param filters as for {@link ParquetOpener}
   */
  static SplitPlanning of(
      Configuration hadoop,
      ParquetSettings settings,
      StructType readSchema,
      StructType notNull,
      Filter[] filters) {
    ColumnMatcher matcher = new ColumnMatcher(settings.caseSensitive());
    return new SplitPlanning(
        hadoop,
        settings,
        readSchema,
        without(notNull, readSchema),
        matcher,
        new RowGroupFilters(
            filters, settings.pushdown(), new FilterableColumns(readSchema, matcher)),
        new SplitRanges(hadoop));
  }

  private static StructType without(StructType columns, StructType others) {
    Set<String> names = new HashSet<>(Arrays.asList(others.fieldNames()));
    return new StructType(
        Arrays.stream(columns.fields())
            .filter(field -> !names.contains(field.name()))
            .toArray(StructField[]::new));
  }
}
