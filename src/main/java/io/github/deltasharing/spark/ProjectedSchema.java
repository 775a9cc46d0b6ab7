package io.github.deltasharing.spark;

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
 * @param metadata the fields asked for of {@code _metadata}; empty for none
 */
record ProjectedSchema(StructType data, StructType partition, StructType metadata) {

  static ProjectedSchema of(SharingTable table, StructType required) {
    List<StructField> data = new ArrayList<>();
    List<StructField> partition = new ArrayList<>();
    StructType metadata = new StructType();
    for (StructField field : required.fields()) {
      if (table.isFileMetadata(field.name())) {
        metadata = (StructType) field.dataType();
      } else if (table.partitionColumns().contains(field.name())) {
        partition.add(field);
      } else {
        data.add(field);
      }
    }
    return new ProjectedSchema(struct(data), struct(partition), metadata);
  }

  /** Data columns, then partition columns, then {@code _metadata}; Spark matches them by name. */
  StructType all() {
    List<StructField> all = new ArrayList<>(Arrays.asList(data.fields()));
    all.addAll(Arrays.asList(partition.fields()));
    return metadata.isEmpty() ? struct(all) : struct(all).add(FileMetadata.COLUMN, metadata, false);
  }

  private static StructType struct(List<StructField> fields) {
    return new StructType(fields.toArray(StructField[]::new));
  }
}
