/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import java.util.Map;
import org.apache.spark.sql.connector.catalog.Changelog;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A shared table's changes in the form of Spark 4.2 and later, the only lines on which this class
 * can be loaded. Driver only; immutable.
 */
final class SharedChangelog implements Changelog {
  private final Table changes;

  private SharedChangelog(Table changes) {
    this.changes = changes;
  }

  /** Declared as what Spark takes: a caller's verification would load this class otherwise. */
  static Changelog of(Table changes) {
    return new SharedChangelog(changes);
  }

  @Override
  public String name() {
    return changes.name();
  }

  @Override
  public Column[] columns() {
    return changes.columns();
  }

  /** No: a file that is rewritten comes with a change file of the rows that did change. */
  @Override
  public boolean containsCarryoverRows() {
    return false;
  }

  /**
   * Many commits may change a row, but Spark demands an identity of rows where this is true. It
   * looks only for net changes, which are refused before.
   */
  @Override
  public boolean containsIntermediateChanges() {
    return false;
  }

  /** No: updates come as the row before and the row after. */
  @Override
  public boolean representsUpdateAsDeleteAndInsert() {
    return false;
  }

  @Override
  public NamedReference[] rowId() {
    return new NamedReference[0];
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    Map<String, String> ours = ChangelogBounds.withoutRange(options.asCaseSensitiveMap());
    return ((SupportsRead) changes).newScanBuilder(new CaseInsensitiveStringMap(ours));
  }

  @Override
  public String toString() {
    return "SharedChangelog[" + changes.name() + "]";
  }
}
