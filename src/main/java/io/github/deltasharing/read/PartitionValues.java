/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import io.github.deltasharing.error.FileErrors;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Locale;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;

/**
 * Reads partition values from their text on the wire (PROTOCOL.md, "Partition Value Serialization")
 * into Spark's internal values. An empty text is null for every type; a text that is not of its
 * type is an error, never null. Immutable.
 */
public final class PartitionValues {
  private final StructType schema;
  private final ZoneId zone;

  /**
   * @param zone in which timestamps without a zone are meant: the session's, as Delta Lake reads
   *     them
   */
  public PartitionValues(StructType schema, String zone) {
    this.schema = schema;
    this.zone = DateTimeUtils.getZoneId(zone);
  }

  /**
   * The values of a file.
   *
   * @param texts as on the wire, one for each column of the schema
   * @throws io.github.deltasharing.error.SharingException if one is not of its type
   */
  public InternalRow row(String table, String fileId, String[] texts) {
    Object[] values = new Object[texts.length];
    for (int i = 0; i < texts.length; i++) {
      StructField field = schema.fields()[i];
      try {
        values[i] =
            texts[i] == null || texts[i].isEmpty() ? null : value(texts[i], field.dataType());
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw FileErrors.badPartitionValue(
            table, fileId, field.name(), field.dataType().simpleString(), texts[i]);
      }
    }
    return new GenericInternalRow(values);
  }

  /**
   * A value that is not null, in Spark's internal form.
   *
   * @throws IllegalArgumentException or ArithmeticException if the text is not of the type
   */
  public Object value(String text, DataType type) {
    if (type instanceof StringType) {
      return UTF8String.fromString(text);
    } else if (type instanceof BinaryType) {
      return UTF8String.fromString(text).getBytes();
    } else if (type instanceof BooleanType) {
      return bool(text);
    } else if (type instanceof DateType) {
      return found(DateTimeUtils.stringToDate(UTF8String.fromString(text)));
    } else if (type instanceof TimestampType) {
      return found(DateTimeUtils.stringToTimestamp(UTF8String.fromString(text), zone));
    } else if (type instanceof TimestampNTZType) {
      return found(DateTimeUtils.stringToTimestampWithoutTimeZone(UTF8String.fromString(text)));
    }
    return number(text.trim(), type);
  }

  private static Object number(String text, DataType type) {
    if (type instanceof IntegerType) {
      return Integer.valueOf(text);
    } else if (type instanceof LongType) {
      return Long.valueOf(text);
    } else if (type instanceof ShortType) {
      return Short.valueOf(text);
    } else if (type instanceof ByteType) {
      return Byte.valueOf(text);
    } else if (type instanceof DoubleType) {
      return Double.valueOf(text);
    } else if (type instanceof FloatType) {
      return Float.valueOf(text);
    } else if (type instanceof DecimalType decimal) {
      return decimal(new BigDecimal(text), decimal);
    }
    throw new IllegalArgumentException(text);
  }

  private static Decimal decimal(BigDecimal value, DecimalType type) {
    // Before it is written out: an exponent may mean a billion digits.
    long integerDigits = (long) value.precision() - value.scale();
    if (value.signum() != 0 && integerDigits > type.precision() - type.scale()) {
      throw new ArithmeticException();
    }
    BigDecimal exact = value.signum() == 0 ? BigDecimal.ZERO : value;
    return Decimal.apply(exact.setScale(type.scale()), type.precision(), type.scale());
  }

  private static Boolean bool(String text) {
    return switch (text.trim().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Object found(Option<Object> value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException();
    }
    return value.get();
  }
}
