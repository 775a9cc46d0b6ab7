/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.TimestampNTZType;

/** Which types a column may have grown from (Delta protocol, "Type Widening"). Stateless. */
final class AllowedTypeChanges {
  private AllowedTypeChanges() {}

  /** Whether every value of a type is one of another. */
  static boolean holds(DataType wide, DataType narrow) {
    int size = size(narrow);
    if (wide instanceof DecimalType to) {
      if (narrow instanceof DecimalType from) {
        return to.scale() >= from.scale()
            && to.precision() - to.scale() >= from.precision() - from.scale();
      }
      return size > 0 && to.precision() - to.scale() >= (size == Long.BYTES ? 20 : 10);
    }
    if (wide instanceof DoubleType) {
      return narrow instanceof FloatType || (size > 0 && size < Long.BYTES);
    }
    if (wide instanceof TimestampNTZType) {
      return narrow instanceof DateType;
    }
    return size > 0 && size < size(wide);
  }

  /** Bytes of a whole number's type; 0 for others. */
  private static int size(DataType type) {
    if (type instanceof ByteType) {
      return Byte.BYTES;
    } else if (type instanceof ShortType) {
      return Short.BYTES;
    } else if (type instanceof IntegerType) {
      return Integer.BYTES;
    }
    return type instanceof LongType ? Long.BYTES : 0;
  }
}
