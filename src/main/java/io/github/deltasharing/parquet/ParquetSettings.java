/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.storage.SharedFileSystem;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.execution.datasources.parquet.ParquetReadSupport;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * How Spark's session wants Parquet read: taken on the driver, used on executors. Immutable. A
 * class, not a record: it may travel through Kryo.
 */
public final class ParquetSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * How large the buffers are that Parquet reads into. Its own 8 MiB are allocated outside of the
   * young generation, and start a cycle of the garbage collector every few row groups.
   */
  private static final String READ_ALLOCATION = Integer.toString(256 << 10);

  private final String datetimeRebaseMode;
  private final String int96RebaseMode;
  private final boolean int96Conversion;
  private final String sessionTimeZone;
  private final boolean offHeap;
  private final int batchRows;
  private final boolean caseSensitive;
  private final FilterSettings pushdown;

  private ParquetSettings(SQLConf conf, String datetimeRebaseMode, String int96RebaseMode) {
    this.datetimeRebaseMode =
        datetimeRebaseMode != null
            ? datetimeRebaseMode
            : conf.getConfString("spark.sql.parquet.datetimeRebaseModeInRead");
    this.int96RebaseMode =
        int96RebaseMode != null
            ? int96RebaseMode
            : conf.getConfString("spark.sql.parquet.int96RebaseModeInRead");
    this.int96Conversion = conf.isParquetINT96TimestampConversion();
    this.sessionTimeZone = conf.sessionLocalTimeZone();
    this.offHeap = conf.offHeapColumnVectorEnabled();
    this.batchRows = conf.parquetVectorizedReaderBatchSize();
    this.caseSensitive = conf.caseSensitiveAnalysis();
    this.pushdown = new FilterSettings(conf);
  }

  /** Those of the session that plans. */
  public static ParquetSettings of(SQLConf conf) {
    return new ParquetSettings(conf, null, null);
  }

  /**
   * Those of a read.
   *
   * @param datetimeRebaseMode in place of the session's; null for that
   * @param int96RebaseMode in place of the session's; null for that
   */
  public static ParquetSettings of(
      SQLConf conf, String datetimeRebaseMode, String int96RebaseMode) {
    return new ParquetSettings(conf, datetimeRebaseMode, int96RebaseMode);
  }

  /** Whether the session lets columns of these types be read as vectors. */
  public static boolean vectorizes(SQLConf conf, StructType schema) {
    if (!conf.parquetVectorizedReaderEnabled()) {
      return false;
    }
    if (conf.parquetVectorizedReaderNestedColumnEnabled()) {
      return true;
    }
    for (StructField field : schema.fields()) {
      if (isNested(field.dataType())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNested(DataType type) {
    return type instanceof StructType || type instanceof ArrayType || type instanceof MapType;
  }

  /**
   * Puts into {@code hadoop} what Spark's Parquet classes look for there, but for the columns.
   *
   * @param matchById whether columns are found by the ids in the schema's metadata
   */
  public static void configure(Configuration hadoop, SQLConf conf, boolean matchById) {
    SharedFileSystem.configure(hadoop);
    hadoop.set("parquet.read.support.class", ParquetReadSupport.class.getName());
    hadoop.setIfUnset("parquet.read.allocation.size", READ_ALLOCATION);
    hadoop.setBoolean("spark.sql.parquet.fieldId.read.enabled", matchById);
    hadoop.setBoolean("spark.sql.parquet.fieldId.read.ignoreMissing", false);
    hadoop.set("spark.sql.session.timeZone", conf.sessionLocalTimeZone());
    for (String key :
        new String[] {
          "spark.sql.optimizer.nestedSchemaPruning.enabled",
          "spark.sql.caseSensitive",
          "spark.sql.parquet.binaryAsString",
          "spark.sql.parquet.int96AsTimestamp",
          "spark.sql.parquet.inferTimestampNTZ.enabled",
          "spark.sql.legacy.parquet.nanosAsLong"
        }) {
      hadoop.set(key, conf.getConfString(key));
    }
  }

  String datetimeRebaseMode() {
    return datetimeRebaseMode;
  }

  String int96RebaseMode() {
    return int96RebaseMode;
  }

  boolean int96Conversion() {
    return int96Conversion;
  }

  String sessionTimeZone() {
    return sessionTimeZone;
  }

  boolean offHeap() {
    return offHeap;
  }

  int batchRows() {
    return batchRows;
  }

  boolean caseSensitive() {
    return caseSensitive;
  }

  FilterSettings pushdown() {
    return pushdown;
  }
}
