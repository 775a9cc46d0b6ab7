/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.parquet;

import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.server.publish.csv.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/**
 * The values of one column as those of a type, as {@link Values} describes them. The type is the
 * column's own or a wider one. Immutable.
 */
final class ParquetValues {
  private static final long MICROS_A_DAY = 86_400L * 1_000_000;
  private static final long JULIAN_1970 = 2_440_588;
  private static final int INT96 = 12;
  private static final int LONGEST = 16 << 20;

  private final PrimitiveType.PrimitiveTypeName physical;
  private final LogicalTypeAnnotation logical;
  private final int present;
  private final ColumnType type;

  ParquetValues(ColumnDescriptor column, ColumnType type) {
    this.physical = column.getPrimitiveType().getPrimitiveTypeName();
    this.logical = column.getPrimitiveType().getLogicalTypeAnnotation();
    this.present = column.getMaxDefinitionLevel();
    this.type = type;
  }

  /** The next value; null where there is none. */
  Object next(ColumnReader column) {
    Object value = column.getCurrentDefinitionLevel() < present ? null : value(column);
    column.consume();
    return value;
  }

  private Object value(ColumnReader column) {
    return switch (type.kind()) {
      case BOOLEAN -> column.getBoolean();
      case BYTE -> (byte) narrow(column.getInteger(), Byte.MIN_VALUE, Byte.MAX_VALUE);
      case SHORT -> (short) narrow(column.getInteger(), Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> column.getInteger();
      case LONG -> whole(column);
      case FLOAT -> column.getFloat();
      case DOUBLE ->
          physical == PrimitiveType.PrimitiveTypeName.FLOAT
              ? (Object) (double) column.getFloat()
              : (Object) column.getDouble();
      case DECIMAL -> decimal(column);
      case DATE -> date(column.getInteger());
      case TIMESTAMP, TIMESTAMP_NTZ -> time(column);
      case STRING -> text(column.getBinary());
      case BINARY -> bytes(column.getBinary());
      case STRUCT, ARRAY, MAP -> throw new IllegalStateException("it has parts");
    };
  }

  private static int narrow(int value, int least, int most) {
    if (value < least || value > most) {
      throw new UnfitValueException("a number that its type cannot have");
    }
    return value;
  }

  private long whole(ColumnReader column) {
    return physical == PrimitiveType.PrimitiveTypeName.INT32
        ? column.getInteger()
        : column.getLong();
  }

  private BigDecimal decimal(ColumnReader column) {
    int scale = ((DecimalLogicalTypeAnnotation) logical).getScale();
    BigDecimal value =
        physical == PrimitiveType.PrimitiveTypeName.INT32
                || physical == PrimitiveType.PrimitiveTypeName.INT64
            ? BigDecimal.valueOf(whole(column), scale)
            : new BigDecimal(new BigInteger(bytes(column.getBinary())), scale);
    if (value.precision() > type.precision()) {
      throw new UnfitValueException("a number with more digits than its type");
    }
    return value;
  }

  private static Integer date(int day) {
    if (day < Values.OLDEST_DAY) {
      throw new UnfitValueException(
          "a date before 1582-10-15, which readers take for one of another calendar");
    }
    return day;
  }

  private Long time(ColumnReader column) {
    long micros;
    if (physical == PrimitiveType.PrimitiveTypeName.INT96) {
      ByteBuffer parts = ByteBuffer.wrap(bytes(column.getBinary())).order(ByteOrder.LITTLE_ENDIAN);
      if (parts.remaining() != INT96) {
        throw new UnfitValueException("no time");
      }
      long nanos = parts.getLong();
      micros =
          Math.addExact(
              Math.multiplyExact(parts.getInt() - JULIAN_1970, MICROS_A_DAY),
              Math.floorDiv(nanos, 1000L));
    } else {
      long value = column.getLong();
      boolean millis = ((TimestampLogicalTypeAnnotation) logical).getUnit() == TimeUnit.MILLIS;
      micros = millis ? Math.multiplyExact(value, 1000L) : value;
    }
    if (micros < Values.OLDEST_TIME) {
      throw new UnfitValueException(
          "a time before 1900, which readers take for one of another calendar");
    }
    return micros;
  }

  private static String text(Binary value) {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(value));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new UnfitValueException("bytes that are no text in UTF-8");
    }
  }

  private static byte[] bytes(Binary value) {
    if (value.length() > LONGEST) {
      throw new UnfitValueException("a value of more than %,d bytes".formatted(LONGEST));
    }
    return value.getBytes();
  }
}
