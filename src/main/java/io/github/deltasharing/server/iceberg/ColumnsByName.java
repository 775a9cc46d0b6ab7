/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.mapping.MappedField;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Whether readers that look for columns by their names find what Iceberg's reader finds, in files
 * with its field ids and in files without, to which a table's name mapping gives them. Decided from
 * the metadata alone. Used by one thread.
 */
final class ColumnsByName {
  private final IcebergTable table;
  private final PhysicalNames names;
  private final NameMapping mapping;
  private final IdentityPartitions partitions;

  private ColumnsByName(LoadedTable loaded, IdentityPartitions partitions) {
    this.table = loaded.table();
    this.names = new PhysicalNames(loaded.metadata());
    this.mapping = mapping(loaded);
    this.partitions = partitions;
  }

  /** Whether files of a table may be without field ids: then no column is found by those. */
  static boolean isUsed(TableMetadata metadata) {
    return metadata.properties().containsKey(TableProperties.DEFAULT_NAME_MAPPING);
  }

  /**
   * Refuses a schema if a column of it is not found by its name alone.
   *
   * @param partitions whose values no reader takes from files
   */
  static void require(LoadedTable loaded, Schema schema, IdentityPartitions partitions) {
    ColumnsByName columns = new ColumnsByName(loaded, partitions);
    schema.columns().forEach(column -> columns.require(column, List.of()));
  }

  private static NameMapping mapping(LoadedTable loaded) {
    String json = loaded.metadata().properties().get(TableProperties.DEFAULT_NAME_MAPPING);
    try {
      NameMapping mapping = NameMappingParser.fromJson(json);
      // It is indexed at the first look-up, which fails where an id or a name is there twice.
      mapping.find(0);
      mapping.find("");
      return mapping;
    } catch (RuntimeException e) {
      throw loaded
          .table()
          .unsupported(
              "its schema.name-mapping.default is no mapping of names to field ids. Have it corrected, or removed if all files have field ids");
    }
  }

  private void require(NestedField column, List<String> above) {
    List<String> path = new ArrayList<>(above);
    path.add(column.name());
    if (!names.of(column).equals(column.name())) {
      throw refused(
          path,
          "it had another name, or another column had its name, or the metadata lacks older schemas, which would tell");
    }
    if (partitions.has(column.fieldId())) {
      return;
    }
    if (!DeltaSchemaJson.isPlain(column.name())) {
      throw refused(path, "Iceberg's writers spell its name in another way");
    }
    MappedField named = mapping.find(path);
    if (named == null || named.id() == null) {
      throw refused(path, "the property does not have it, so that such files have no value of it");
    }
    if (named.id() != column.fieldId() || !named.names().equals(Set.of(column.name()))) {
      throw refused(path, "the property gives it other names, or its name to another column");
    }
    Type type = column.type();
    if (type.isNestedType()) {
      type.asNestedType().fields().forEach(field -> require(field, path));
    }
  }

  private RuntimeException refused(List<String> path, String why) {
    return table.unsupported(
        ("it has files without Iceberg's field ids (schema.name-mapping.default), and its column '%s' is not found by name: %s."
                + " Have all files rewritten (rewrite_data_files with rewrite-all), and that property removed")
            .formatted(String.join(".", path), why));
  }
}
