/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Some rows of a vector, in their order. A view: it owns nothing, so closing it does nothing.
 * Struct fields are views too; what is below arrays and maps is reached through their own offsets
 * and stays as it is.
 */
final class SelectedColumnVector extends ColumnVector {
  private final ColumnVector vector;
  private final int[] rows;
  private final int count;
  private SelectedColumnVector[] children = new SelectedColumnVector[0];

  SelectedColumnVector(ColumnVector vector, int[] rows, int count) {
    super(vector.dataType());
    this.vector = vector;
    this.rows = rows;
    this.count = count;
  }

  @Override
  public void close() {
    // The reader closes its vectors.
  }

  @Override
  public boolean hasNull() {
    return vector.hasNull();
  }

  @Override
  public int numNulls() {
    if (!vector.hasNull()) {
      return 0;
    }
    int nulls = 0;
    for (int i = 0; i < count; i++) {
      nulls += vector.isNullAt(rows[i]) ? 1 : 0;
    }
    return nulls;
  }

  @Override
  public boolean isNullAt(int row) {
    return vector.isNullAt(rows[row]);
  }

  @Override
  public boolean getBoolean(int row) {
    return vector.getBoolean(rows[row]);
  }

  @Override
  public byte getByte(int row) {
    return vector.getByte(rows[row]);
  }

  @Override
  public short getShort(int row) {
    return vector.getShort(rows[row]);
  }

  @Override
  public int getInt(int row) {
    return vector.getInt(rows[row]);
  }

  @Override
  public long getLong(int row) {
    return vector.getLong(rows[row]);
  }

  @Override
  public float getFloat(int row) {
    return vector.getFloat(rows[row]);
  }

  @Override
  public double getDouble(int row) {
    return vector.getDouble(rows[row]);
  }

  @Override
  public ColumnarArray getArray(int row) {
    return vector.getArray(rows[row]);
  }

  @Override
  public ColumnarMap getMap(int row) {
    return vector.getMap(rows[row]);
  }

  @Override
  public Decimal getDecimal(int row, int precision, int scale) {
    return vector.getDecimal(rows[row], precision, scale);
  }

  @Override
  public UTF8String getUTF8String(int row) {
    return vector.getUTF8String(rows[row]);
  }

  @Override
  public byte[] getBinary(int row) {
    return vector.getBinary(rows[row]);
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    if (ordinal >= children.length) {
      children = java.util.Arrays.copyOf(children, ordinal + 1);
    }
    if (children[ordinal] == null) {
      children[ordinal] = new SelectedColumnVector(vector.getChild(ordinal), rows, count);
    }
    return children[ordinal];
  }
}
