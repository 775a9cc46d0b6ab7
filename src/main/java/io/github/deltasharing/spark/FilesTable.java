/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileListColumns;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** The files of a shared table as Spark sees them, one a row. Driver only. */
final class FilesTable extends ReadOnlyTable {

  /**
   * @param label how users know it
   */
  FilesTable(LoadedTable table, TableLabel label) {
    super(table, label);
  }

  @Override
  @SuppressWarnings("deprecation") // Spark's own callers still use it.
  public StructType schema() {
    return FileListColumns.of(partition(table()));
  }

  /** The table's partition columns, in their order. */
  private static StructType partition(LoadedTable table) {
    StructType partition = new StructType();
    for (String column : table.partitionColumns()) {
      partition = partition.add(table.schema().logical().apply(column));
    }
    return partition;
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new FilesScanBuilder(table().with(options), name(), schema());
  }
}
