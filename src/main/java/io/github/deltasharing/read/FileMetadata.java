/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.execution.vectorized.ConstantColumnVector;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The hidden column {@code _metadata}: where a row comes from. Immutable; {@link #SCHEMA} is all of
 * it, a scan may read some of its fields.
 */
public final class FileMetadata {
  /** Name of the column. */
  public static final String COLUMN = "_metadata";

  /** When the file was written, as far as the server sends it. */
  public static final String MODIFICATION_TIME = "file_modification_time";

  private static final String FILE_ID = "file_id";
  private static final String FILE_PATH = "file_path";
  private static final String FILE_NAME = "file_name";
  private static final String FILE_SIZE = "file_size";
  private static final String BLOCK_START = "file_block_start";
  private static final String BLOCK_LENGTH = "file_block_length";
  private static final String ROW_INDEX = "row_index";

  /**
   * All fields: the server's id of the file, its length in bytes, the row's position in it from 0,
   * and those that Spark has for its own files.
   */
  public static final StructType SCHEMA =
      new StructType()
          .add(FILE_ID, DataTypes.StringType, false)
          .add(FILE_SIZE, DataTypes.LongType, false)
          .add(ROW_INDEX, DataTypes.LongType, false)
          .add(FILE_PATH, DataTypes.StringType, false)
          .add(FILE_NAME, DataTypes.StringType, false)
          .add(MODIFICATION_TIME, DataTypes.TimestampType, true)
          .add(BLOCK_START, DataTypes.LongType, false)
          .add(BLOCK_LENGTH, DataTypes.LongType, false);

  private static final long MICROS_PER_MILLI = 1_000;

  private final StructType fields;

  /**
   * @param fields those that are read
   */
  FileMetadata(StructType fields) {
    this.fields = fields;
  }

  boolean needsPosition() {
    return Arrays.asList(fields.fieldNames()).contains(ROW_INDEX);
  }

  /**
   * The column for some rows of a file.
   *
   * @param positions the rows' positions, or null where they are not read
   */
  ColumnVector vector(FileScanTask split, int rows, ColumnVector positions) {
    ColumnVector[] children = new ColumnVector[fields.length()];
    for (int i = 0; i < children.length; i++) {
      StructField field = fields.fields()[i];
      children[i] =
          field.name().equals(ROW_INDEX)
              ? positions
              : constant(value(split, field, 0), field, rows);
    }
    return new StructColumnVector(fields, children);
  }

  /** The column for one row. */
  InternalRow row(FileScanTask split, long position) {
    Object[] values = new Object[fields.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(split, fields.fields()[i], position);
    }
    return new GenericInternalRow(values);
  }

  private static Object value(FileScanTask split, StructField field, long position) {
    return switch (field.name()) {
      case FILE_ID -> UTF8String.fromString(split.file().id());
      case FILE_SIZE -> split.file().size();
      case FILE_PATH -> UTF8String.fromString(FilePath.of(split.file()));
      case FILE_NAME -> UTF8String.fromString(FilePath.name(split.file()));
      case MODIFICATION_TIME ->
          split.modificationTime() == null ? null : split.modificationTime() * MICROS_PER_MILLI;
      case BLOCK_START -> split.start();
      case BLOCK_LENGTH -> split.length();
      default -> position;
    };
  }

  private static ColumnVector constant(Object value, StructField field, int rows) {
    ConstantColumnVector vector = new ConstantColumnVector(rows, field.dataType());
    if (value == null) {
      vector.setNull();
    } else if (value instanceof UTF8String text) {
      vector.setUtf8String(text);
    } else {
      vector.setLong((Long) value);
    }
    return vector;
  }
}
