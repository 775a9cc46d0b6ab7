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
import java.util.Set;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.connector.catalog.SupportsMetadataColumns;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A shared table as Spark sees it. Driver only. */
final class SharingTable extends ReadOnlyTable implements SupportsMetadataColumns {
  /** Properties that say what a table of a catalog is, which a shared table's do not. */
  private static final Set<String> RESERVED =
      Set.of("location", "is_managed_location", "external", "owner", "table_type", "collation");

  /**
   * @param label how users know it
   */
  SharingTable(LoadedTable table, TableLabel label) {
    super(table, label);
  }

  @Override
  @SuppressWarnings("deprecation") // Spark's own callers still use it.
  public StructType schema() {
    return table().columns();
  }

  @Override
  public MetadataColumn[] metadataColumns() {
    return ProjectedSchema.isFileMetadata(table(), FileMetadata.COLUMN)
        ? new MetadataColumn[] {new FileMetadataColumn()}
        : new MetadataColumn[0];
  }

  @Override
  public Transform[] partitioning() {
    return table().partitionColumns().stream()
        .map(column -> Expressions.identity(ScanColumns.quoted(column)))
        .toArray(Transform[]::new);
  }

  @Override
  public Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>(table().metadata().metadata().configuration());
    properties.keySet().removeIf(key -> RESERVED.contains(key.toLowerCase(Locale.ROOT)));
    properties.put(TableCatalog.PROP_EXTERNAL, "true");
    properties.put(TableCatalog.PROP_PROVIDER, LoadedTable.SOURCE.toLowerCase(Locale.ROOT));
    String comment = table().metadata().metadata().description();
    if (comment == null || comment.isEmpty()) {
      properties.remove(TableCatalog.PROP_COMMENT);
    } else {
      properties.put(TableCatalog.PROP_COMMENT, comment);
    }
    return properties;
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new SharingScanBuilder(table().with(options));
  }
}
