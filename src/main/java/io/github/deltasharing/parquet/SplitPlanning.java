package io.github.deltasharing.parquet;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;

/**
 * What a task's {@link SplitPlan}s have in common.
 *
 * @param readSchema the data columns asked for
 * @param notNull those of the table's columns that are never null, read or not
 */
record SplitPlanning(
    Configuration hadoop,
    ParquetSettings settings,
    StructType readSchema,
    StructType notNull,
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
        notNull,
        matcher,
        new RowGroupFilters(
            filters, settings.pushdown(), new FilterableColumns(readSchema, matcher)),
        new SplitRanges(hadoop));
  }
}
