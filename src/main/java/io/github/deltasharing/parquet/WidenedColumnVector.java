/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import java.math.BigDecimal;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A file's vector seen in the wider type that the table has by now. A view: values are converted
 * when they are read, and closing it does nothing.
 */
final class WidenedColumnVector extends ColumnVector {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final WritableColumnVector vector;
  private final DataType from;
  private final ColumnVector[] children;

  private WidenedColumnVector(WritableColumnVector vector, DataType to) {
    super(to);
    this.vector = vector;
    this.from = vector.dataType();
    this.children = children(vector, to);
  }

  /** The vector in type {@code to}: itself where it has that type. */
  static ColumnVector of(ColumnVector vector, DataType to) {
    return vector.dataType().equals(to) || !(vector instanceof WritableColumnVector writable)
        ? vector
        : new WidenedColumnVector(writable, to);
  }

  private static ColumnVector[] children(WritableColumnVector vector, DataType to) {
    if (to instanceof StructType struct) {
      ColumnVector[] children = new ColumnVector[struct.length()];
      for (int i = 0; i < children.length; i++) {
        children[i] = of(vector.getChild(i), struct.fields()[i].dataType());
      }
      return children;
    }
    if (to instanceof ArrayType array) {
      return new ColumnVector[] {of(vector.getChild(0), array.elementType())};
    }
    if (to instanceof MapType map) {
      return new ColumnVector[] {
        of(vector.getChild(0), map.keyType()), of(vector.getChild(1), map.valueType())
      };
    }
    return new ColumnVector[0];
  }

  @Override
  public long getLong(int row) {
    if (from instanceof IntegerType) {
      return vector.getInt(row);
    }
    return from instanceof DateType
        ? Math.multiplyExact(vector.getInt(row), MICROS_PER_DAY)
        : vector.getLong(row);
  }

  @Override
  public double getDouble(int row) {
    if (from instanceof IntegerType) {
      return vector.getInt(row);
    }
    return from instanceof FloatType ? vector.getFloat(row) : vector.getDouble(row);
  }

  @Override
  public Decimal getDecimal(int row, int precision, int scale) {
    if (vector.isNullAt(row)) {
      return null;
    }
    BigDecimal exact;
    if (from instanceof DecimalType narrow) {
      exact = vector.getDecimal(row, narrow.precision(), narrow.scale()).toJavaBigDecimal();
    } else {
      exact =
          BigDecimal.valueOf(
              from instanceof IntegerType ? vector.getInt(row) : vector.getLong(row));
    }
    return Decimal.apply(exact.setScale(scale), precision, scale);
  }

  @Override
  public ColumnarArray getArray(int row) {
    return new ColumnarArray(children[0], vector.getArrayOffset(row), vector.getArrayLength(row));
  }

  @Override
  public ColumnarMap getMap(int row) {
    return new ColumnarMap(
        children[0], children[1], vector.getArrayOffset(row), vector.getArrayLength(row));
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    return children[ordinal];
  }

  @Override
  public boolean hasNull() {
    return vector.hasNull();
  }

  @Override
  public int numNulls() {
    return vector.numNulls();
  }

  @Override
  public boolean isNullAt(int row) {
    return vector.isNullAt(row);
  }

  @Override
  public boolean getBoolean(int row) {
    return vector.getBoolean(row);
  }

  @Override
  public byte getByte(int row) {
    return vector.getByte(row);
  }

  @Override
  public short getShort(int row) {
    return vector.getShort(row);
  }

  @Override
  public int getInt(int row) {
    return vector.getInt(row);
  }

  @Override
  public float getFloat(int row) {
    return vector.getFloat(row);
  }

  @Override
  public UTF8String getUTF8String(int row) {
    return vector.getUTF8String(row);
  }

  @Override
  public byte[] getBinary(int row) {
    return vector.getBinary(row);
  }

  @Override
  public void close() {
    // The reader closes its vectors.
  }
}
