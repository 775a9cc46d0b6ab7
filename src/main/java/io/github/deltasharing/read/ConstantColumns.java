/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The columns that are the same for all rows of a split, and come after those read from the file:
 * the type of change, partition values, the commit. The type of change comes first, so that it has
 * the same place where the file has it as its last column. One task thread.
 */
final class ConstantColumns {
  private final ScanSpec spec;
  private final PartitionValues partitionValues;

  ConstantColumns(ScanSpec spec) {
    this.spec = spec;
    this.partitionValues = new PartitionValues(spec.partitionSchema(), spec.sessionTimeZone());
  }

  /** Their schema in one split. */
  static StructType schema(ScanSpec spec, FileScanTask split) {
    if (split.change() == null) {
      return spec.partitionSchema();
    }
    StructType schema = new StructType();
    if (spec.changes().hasType() && split.change().type() != null) {
      schema = schema.add(ChangeColumns.typeField());
    }
    for (StructField field : spec.partitionSchema().fields()) {
      schema = schema.add(field);
    }
    for (StructField field : spec.changes().commit().fields()) {
      schema = schema.add(field);
    }
    return schema;
  }

  /** Their values in one split. */
  InternalRow row(FileScanTask split) {
    InternalRow partition =
        partitionValues.row(split.file().table(), split.file().id(), split.partitionValues());
    RowChange change = split.change();
    if (change == null) {
      return partition;
    }
    Object[] values = new Object[schema(spec, split).length()];
    int next = 0;
    if (spec.changes().hasType() && change.type() != null) {
      values[next++] = UTF8String.fromString(change.type());
    }
    for (int i = 0; i < spec.partitionSchema().length(); i++) {
      values[next++] = partition.get(i, spec.partitionSchema().fields()[i].dataType());
    }
    for (StructField field : spec.changes().commit().fields()) {
      values[next++] = commitValue(field, change);
    }
    return new GenericInternalRow(values);
  }

  private static long commitValue(StructField field, RowChange change) {
    if (field.name().equals(ChangeColumns.VERSION)) {
      return change.version();
    }
    return field.dataType() instanceof TimestampType
        ? Math.multiplyExact(change.timestamp(), 1_000L)
        : change.timestamp();
  }
}
