/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.read.ChangeColumns;
import io.github.deltasharing.read.FileMetadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that a scan reads, by where they come from. Immutable.
 *
 * @param data from files
 * @param partition from partition values
 * @param metadata the fields of {@code _metadata} that are read; empty for none
 * @param changes the change columns; none for a table's rows
 */
record ProjectedSchema(
    StructType data, StructType partition, StructType metadata, ChangeColumns changes) {

  static ProjectedSchema of(LoadedTable table, StructType required) {
    boolean ofChanges = table.conf().readsChanges();
    List<StructField> data = new ArrayList<>();
    List<StructField> partition = new ArrayList<>();
    StructType metadata = new StructType();
    for (StructField field : required.fields()) {
      if (ofChanges && ChangeColumns.NAMES.contains(field.name())) {
        continue;
      }
      if (isFileMetadata(table, field.name())) {
        metadata = (StructType) field.dataType();
      } else if (table.partitionColumns().contains(field.name())) {
        partition.add(field);
      } else {
        data.add(field);
      }
    }
    ChangeColumns changes = ofChanges ? ChangeColumns.among(required) : ChangeColumns.NONE;
    return new ProjectedSchema(struct(data), struct(partition), metadata, changes);
  }

  /**
   * Whether a column of this name is the hidden one; a table may have one of its own by that name.
   */
  static boolean isFileMetadata(LoadedTable table, String column) {
    return column.equals(FileMetadata.COLUMN)
        && Arrays.stream(table.schema().logical().fieldNames()).noneMatch(column::equalsIgnoreCase);
  }

  /** In the order in which readers give them; Spark matches them by name. */
  StructType all() {
    StructType all = changes.around(data, partition);
    return metadata.isEmpty() ? all : all.add(FileMetadata.COLUMN, metadata, false);
  }

  private static StructType struct(List<StructField> fields) {
    return new StructType(fields.toArray(StructField[]::new));
  }
}
