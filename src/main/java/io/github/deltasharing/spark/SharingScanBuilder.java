/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeRange;
import io.github.deltasharing.client.ScanHints;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.pushdown.FilePruner;
import io.github.deltasharing.pushdown.MetadataAggregates;
import io.github.deltasharing.pushdown.PartitionPredicates;
import io.github.deltasharing.pushdown.PushdownSettings;
import io.github.deltasharing.pushdown.PushedPredicates;
import io.github.deltasharing.pushdown.PushedScan;
import io.github.deltasharing.pushdown.ScanColumns;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownAggregates;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownTopN;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what Spark's optimiser pushes down. Spark offers filters first, then an aggregate or a
 * limit (those only where no filter is left to it), then the columns. Driver only, one thread.
 */
final class SharingScanBuilder
    implements SupportsPushDownV2Filters,
        SupportsPushDownAggregates,
        SupportsPushDownTopN,
        SupportsPushDownLimit,
        SupportsPushDownRequiredColumns {
  private static final Logger LOG = LoggerFactory.getLogger(SharingScanBuilder.class);

  private final LoadedTable table;
  private final PushdownSettings settings;
  private final String timeZone = SQLConf.get().sessionLocalTimeZone();
  private final ScanColumns columns;
  private StructType required;
  private PushedScan pushed;
  private boolean pushedOnce;
  private SnapshotQuery query;
  private Aggregation offered;
  private Optional<Scan> offeredScan = Optional.empty();
  private Optional<Scan> aggregated = Optional.empty();

  SharingScanBuilder(LoadedTable table) {
    this.table = table;
    this.settings = PushdownSettings.of(table.conf());
    this.columns = table.scanColumns(timeZone);
    this.required = table.columns();
    this.pushed = PushedScan.of(PushedPredicates.none(settings));
  }

  /** Overrides a method of Spark 4.2: there it offers {@link PartitionPredicates} too. */
  public boolean supportsIterativePushdown() {
    return settings.fileSkipping();
  }

  @Override
  public Predicate[] pushPredicates(Predicate[] predicates) {
    if (pushedOnce) {
      return pushMore(predicates);
    }
    pushedOnce = true;
    pushed = PushedScan.of(new PushedPredicates(predicates, columns, settings));
    if (LOG.isDebugEnabled()) {
      LOG.debug("{}: {}", table.name(), pushed.describe());
    }
    return pushed.predicates().forSpark();
  }

  /**
   * A later call, as Spark 4.2 makes, adds to the first one, even where it has nothing to add.
   * Spark looks at its predicates again, on rows.
   */
  private Predicate[] pushMore(Predicate[] predicates) {
    if (PartitionPredicates.are(predicates)) {
      pushed = pushed.where(PartitionPredicates.of(predicates, table.partitionColumns(), columns));
    }
    return predicates;
  }

  @Override
  public Predicate[] pushedPredicates() {
    return pushed.predicates().pushed();
  }

  /** Statistics compute it whole or not at all. Spark calls this before it pushes. */
  @Override
  public boolean supportCompletePushDown(Aggregation aggregation) {
    return aggregateScan(aggregation).isPresent();
  }

  @Override
  public boolean pushAggregation(Aggregation aggregation) {
    aggregated = aggregateScan(aggregation);
    return aggregated.isPresent();
  }

  private Optional<Scan> aggregateScan(Aggregation aggregation) {
    if (offered != aggregation) {
      offered = aggregation;
      offeredScan =
          settings.aggregates()
              ? MetadataAggregates.of(aggregation, columns).flatMap(this::aggregateScan)
              : Optional.empty();
    }
    return offeredScan;
  }

  private Optional<Scan> aggregateScan(MetadataAggregates aggregates) {
    ChangeRange.refuseStray(table.conf());
    List<AddFile> files =
        new FilePruner(table.name().toString(), pushed, timeZone)
            .prune(query().listing().result().files())
            .files();
    Optional<InternalRow[]> rows = aggregates.rows(files, table.name().toString(), timeZone);
    if (rows.isEmpty()) {
      LOG.debug("{}: statistics do not answer {}", table.name(), aggregates.describe());
    }
    return rows.map(result -> new SharingAggregateScan(table, pushed, aggregates, result, query()));
  }

  @Override
  public boolean pushTopN(SortOrder[] orders, int limit) {
    Optional<PushedScan> first =
        settings.topN() ? pushed.firstBy(orders, limit, columns) : Optional.empty();
    first.ifPresent(scan -> pushed = scan);
    return first.isPresent();
  }

  @Override
  public boolean pushLimit(int limit) {
    if (settings.limit()) {
      pushed = pushed.limitedTo(limit);
      query = null;
    }
    return settings.limit();
  }

  /** Files are left out, not rows: Spark sorts and counts them. */
  @Override
  public boolean isPartiallyPushed() {
    return true;
  }

  @Override
  public void pruneColumns(StructType requiredSchema) {
    this.required = requiredSchema;
  }

  @Override
  public Scan build() {
    return aggregated.orElseGet(
        () ->
            new SharingScan(table, ProjectedSchema.of(table, required), pushed, columns, query()));
  }

  private SnapshotQuery query() {
    if (query == null) {
      query = new SnapshotQuery(table, hints());
    }
    return query;
  }

  /** Whether rows of a file may be deleted without the file being written again. */
  private boolean mayHaveDeletionVectors() {
    return table.metadata().protocol().readerFeatures().contains("deletionVectors");
  }

  /**
   * A limit is sent only where the server cannot miscount: it may apply it before the predicates,
   * and it may count deleted rows.
   */
  private ScanHints hints() {
    PushedPredicates predicates = pushed.predicates();
    boolean limit = pushed.limit().isPresent() && predicates.isEmpty() && !mayHaveDeletionVectors();
    return new ScanHints(
        predicates.sqlHints(),
        predicates.jsonHints(),
        limit ? (Integer) pushed.limit().getAsInt() : null);
  }
}
