/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.pushdown.ScanColumns;
import io.github.deltasharing.read.FileMetadata;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.connector.catalog.SupportsMetadataColumns;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A shared table as Spark sees it. Driver only. */
final class SharingTable implements ReadOnlyTable, SupportsMetadataColumns {
  private final LoadedTable table;

  SharingTable(LoadedTable table) {
    this.table = table;
  }

  @Override
  public String name() {
    return table.name().toString();
  }

  @Override
  @SuppressWarnings("deprecation") // Spark's own callers still use it.
  public StructType schema() {
    return table.columns();
  }

  @Override
  public MetadataColumn[] metadataColumns() {
    return ProjectedSchema.isFileMetadata(table, FileMetadata.COLUMN)
        ? new MetadataColumn[] {new FileMetadataColumn()}
        : new MetadataColumn[0];
  }

  @Override
  public Transform[] partitioning() {
    return table.partitionColumns().stream()
        .map(column -> Expressions.identity(ScanColumns.quoted(column)))
        .toArray(Transform[]::new);
  }

  @Override
  public Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>(table.metadata().metadata().configuration());
    properties.put("provider", LoadedTable.SOURCE.toLowerCase(Locale.ROOT));
    return properties;
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new SharingScanBuilder(table.with(options));
  }

  @Override
  public String toString() {
    return "SharingTable[" + name() + "]";
  }
}
