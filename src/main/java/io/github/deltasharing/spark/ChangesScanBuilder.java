/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeFilter;
import io.github.deltasharing.changes.ChangeRange;
import io.github.deltasharing.pushdown.PushdownSettings;
import io.github.deltasharing.pushdown.PushedPredicates;
import io.github.deltasharing.pushdown.ScanColumns;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;

/**
 * Collects what Spark's optimiser pushes down to a read of changes. Every predicate is left to
 * Spark as well: here they only say what need not be fetched. Driver only, one thread.
 */
final class ChangesScanBuilder
    implements ScanBuilder, SupportsPushDownV2Filters, SupportsPushDownRequiredColumns {
  private final LoadedTable table;
  private final ChangeRange range;
  private final boolean whole;
  private final PushdownSettings settings;
  private final ScanColumns columns;
  private StructType required;
  private PushedPredicates predicates;
  private ChangeFilter changes = ChangeFilter.of(new Predicate[0]);

  /**
   * @param range of a batch; null where the options do not say where it starts
   * @param whole whether a batch without a range reads the whole shared history
   */
  ChangesScanBuilder(LoadedTable table, ChangeRange range, boolean whole) {
    this.table = table;
    this.range = range;
    this.whole = whole;
    this.settings = PushdownSettings.of(table.conf());
    this.columns = table.scanColumns(SQLConf.get().sessionLocalTimeZone());
    this.required = table.columns();
    this.predicates = PushedPredicates.none(settings);
  }

  @Override
  public Predicate[] pushPredicates(Predicate[] pushed) {
    predicates = new PushedPredicates(pushed, columns, settings);
    if (settings.filters()) {
      changes = ChangeFilter.of(pushed);
    }
    return pushed;
  }

  @Override
  public Predicate[] pushedPredicates() {
    return predicates.pushed();
  }

  @Override
  public void pruneColumns(StructType requiredSchema) {
    this.required = requiredSchema;
  }

  @Override
  public Scan build() {
    return new ChangesScan(
        table, ProjectedSchema.of(table, required), predicates, columns, range, whole, changes);
  }
}
