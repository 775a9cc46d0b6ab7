/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import io.github.deltasharing.error.ChangeErrors;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.read.ChangeColumns;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The schema of changed rows: a table's columns, and three that tell of the change. Stateless. */
public final class ChangeSchema {
  private ChangeSchema() {}

  /**
   * The schema of a table's changes.
   *
   * @param columns the table's
   * @param timestamp the type of the commit's timestamp
   * @throws io.github.deltasharing.error.SharingException if the table has columns of those names
   */
  public static StructType of(String table, StructType columns, DataType timestamp) {
    List<String> taken =
        Arrays.stream(columns.fieldNames())
            .filter(name -> ChangeColumns.NAMES.stream().anyMatch(name::equalsIgnoreCase))
            .toList();
    if (!taken.isEmpty()) {
      throw ChangeErrors.changeColumnsTaken(table, taken);
    }
    return columns
        .add(ChangeColumns.TYPE, DataTypes.StringType)
        .add(ChangeColumns.VERSION, DataTypes.LongType)
        .add(ChangeColumns.TIMESTAMP, timestamp);
  }

  /**
   * The type of the commit's timestamp as it always was for recipients: epoch milliseconds where
   * the server serves the table in parquet format, a timestamp where in delta format.
   */
  public static DataType timestampType(ResponseFormat format) {
    return format == ResponseFormat.PARQUET ? DataTypes.LongType : DataTypes.TimestampType;
  }
}
