/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.compat.NewerTypes;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Whether a type in a file can be a column's at all. Spark's readers disagree about those that
 * cannot: one fails at the column, the other at the first value, far away, or not at all.
 */
final class TypeMatch {
  private TypeMatch() {}

  static boolean matches(DataType wanted, Type inFile) {
    LogicalTypeAnnotation annotation = inFile.getLogicalTypeAnnotation();
    boolean repeated = inFile.isRepetition(Repetition.REPEATED);
    boolean list = annotation instanceof ListLogicalTypeAnnotation;
    boolean map =
        annotation instanceof MapLogicalTypeAnnotation
            || annotation instanceof MapKeyValueTypeAnnotation;
    if (wanted instanceof ArrayType) {
      // Old writers repeat the element itself.
      return repeated || (list && !inFile.isPrimitive());
    }
    if (wanted instanceof MapType) {
      return map && !inFile.isPrimitive();
    }
    if (wanted instanceof StructType || NewerTypes.isVariant(wanted)) {
      return !inFile.isPrimitive() && !list && !map;
    }
    return inFile.isPrimitive() && matches(wanted, inFile.asPrimitiveType());
  }

  private static boolean matches(DataType wanted, PrimitiveType inFile) {
    PrimitiveTypeName stored = inFile.getPrimitiveTypeName();
    boolean bytes =
        stored == PrimitiveTypeName.BINARY || stored == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
    boolean int32 = stored == PrimitiveTypeName.INT32;
    boolean int64 = stored == PrimitiveTypeName.INT64;
    boolean time =
        stored == PrimitiveTypeName.INT96
            || (int64
                && inFile.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation);
    if (wanted instanceof BooleanType) {
      return stored == PrimitiveTypeName.BOOLEAN;
    } else if (wanted instanceof ByteType
        || wanted instanceof ShortType
        || wanted instanceof IntegerType
        || wanted instanceof DateType) {
      return int32;
    } else if (wanted instanceof LongType) {
      return int32 || int64;
    } else if (wanted instanceof FloatType) {
      return stored == PrimitiveTypeName.FLOAT;
    } else if (wanted instanceof DoubleType) {
      return int32 || stored == PrimitiveTypeName.FLOAT || stored == PrimitiveTypeName.DOUBLE;
    } else if (wanted instanceof StringType || wanted instanceof BinaryType) {
      return bytes;
    } else if (wanted instanceof TimestampType) {
      return time;
    } else if (wanted instanceof TimestampNTZType) {
      return time || int32;
    }
    // What else there is, Spark judges.
    return !(wanted instanceof DecimalType) || int32 || int64 || bytes;
  }
}
