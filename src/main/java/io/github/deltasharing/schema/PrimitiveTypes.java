/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.schema;

import io.github.deltasharing.compat.NewerTypes;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;

/** Delta's primitive types by their names in schemas. Stateless. */
final class PrimitiveTypes {
  private static final Map<String, DataType> BY_NAME =
      Map.ofEntries(
          Map.entry("string", DataTypes.StringType),
          Map.entry("long", DataTypes.LongType),
          Map.entry("integer", DataTypes.IntegerType),
          Map.entry("short", DataTypes.ShortType),
          Map.entry("byte", DataTypes.ByteType),
          Map.entry("float", DataTypes.FloatType),
          Map.entry("double", DataTypes.DoubleType),
          Map.entry("decimal", new DecimalType(10, 0)),
          Map.entry("boolean", DataTypes.BooleanType),
          Map.entry("binary", DataTypes.BinaryType),
          Map.entry("date", DataTypes.DateType),
          Map.entry("timestamp", DataTypes.TimestampType),
          Map.entry("timestamp_ltz", DataTypes.TimestampType),
          Map.entry("timestamp_ntz", DataTypes.TimestampNTZType),
          Map.entry("void", DataTypes.NullType),
          Map.entry("null", DataTypes.NullType));

  private static final Pattern DECIMAL =
      Pattern.compile("decimal\\(\\s*(\\d{1,3})\\s*,\\s*(-?\\d{1,3})\\s*\\)");

  /** Writers note them as strings; here one that did not. */
  private static final Pattern STRING_OF_A_LENGTH =
      Pattern.compile("(?:var)?char\\(\\s*\\d{1,9}\\s*\\)");

  private PrimitiveTypes() {}

  static DataType of(String name, ColumnPath path) {
    DataType type = BY_NAME.get(name);
    if (type != null) {
      return type;
    }
    Matcher decimal = DECIMAL.matcher(name);
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = Integer.parseInt(decimal.group(2));
      if (precision >= 1
          && precision <= DecimalType.MAX_PRECISION()
          && scale >= 0
          && scale <= precision) {
        return new DecimalType(precision, scale);
      }
    }
    if (STRING_OF_A_LENGTH.matcher(name).matches()) {
      return DataTypes.StringType;
    }
    if (name.equals("variant") && NewerTypes.variant().isPresent()) {
      return NewerTypes.variant().get();
    }
    throw path.unknown(name);
  }
}
