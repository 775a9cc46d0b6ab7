/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.parquet.ParquetSettings;
import io.github.deltasharing.pushdown.PushedPredicates;
import io.github.deltasharing.pushdown.ScanColumns;
import io.github.deltasharing.read.ScanMetrics;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.connector.read.SupportsRuntimeV2Filtering;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;

/**
 * A scan that reads data files: what those of tables and of changes have in common. Equal scans
 * read the same. Driver only; thread-safe.
 */
abstract class FileScan implements SupportsRuntimeV2Filtering, SupportsReportStatistics {
  private static final Statistics UNKNOWN =
      new Statistics() {
        @Override
        public OptionalLong sizeInBytes() {
          return OptionalLong.empty();
        }

        @Override
        public OptionalLong numRows() {
          return OptionalLong.empty();
        }
      };

  private final LoadedTable table;
  private final ProjectedSchema columns;
  private final PushedPredicates predicates;
  private final ScanColumns filterColumns;
  private final Identity identity;
  private final PlanMetrics metrics = new PlanMetrics();

  /**
   * Spark sets a runtime filter and then takes a batch of the scan, in one go; another plan node
   * that shares the scan must not get that batch.
   */
  private final ThreadLocal<Predicate[]> runtimeFilter = new ThreadLocal<>();

  private volatile boolean streaming;
  private Statistics statistics;
  private boolean statisticsPerColumn;

  /**
   * What distinguishes a scan from others.
   *
   * @param read the table, by whom and how it is read
   * @param what all that is pushed down
   * @param timeZone the session's when the scan was planned: files are chosen and read by one zone
   */
  private record Identity(
      Object read, ProjectedSchema columns, Object what, String timeZone, boolean columnar) {}

  /**
   * @param filterColumns the table's columns as filters see them
   * @param what all that is pushed down: scans of one table and equal columns for which it is equal
   *     read the same
   */
  FileScan(
      LoadedTable table,
      ProjectedSchema columns,
      PushedPredicates predicates,
      ScanColumns filterColumns,
      Object what) {
    this.table = table;
    this.columns = columns;
    this.predicates = predicates;
    this.filterColumns = filterColumns;
    this.identity =
        new Identity(
            table.readIdentity(),
            columns,
            what,
            SQLConf.get().sessionLocalTimeZone(),
            ParquetSettings.vectorizes(SQLConf.get(), columns.data()));
  }

  /** The files of a batch. The runtime filter is null where there is none. */
  abstract BatchFiles files(Predicate[] filter);

  /** How the files of a stream are read. */
  abstract StreamScanTasks streamSplits();

  /** The statistics of a batch; null for unknown. */
  abstract Statistics statistics(boolean perColumn);

  /** The key that all files of a partition share, or null for partitions of any files. */
  KeyGrouping grouping() {
    return null;
  }

  @Override
  public final StructType readSchema() {
    return columns.all();
  }

  @Override
  public final Batch toBatch() {
    Predicate[] filter = runtimeFilter.get();
    runtimeFilter.remove();
    return new SharingBatch(identity, files(filter), grouping(), readerFactories()::ofPlan);
  }

  @Override
  public final MicroBatchStream toMicroBatchStream(String checkpointLocation) {
    streaming = true;
    return Streams.open(table, streamSplits(), readerFactories(), columns.all());
  }

  private ReaderFactories readerFactories() {
    return new ReaderFactories(
        table, columns, identity.timeZone(), predicates.dataFilters(), columnar());
  }

  /** Unknown for a stream: one of its batches is not the table. */
  @Override
  public final synchronized Statistics estimateStatistics() {
    if (streaming) {
      return UNKNOWN;
    }
    boolean perColumn = SQLConf.get().cboEnabled() || SQLConf.get().planStatsEnabled();
    if (statistics == null || perColumn != statisticsPerColumn) {
      Statistics known = statistics(perColumn);
      statistics = known == null ? UNKNOWN : known;
      statisticsPerColumn = perColumn;
    }
    return statistics;
  }

  @Override
  public final NamedReference[] filterAttributes() {
    if (!predicates.settings().runtimeFilters()) {
      return new NamedReference[0];
    }
    return Arrays.stream(readSchema().fieldNames())
        .map(ScanColumns::reference)
        .filter(this::isFilterable)
        .toArray(NamedReference[]::new);
  }

  /** Whether files can be left out by the values of a column. */
  boolean isFilterable(NamedReference column) {
    return filterColumns.isComparable(column);
  }

  @Override
  public final void filter(Predicate[] predicatesOfJoins) {
    runtimeFilter.set(predicatesOfJoins.clone());
  }

  @Override
  public final ColumnarSupportMode columnarSupportMode() {
    return columnar() ? ColumnarSupportMode.SUPPORTED : ColumnarSupportMode.UNSUPPORTED;
  }

  @Override
  public final CustomMetric[] supportedCustomMetrics() {
    return Stream.of(ScanMetrics.all(), PlanMetrics.all())
        .flatMap(Arrays::stream)
        .toArray(CustomMetric[]::new);
  }

  @Override
  public final CustomTaskMetric[] reportDriverMetrics() {
    return metrics.values();
  }

  final LoadedTable table() {
    return table;
  }

  final ProjectedSchema columns() {
    return columns;
  }

  final PushedPredicates predicates() {
    return predicates;
  }

  final ScanColumns filterColumns() {
    return filterColumns;
  }

  final String timeZone() {
    return identity.timeZone();
  }

  final PlanMetrics metrics() {
    return metrics;
  }

  private boolean columnar() {
    return identity.columnar();
  }

  @Override
  public final boolean equals(Object o) {
    return o instanceof FileScan that && identity.equals(that.identity);
  }

  @Override
  public final int hashCode() {
    return identity.hashCode();
  }
}
