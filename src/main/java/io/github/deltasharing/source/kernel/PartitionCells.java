/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.kernel;

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
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.TimestampNTZType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Map;

/**
 * The partition values of a file as {@link io.github.deltasharing.source.TableRows} has them.
 * Kernel reads times by the calendar and the zone of this JVM, and none that end with {@code Z}.
 *
 * @param values by physical names, as the log has them
 * @param cells makes values
 */
record PartitionCells(Map<String, String> values, CellValues cells) {
  private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";

  Object of(StructField column) {
    String physical =
        column.getMetadata().contains(PHYSICAL_NAME)
            ? column.getMetadata().getString(PHYSICAL_NAME)
            : column.getName();
    String value = values.getOrDefault(physical, values.get(column.getName()));
    return value == null || value.isEmpty() ? null : of(column.getDataType(), value);
  }

  private Object of(DataType type, String value) {
    if (type instanceof BooleanType) {
      return Boolean.valueOf(value);
    } else if (type instanceof ByteType
        || type instanceof ShortType
        || type instanceof IntegerType) {
      return Integer.valueOf(value);
    } else if (type instanceof LongType) {
      return CellValues.number(Long.parseLong(value));
    } else if (type instanceof FloatType) {
      return CellValues.number(Float.parseFloat(value));
    } else if (type instanceof DoubleType) {
      return CellValues.number(Double.parseDouble(value));
    } else if (type instanceof DecimalType decimal) {
      return new BigDecimal(value)
          .setScale(decimal.getScale(), RoundingMode.UNNECESSARY)
          .toPlainString();
    } else if (type instanceof DateType) {
      return LocalDate.parse(value).toString();
    } else if (type instanceof TimestampNTZType) {
      return LocalDateTime.parse(value.replace(' ', 'T')).toString();
    } else if (type instanceof BinaryType) {
      return cells.hex(value.getBytes(StandardCharsets.UTF_8));
    }
    // Of a time without a zone, nobody knows which one its writer meant.
    return value.matches("\\d{4,}-.*T.*Z") ? Instant.parse(value).toString() : cells.text(value);
  }
}
