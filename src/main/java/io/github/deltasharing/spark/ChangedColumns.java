package io.github.deltasharing.spark;

import io.github.deltasharing.read.ChangeColumns;
import io.github.deltasharing.read.PartitionColumns;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that a read of changes needs, by where they come from. Immutable.
 *
 * @param data from files
 * @param partition from partition values
 * @param changes those that tell of the change
 */
record ChangedColumns(StructType data, StructType partition, ChangeColumns changes) {
  static ChangedColumns of(ChangesTable table, StructType required) {
    StructType data = new StructType();
    StructType partition = new StructType();
    for (StructField field : required.fields()) {
      if (table.partitionColumns().contains(field.name())) {
        partition = partition.add(field);
      } else if (!ChangeColumns.NAMES.contains(field.name())) {
        data = data.add(field);
      }
    }
    return new ChangedColumns(data, partition, ChangeColumns.among(required));
  }

  /** In the order in which readers give them; Spark matches them by name. */
  StructType all() {
    return changes.around(data, partition);
  }

  PartitionColumns partitionColumns(SharedSchema schema) {
    return schema.partitionColumns(partition);
  }
}
