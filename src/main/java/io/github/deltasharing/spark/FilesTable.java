package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileListColumns;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** The files of a shared table as Spark sees them, one a row. Driver only. */
final class FilesTable implements ReadOnlyTable {
  private final LoadedTable table;
  private final String name;

  /**
   * @param name as users know it
   */
  FilesTable(LoadedTable table, String name) {
    this.table = table;
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  @SuppressWarnings("deprecation") // Spark's own callers still use it.
  public StructType schema() {
    return FileListColumns.of(partition(table));
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
    return new FilesScanBuilder(table.with(options), name, schema());
  }

  @Override
  public String toString() {
    return "FilesTable[" + name + "]";
  }
}
