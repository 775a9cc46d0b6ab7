/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.kernel;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values of Kernel's as {@link io.github.deltasharing.source.TableRows} has them: exact, or cut.
 * Used by one thread.
 */
final class CellValues {
  private static final long MOST_EXACT = 1L << 53;
  private static final long MICROS = 1_000_000;
  private static final String CUT = "…";

  private final int characters;
  private final int items;
  private long cut;

  CellValues(int characters, int items) {
    this.characters = characters;
    this.items = items;
  }

  /** How many values were cut. */
  long cut() {
    return cut;
  }

  /**
   * A value.
   *
   * @param type the table's: the vector's own may have the names that fields of structs have in
   *     files
   */
  Object of(ColumnVector vector, DataType type, int row) {
    if (vector.isNullAt(row)) {
      return null;
    }
    if (type instanceof BooleanType) {
      return vector.getBoolean(row);
    } else if (type instanceof ByteType) {
      return (int) vector.getByte(row);
    } else if (type instanceof ShortType) {
      return (int) vector.getShort(row);
    } else if (type instanceof IntegerType) {
      return vector.getInt(row);
    } else if (type instanceof LongType) {
      return number(vector.getLong(row));
    } else if (type instanceof FloatType) {
      return number(vector.getFloat(row));
    } else if (type instanceof DoubleType) {
      return number(vector.getDouble(row));
    } else if (type instanceof DecimalType) {
      return vector.getDecimal(row).toPlainString();
    } else if (type instanceof DateType) {
      return LocalDate.ofEpochDay(vector.getInt(row)).toString();
    } else if (type instanceof TimestampType) {
      return instant(vector.getLong(row)).toString();
    } else if (type instanceof TimestampNTZType) {
      return LocalDateTime.ofInstant(instant(vector.getLong(row)), ZoneOffset.UTC).toString();
    } else if (type instanceof StringType) {
      return text(vector.getString(row));
    } else if (type instanceof BinaryType) {
      return hex(vector.getBinary(row));
    }
    return nested(vector, type, row);
  }

  private Object nested(ColumnVector vector, DataType type, int row) {
    if (type instanceof ArrayType listed) {
      ArrayValue array = vector.getArray(row);
      List<Object> list = new ArrayList<>();
      int size = some(array.getSize());
      for (int i = 0; i < size; i++) {
        list.add(of(array.getElements(), listed.getElementType(), i));
      }
      return list;
    } else if (type instanceof MapType mapped) {
      MapValue map = vector.getMap(row);
      Map<String, Object> entries = new LinkedHashMap<>();
      int size = some(map.getSize());
      for (int i = 0; i < size; i++) {
        entries.put(
            String.valueOf(of(map.getKeys(), mapped.getKeyType(), i)),
            of(map.getValues(), mapped.getValueType(), i));
      }
      return entries;
    } else if (type instanceof StructType struct) {
      Map<String, Object> fields = new LinkedHashMap<>();
      int size = some(struct.length());
      for (int i = 0; i < size; i++) {
        fields.put(struct.at(i).getName(), of(vector.getChild(i), struct.at(i).getDataType(), row));
      }
      return fields;
    }
    throw new UnsupportedOperationException("No values of the type " + type + " are read here");
  }

  private int some(int size) {
    if (size > items) {
      cut++;
      return items;
    }
    return size;
  }

  static Object number(float value) {
    return Float.isFinite(value) ? (Object) value : String.valueOf(value);
  }

  static Object number(double value) {
    return Double.isFinite(value) ? (Object) value : String.valueOf(value);
  }

  static Object number(long value) {
    return Math.abs(value) <= MOST_EXACT && value != Long.MIN_VALUE
        ? (Object) value
        : String.valueOf(value);
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
  }

  String text(String value) {
    if (value.length() <= characters) {
      return value;
    }
    cut++;
    int end = Character.isHighSurrogate(value.charAt(characters - 1)) ? characters - 1 : characters;
    return value.substring(0, end) + CUT;
  }

  String hex(byte[] bytes) {
    int most = characters / 2;
    if (bytes.length <= most) {
      return HexFormat.of().formatHex(bytes);
    }
    cut++;
    return HexFormat.of().formatHex(bytes, 0, most) + CUT;
  }
}
