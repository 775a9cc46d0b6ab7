/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.parquet;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.server.publish.csv.ColumnType.Kind;
import java.util.Optional;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/** What columns of Parquet files are in a table: the types that Spark reads them as. Stateless. */
final class ParquetTypes {
  private ParquetTypes() {}

  /**
   * The type of a column.
   *
   * @throws ServerError 400 when it is one that tables of publications do not have
   */
  static ColumnType of(Type field, String file) {
    if (!field.isPrimitive() || field.isRepetition(Type.Repetition.REPEATED)) {
      throw unsupported(
          field,
          file,
          "is nested (%s)"
              .formatted(
                  field.isPrimitive() || field.getLogicalTypeAnnotation() == null
                      ? "a struct or a list"
                      : field.getLogicalTypeAnnotation()));
    }
    PrimitiveType type = field.asPrimitiveType();
    return type(type)
        .orElseThrow(
            () ->
                unsupported(
                    field,
                    file,
                    "has the type "
                        + type.getPrimitiveTypeName()
                        + (type.getLogicalTypeAnnotation() == null
                            ? ""
                            : " (" + type.getLogicalTypeAnnotation() + ")")));
  }

  private static ServerError unsupported(Type field, String file, String what) {
    return ServerError.invalid(
        "Column '%s' of '%s' %s, which published files cannot have. Write it as a column of numbers, text, times, booleans or bytes, or make a Delta table of it and share that"
            .formatted(field.getName(), file, what));
  }

  private static Optional<ColumnType> type(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal.getPrecision() <= ColumnType.MOST_DIGITS
          ? Optional.of(ColumnType.decimal(decimal.getPrecision(), decimal.getScale()))
          : Optional.empty();
    }
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> plain(logical, Kind.BOOLEAN);
      case FLOAT -> plain(logical, Kind.FLOAT);
      case DOUBLE -> plain(logical, Kind.DOUBLE);
      case INT96 -> plain(logical, Kind.TIMESTAMP);
      case INT32 ->
          logical instanceof DateLogicalTypeAnnotation
              ? Optional.of(ColumnType.of(Kind.DATE))
              : whole(logical, Kind.INTEGER);
      case INT64 ->
          logical instanceof TimestampLogicalTypeAnnotation time
              ? time(time)
              : whole(logical, Kind.LONG);
      case BINARY -> bytes(logical);
      case FIXED_LEN_BYTE_ARRAY -> Optional.empty();
    };
  }

  private static Optional<ColumnType> plain(LogicalTypeAnnotation logical, Kind kind) {
    return logical == null ? Optional.of(ColumnType.of(kind)) : Optional.empty();
  }

  private static Optional<ColumnType> whole(LogicalTypeAnnotation logical, Kind kind) {
    if (logical instanceof IntLogicalTypeAnnotation number && number.isSigned()) {
      return Optional.of(
          ColumnType.of(
              switch (number.getBitWidth()) {
                case 8 -> Kind.BYTE;
                case 16 -> Kind.SHORT;
                default -> kind;
              }));
    }
    return plain(logical, kind);
  }

  private static Optional<ColumnType> time(TimestampLogicalTypeAnnotation time) {
    return time.getUnit() == TimeUnit.NANOS
        ? Optional.empty()
        : Optional.of(ColumnType.of(time.isAdjustedToUTC() ? Kind.TIMESTAMP : Kind.TIMESTAMP_NTZ));
  }

  private static Optional<ColumnType> bytes(LogicalTypeAnnotation logical) {
    return logical instanceof StringLogicalTypeAnnotation
            || logical instanceof EnumLogicalTypeAnnotation
            || logical instanceof JsonLogicalTypeAnnotation
        ? Optional.of(ColumnType.STRING)
        : plain(logical, Kind.BINARY);
  }
}
