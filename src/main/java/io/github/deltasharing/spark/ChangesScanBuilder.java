package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeFilter;
import io.github.deltasharing.pushdown.PushdownSettings;
import io.github.deltasharing.pushdown.PushedPredicates;
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
  private final ChangesTable table;
  private final PushdownSettings settings;
  private StructType required;
  private PushedPredicates predicates;
  private ChangeFilter changes = ChangeFilter.of(new Predicate[0]);

  ChangesScanBuilder(ChangesTable table) {
    this.table = table;
    this.settings = PushdownSettings.of(table.conf());
    this.required = table.schema();
    this.predicates = PushedPredicates.none(settings);
  }

  @Override
  public Predicate[] pushPredicates(Predicate[] pushed) {
    predicates =
        new PushedPredicates(
            pushed, table.scanColumns(SQLConf.get().sessionLocalTimeZone()), settings);
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
    return new ChangesScan(table, ChangedColumns.of(table, required), predicates, changes);
  }
}
