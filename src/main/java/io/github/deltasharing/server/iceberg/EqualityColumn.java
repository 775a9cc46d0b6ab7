/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * A column that rows are compared by: its values as objects that are equal where Iceberg has them
 * equal, whatever promotion is between the types of two files. Immutable.
 */
record EqualityColumn(NestedField field) {
  /** What stands for null, which is equal to null. */
  static final Object NULL = new Object();

  /** The types that files may have of the column; empty for those that are not compared here. */
  private List<PrimitiveTypeName> stored() {
    return switch (field.type().typeId()) {
      case BOOLEAN -> List.of(PrimitiveTypeName.BOOLEAN);
      case INTEGER, DATE -> List.of(PrimitiveTypeName.INT32);
      case LONG -> List.of(PrimitiveTypeName.INT32, PrimitiveTypeName.INT64);
      case TIMESTAMP -> List.of(PrimitiveTypeName.INT64);
      case FLOAT -> List.of(PrimitiveTypeName.FLOAT);
      case DOUBLE -> List.of(PrimitiveTypeName.FLOAT, PrimitiveTypeName.DOUBLE);
      case STRING, BINARY -> List.of(PrimitiveTypeName.BINARY);
      case DECIMAL ->
          List.of(
              PrimitiveTypeName.INT32,
              PrimitiveTypeName.INT64,
              PrimitiveTypeName.BINARY,
              PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY);
      default -> List.of();
    };
  }

  /** The column in a file, or null if the file has none: its values are null then. */
  Type find(IcebergTable table, MessageType schema) {
    for (Type type : schema.getFields()) {
      if (type.getId() != null && type.getId().intValue() == field.fieldId()) {
        if (!type.isPrimitive()
            || type.isRepetition(Type.Repetition.REPEATED)
            || !stored().contains(type.asPrimitiveType().getPrimitiveTypeName())
            || !isMeant(type.asPrimitiveType())) {
          throw unsupported(table);
        }
        return type;
      }
    }
    if (stored().isEmpty()) {
      throw unsupported(table);
    }
    return null;
  }

  private RuntimeException unsupported(IcebergTable table) {
    return table.unsupported(
        "it has equality deletes by the column '%s', of a type that this server does not compare. Have the table compacted (rewrite_data_files)"
            .formatted(field.name()));
  }

  /** Whether numbers are of the same unit and scale as the column's. */
  private boolean isMeant(PrimitiveType stored) {
    LogicalTypeAnnotation annotation = stored.getLogicalTypeAnnotation();
    if (field.type() instanceof Types.DecimalType decimal) {
      return annotation instanceof DecimalLogicalTypeAnnotation its
          && its.getScale() == decimal.scale();
    }
    return field.type().typeId() != TypeID.TIMESTAMP
        || annotation instanceof TimestampLogicalTypeAnnotation its
            && its.getUnit() == TimeUnit.MICROS;
  }

  /** The value that a reader is at, which is not null. */
  Object value(ColumnReader reader) {
    PrimitiveTypeName stored = reader.getDescriptor().getPrimitiveType().getPrimitiveTypeName();
    boolean decimal = field.type().typeId() == TypeID.DECIMAL;
    return switch (stored) {
      case BOOLEAN -> reader.getBoolean();
      case INT32 -> decimal ? BigInteger.valueOf(reader.getInteger()) : number(reader.getInteger());
      case INT64 -> decimal ? BigInteger.valueOf(reader.getLong()) : number(reader.getLong());
      case FLOAT -> (Object) (double) reader.getFloat();
      case DOUBLE -> reader.getDouble();
      default ->
          decimal
              ? new BigInteger(reader.getBinary().getBytes())
              : ByteBuffer.wrap(reader.getBinary().getBytes());
    };
  }

  private static Object number(long value) {
    return value;
  }
}
