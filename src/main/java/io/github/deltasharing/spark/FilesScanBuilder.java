/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.pushdown.PushdownSettings;
import io.github.deltasharing.pushdown.PushedPredicates;
import io.github.deltasharing.pushdown.ScanColumns;
import io.github.deltasharing.read.FileListColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;

/**
 * Collects what Spark's optimiser pushes down to a read of a table's files: predicates on partition
 * values, which leave files out of the listing. Spark looks at all predicates again. Driver only,
 * one thread.
 */
final class FilesScanBuilder implements SupportsPushDownV2Filters, SupportsPushDownRequiredColumns {
  private final LoadedTable table;
  private final String name;
  private final PushdownSettings settings;
  private final ScanColumns columns;
  private StructType required;
  private PushedPredicates predicates;
  private Predicate[] pushed = {};

  /**
   * @param name as users know it
   * @param all columns
   */
  FilesScanBuilder(LoadedTable table, String name, StructType all) {
    this.table = table;
    this.name = name;
    this.settings = PushdownSettings.of(table.conf());
    this.columns = table.scanColumns(SQLConf.get().sessionLocalTimeZone());
    this.required = all;
    this.predicates = PushedPredicates.none(settings);
  }

  @Override
  public Predicate[] pushPredicates(Predicate[] offered) {
    List<Predicate> taken = new ArrayList<>();
    List<Predicate> ofTable = new ArrayList<>();
    for (Predicate predicate : offered) {
      Expression onTable = ofTable(predicate);
      if (settings.filters() && onTable != null) {
        taken.add(predicate);
        ofTable.add((Predicate) onTable);
      }
    }
    pushed = taken.toArray(Predicate[]::new);
    predicates = new PushedPredicates(ofTable.toArray(Predicate[]::new), columns, settings);
    return offered;
  }

  @Override
  public Predicate[] pushedPredicates() {
    return pushed.clone();
  }

  /** The same on the table's own columns; null where it is on others than partition columns. */
  private static Expression ofTable(Expression expression) {
    if (expression instanceof NamedReference reference) {
      String[] path = reference.fieldNames();
      return path.length == 2 && path[0].equals(FileListColumns.PARTITION)
          ? ScanColumns.reference(path[1])
          : null;
    }
    if (expression instanceof Predicate predicate) {
      Expression[] children =
          Arrays.stream(predicate.children())
              .map(FilesScanBuilder::ofTable)
              .toArray(Expression[]::new);
      return Arrays.asList(children).contains(null)
          ? null
          : new Predicate(predicate.name(), children);
    }
    return expression instanceof Literal ? expression : null;
  }

  @Override
  public void pruneColumns(StructType requiredSchema) {
    this.required = requiredSchema;
  }

  @Override
  public Scan build() {
    return new FilesScan(table, name, required, predicates);
  }
}
