/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.changes.ChangeRange;
import java.util.Arrays;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The changes of a shared table as Spark sees them: the table's columns, and the three change
 * columns. Driver only.
 */
final class ChangesTable extends ReadOnlyTable {

  /** Whether a batch without a start among its options begins where the shared history does. */
  private final boolean whole;

  /** Times are those of the zone of now. Null where the options do not say where a batch starts. */
  private final ChangeRange range;

  /**
   * @param label how users know it
   * @param whole whether a batch without a start among its options begins where the shared history
   *     does; else it fails
   */
  ChangesTable(LoadedTable table, TableLabel label, boolean whole) {
    super(table, label);
    this.whole = whole;
    this.range = range(table);
  }

  private static ChangeRange range(LoadedTable table) {
    return ChangeRange.isBounded(table.conf()) ? ChangeRange.of(table.conf()) : null;
  }

  /** With the range, whose times are of the zone that the session had. */
  @Override
  Object readIdentity() {
    return Arrays.asList(super.readIdentity(), range);
  }

  @Override
  @SuppressWarnings("deprecation") // Spark's own callers still use it.
  public StructType schema() {
    return table().columns();
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    LoadedTable read = table().with(options);
    return new ChangesScanBuilder(
        read, read == table() ? range : range(read), whole && !ChangeRange.hasStart(read.conf()));
  }
}
