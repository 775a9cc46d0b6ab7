/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns of a table of a shared table's files. Never a URL. Stateless. */
public final class FileListColumns {
  public static final String ID = "file_id";
  public static final String SIZE = "size";
  public static final String PARTITION = "partition";
  public static final String RECORDS = "record_count";
  public static final String DELETED = "deleted_record_count";
  public static final String NULLS = "null_counts";
  public static final String MIN = "min_values";
  public static final String MAX = "max_values";
  public static final String TIGHT = "tight_bounds";
  public static final String MODIFIED = "modification_time";
  public static final String VERSION = "table_version";

  private FileListColumns() {}

  /**
   * All columns.
   *
   * @param partition the table's partition columns; none leave the column out
   */
  public static StructType of(StructType partition) {
    DataType texts = DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType);
    StructType all =
        new StructType()
            .add(commented(ID, DataTypes.StringType, false, "the server's id of the data file"))
            .add(commented(SIZE, DataTypes.LongType, false, "bytes"));
    if (!partition.isEmpty()) {
      all = all.add(commented(PARTITION, partition, false, "partition values"));
    }
    return all.add(
            commented(RECORDS, DataTypes.LongType, true, "rows in the file, deleted ones included"))
        .add(commented(DELETED, DataTypes.LongType, false, "rows that a deletion vector removes"))
        .add(
            commented(
                NULLS,
                DataTypes.createMapType(DataTypes.StringType, DataTypes.LongType),
                true,
                "nulls, by column"))
        .add(commented(MIN, texts, true, "a value not above any, by column"))
        .add(commented(MAX, texts, true, "a value not below any, by column"))
        .add(
            commented(
                TIGHT, DataTypes.BooleanType, true, "whether deletions left the statistics exact"))
        .add(commented(MODIFIED, DataTypes.TimestampType, true, "when the file was written"))
        .add(commented(VERSION, DataTypes.LongType, true, "the version of the table"));
  }

  private static StructField commented(
      String name, DataType type, boolean nullable, String comment) {
    Metadata metadata = new MetadataBuilder().putString("comment", comment).build();
    return new StructField(name, type, nullable, metadata);
  }
}
