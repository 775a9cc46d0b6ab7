/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.TimestampNTZType;

/** The type that a file has for a column of which the table widened the type. Static. */
final class NarrowerType {
  private NarrowerType() {}

  /**
   * The type to read of the file: {@code wanted} where it was not widened.
   *
   * @return null where the file's values would not be the table's, for Spark's row reader would
   *     round them
   */
  static DataType of(DataType wanted, PrimitiveType inFile) {
    DataType stored = stored(inFile);
    if (stored == null || stored.equals(wanted)) {
      return wanted;
    }
    boolean integral = stored.equals(DataTypes.IntegerType);
    boolean widened =
        (wanted instanceof LongType && integral)
            || (wanted instanceof DoubleType && (integral || stored.equals(DataTypes.FloatType)))
            || (wanted instanceof TimestampNTZType && stored.equals(DataTypes.DateType))
            || (wanted instanceof DecimalType decimal && widensTo(stored, decimal));
    if (!widened && wanted instanceof DecimalType && stored instanceof DecimalType) {
      return null;
    }
    return widened ? stored : wanted;
  }

  private static boolean widensTo(DataType stored, DecimalType wanted) {
    int scale = stored instanceof DecimalType decimal ? decimal.scale() : 0;
    int integerDigits =
        stored instanceof DecimalType decimal
            ? decimal.precision() - decimal.scale()
            : stored.equals(DataTypes.IntegerType)
                ? 10
                : stored.equals(DataTypes.LongType) ? 19 : 39;
    // A file written as BYTE or SHORT has INT32 too: three digits may have become DECIMAL(3, 0).
    boolean fits =
        !(stored instanceof DecimalType) || wanted.precision() - wanted.scale() >= integerDigits;
    return integerDigits < 39 && fits && wanted.scale() >= scale;
  }

  /** The type of Spark's that the file's type is, for those that can be widened; else null. */
  private static DataType stored(PrimitiveType inFile) {
    LogicalTypeAnnotation annotation = inFile.getLogicalTypeAnnotation();
    if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
      return new DecimalType(decimal.getPrecision(), decimal.getScale());
    }
    if (annotation instanceof DateLogicalTypeAnnotation) {
      return DataTypes.DateType;
    }
    boolean plain =
        annotation == null || (annotation instanceof IntLogicalTypeAnnotation i && i.isSigned());
    PrimitiveTypeName name = inFile.getPrimitiveTypeName();
    if (!plain) {
      return null;
    }
    return switch (name) {
      case INT32 -> DataTypes.IntegerType;
      case INT64 -> DataTypes.LongType;
      case FLOAT -> DataTypes.FloatType;
      default -> null;
    };
  }
}
