/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.kernel;

import io.delta.kernel.internal.util.ColumnMapping;
import io.delta.kernel.internal.util.ColumnMapping.ColumnMappingMode;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.Map;

/**
 * What columns of a table are called in its data files, for Kernel's reader of these. Stateless.
 */
final class StoredColumns {
  /**
   * Begins the names of columns that have ids: no file has such a column, as the reader would take
   * it where a file lacks the id.
   */
  private static final String UNNAMED = "\0";

  private StoredColumns() {}

  /**
   * The columns as files have them.
   *
   * @param configuration of the table
   */
  static StructType of(StructType columns, Map<String, String> configuration) {
    ColumnMappingMode mode = ColumnMapping.getColumnMappingMode(configuration);
    return mode == ColumnMappingMode.NONE ? columns : mapped(columns, mode);
  }

  private static StructType mapped(StructType struct, ColumnMappingMode mode) {
    return new StructType(struct.fields().stream().map(field -> mapped(field, mode)).toList());
  }

  private static StructField mapped(StructField field, ColumnMappingMode mode) {
    FieldMetadata metadata = field.getMetadata();
    DataType type = mapped(field.getDataType(), mode);
    if (mode == ColumnMappingMode.NAME) {
      String name = metadata.getString(ColumnMapping.COLUMN_MAPPING_PHYSICAL_NAME_KEY);
      return new StructField(name, type, field.isNullable());
    }
    long id = metadata.getLong(ColumnMapping.COLUMN_MAPPING_ID_KEY);
    return new StructField(
        UNNAMED + id,
        type,
        field.isNullable(),
        FieldMetadata.builder().putLong(ColumnMapping.PARQUET_FIELD_ID_KEY, id).build());
  }

  private static DataType mapped(DataType type, ColumnMappingMode mode) {
    if (type instanceof StructType struct) {
      return mapped(struct, mode);
    } else if (type instanceof ArrayType array) {
      return new ArrayType(mapped(array.getElementType(), mode), array.containsNull());
    } else if (type instanceof MapType map) {
      return new MapType(
          mapped(map.getKeyType(), mode),
          mapped(map.getValueType(), mode),
          map.isValueContainsNull());
    }
    return type;
  }

  /** Whether a column is one of a file's by its id, or by its name where it has none. */
  static boolean isSame(StructField column, org.apache.parquet.schema.Type stored) {
    return hasId(column)
        ? stored.getId() != null
            && stored.getId().intValue()
                == column.getMetadata().getLong(ColumnMapping.PARQUET_FIELD_ID_KEY)
        : stored.getName().equalsIgnoreCase(column.getName());
  }

  /** Whether a column is looked for by its id. */
  static boolean hasId(StructField column) {
    return column.getName().startsWith(UNNAMED);
  }
}
