/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.storage.SharedFile;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Looks for nulls where the table's schema says there are none and the file does not. Spark
 * believes the schema: it would count a null, or take for it what was in its place before. Only
 * rows that are read are looked at: deleted ones may have any value. Vectors without a null are not
 * looked into. Immutable.
 */
public final class NotNullColumns {
  private final SharedFile file;
  private final List<Node> columns;

  /**
   * A column, or what is in one, that is to be checked or has something in it that is.
   *
   * @param ordinal among the fields of the struct that it is in; of a map, 0 for keys, 1 for values
   * @param name for messages
   * @param required whether it itself is never null
   */
  record Node(int ordinal, String name, DataType type, boolean required, List<Node> inside) {}

  NotNullColumns(SharedFile file, List<Node> columns) {
    this.file = file;
    this.columns = columns;
  }

  /**
   * Checks all rows of a batch.
   *
   * @throws io.github.deltasharing.error.SharingException if there is a null in one
   */
  public void check(ColumnarBatch batch) {
    for (Node column : columns) {
      if (mayHoldNull(batch.column(column.ordinal()), column)) {
        for (int row = 0; row < batch.numRows(); row++) {
          check(batch.getRow(row), column.ordinal(), column);
        }
      }
    }
  }

  /**
   * Checks a row.
   *
   * @throws io.github.deltasharing.error.SharingException if there is a null in it
   */
  public void check(InternalRow row) {
    for (Node column : columns) {
      check(row, column.ordinal(), column);
    }
  }

  private static boolean mayHoldNull(ColumnVector vector, Node node) {
    return (node.required() && vector.hasNull())
        || node.inside().stream()
            .anyMatch(child -> mayHoldNull(vector.getChild(child.ordinal()), child));
  }

  private void check(SpecializedGetters in, int ordinal, Node node) {
    if (in.isNullAt(ordinal)) {
      if (node.required()) {
        throw FileErrors.nullInColumn(file.table(), file.id(), file.url().host(), node.name());
      }
      return;
    }
    if (node.inside().isEmpty()) {
      return;
    }
    if (node.type() instanceof StructType struct) {
      InternalRow row = in.getStruct(ordinal, struct.length());
      node.inside().forEach(child -> check(row, child.ordinal(), child));
    } else if (node.type() instanceof ArrayType) {
      checkAll(in.getArray(ordinal), node.inside().get(0));
    } else if (node.type() instanceof MapType) {
      MapData map = in.getMap(ordinal);
      for (Node child : node.inside()) {
        checkAll(child.ordinal() == 0 ? map.keyArray() : map.valueArray(), child);
      }
    }
  }

  private void checkAll(ArrayData elements, Node element) {
    for (int i = 0; i < elements.numElements(); i++) {
      check(elements, i, element);
    }
  }
}
