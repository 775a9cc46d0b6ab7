/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.read.PartitionColumns;
import io.github.deltasharing.read.PartitionValues;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** Reads some partition columns of files. Immutable. */
final class PartitionRows {
  private final PartitionColumns columns;
  private final PartitionValues values;

  /**
   * @param timeZone of the session
   */
  PartitionRows(List<ScanColumn> columns, String timeZone) {
    StructType schema = new StructType();
    for (ScanColumn column : columns) {
      schema = schema.add(column.toString(), column.type(), column.nullable());
    }
    this.columns =
        PartitionColumns.of(
            schema, columns.stream().map(column -> column.physicalPath().get(0)).toList());
    this.values = new PartitionValues(schema, timeZone);
  }

  /**
   * The file's values of the columns.
   *
   * @param table for messages
   * @throws io.github.deltasharing.error.SharingException if one is not of its type
   */
  InternalRow of(String table, AddFile file) {
    return values.row(table, file.id(), columns.texts(table, file.id(), file.partitionValues()));
  }
}
