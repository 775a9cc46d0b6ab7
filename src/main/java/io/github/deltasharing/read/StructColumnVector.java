/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/** A struct that is never null, of vectors that others own. */
final class StructColumnVector extends ColumnVector {
  private final ColumnVector[] children;

  StructColumnVector(StructType type, ColumnVector[] children) {
    super(type);
    this.children = children;
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    return children[ordinal];
  }

  @Override
  public boolean hasNull() {
    return false;
  }

  @Override
  public int numNulls() {
    return 0;
  }

  @Override
  public boolean isNullAt(int row) {
    return false;
  }

  @Override
  public void close() {
    // Its children are closed by those who made them.
  }

  @Override
  public boolean getBoolean(int row) {
    throw notStruct();
  }

  @Override
  public byte getByte(int row) {
    throw notStruct();
  }

  @Override
  public short getShort(int row) {
    throw notStruct();
  }

  @Override
  public int getInt(int row) {
    throw notStruct();
  }

  @Override
  public long getLong(int row) {
    throw notStruct();
  }

  @Override
  public float getFloat(int row) {
    throw notStruct();
  }

  @Override
  public double getDouble(int row) {
    throw notStruct();
  }

  @Override
  public ColumnarArray getArray(int row) {
    throw notStruct();
  }

  @Override
  public ColumnarMap getMap(int row) {
    throw notStruct();
  }

  @Override
  public Decimal getDecimal(int row, int precision, int scale) {
    throw notStruct();
  }

  @Override
  public UTF8String getUTF8String(int row) {
    throw notStruct();
  }

  @Override
  public byte[] getBinary(int row) {
    throw notStruct();
  }

  private static UnsupportedOperationException notStruct() {
    return new UnsupportedOperationException("a struct has fields, not a value");
  }
}
