package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileMetadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that a scan reads, by where they come from. Immutable.
 *
 * @param data from files
 * @param partition from partition values
 * @param metadata the fields asked for of {@code _metadata}; empty for none
 */
record ProjectedSchema(StructType data, StructType partition, StructType metadata) {

  static ProjectedSchema of(SharingTable table, StructType required) {
    StructType data = new StructType();
    StructType partition = new StructType();
    StructType metadata = new StructType();
    for (StructField field : required.fields()) {
      if (table.isFileMetadata(field.name())) {
        metadata = (StructType) field.dataType();
      } else if (table.partitionColumns().contains(field.name())) {
        partition = partition.add(field);
      } else {
        data = data.add(field);
      }
    }
    return new ProjectedSchema(data, partition, metadata);
  }

  /** Data columns, then partition columns, then {@code _metadata}; Spark matches them by name. */
  StructType all() {
    StructType all = data;
    for (StructField field : partition.fields()) {
      all = all.add(field);
    }
    return metadata.isEmpty() ? all : all.add(FileMetadata.COLUMN, metadata, false);
  }
}
