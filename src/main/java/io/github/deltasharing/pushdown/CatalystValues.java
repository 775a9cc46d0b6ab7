/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.read.PartitionValues;
import io.github.deltasharing.table.FilterValue;
import java.math.BigDecimal;
import java.util.Optional;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.unsafe.types.UTF8String;

/** Between Spark's internal values and those that filters compare. */
final class CatalystValues {
  private CatalystValues() {}

  /** The value to compare by; empty for NaN, for null and for what does not compare. */
  static Optional<FilterValue> comparable(Object value) {
    if (value instanceof UTF8String text) {
      String string = text.toString();
      // Bytes that are no UTF-8 do not survive the way through a Java string.
      return UTF8String.fromString(string).equals(text)
          ? Optional.of(FilterValue.of(string))
          : Optional.empty();
    } else if (value instanceof Boolean bool) {
      return Optional.of(FilterValue.of(bool));
    } else if (value instanceof Float || value instanceof Double) {
      return FilterValue.of(((Number) value).doubleValue());
    } else if (value instanceof Number number) {
      return Optional.of(FilterValue.of(number.longValue()));
    } else if (value instanceof Decimal decimal) {
      return Optional.of(FilterValue.of(decimal.toJavaBigDecimal()));
    }
    return Optional.empty();
  }

  /** Reads a partition value as the reader of rows does; empty where that would fail. */
  static Optional<FilterValue> parse(PartitionValues values, String text, DataType type) {
    try {
      return comparable(values.value(text, type));
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /**
   * Spark's internal value of a column of this type.
   *
   * @throws ArithmeticException if it is a decimal that the type has no place for
   */
  static Object internal(FilterValue value, DataType type) {
    Object plain = value.value();
    if (plain instanceof Long number) {
      if (type instanceof IntegerType || type instanceof DateType) {
        return number.intValue();
      } else if (type instanceof ShortType) {
        return number.shortValue();
      } else if (type instanceof ByteType) {
        return number.byteValue();
      }
      return number;
    } else if (plain instanceof Double number) {
      return type instanceof FloatType ? (Object) number.floatValue() : number;
    } else if (plain instanceof BigDecimal decimal && type instanceof DecimalType to) {
      return Decimal.apply(decimal.setScale(to.scale()), to.precision(), to.scale());
    } else if (plain instanceof Boolean) {
      return plain;
    }
    return UTF8String.fromString(value.text());
  }
}
