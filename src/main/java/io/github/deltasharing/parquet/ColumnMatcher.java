/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import java.util.Arrays;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Finds a column of the schema in a file: by id where the schema has one for it, else by name. A
 * column of a file that has no id is none that the schema knows by one (Delta protocol, "Column
 * Mapping"): its name may be that of another. Immutable.
 */
final class ColumnMatcher {
  private static final String FIELD_ID = "parquet.field.id";

  private final boolean caseSensitive;

  ColumnMatcher(boolean caseSensitive) {
    this.caseSensitive = caseSensitive;
  }

  boolean matches(StructField field, Type inFile) {
    if (isById(field)) {
      return inFile.getId() != null
          && field.metadata().getLong(FIELD_ID) == inFile.getId().intValue();
    }
    return hasName(field, inFile);
  }

  private boolean hasName(StructField field, Type inFile) {
    return caseSensitive
        ? field.name().equals(inFile.getName())
        : field.name().equalsIgnoreCase(inFile.getName());
  }

  static boolean isById(StructField field) {
    return field.metadata().contains(FIELD_ID);
  }

  /** Whether columns are found by id, and no column of the file, nested ones too, has any. */
  static boolean lacksIds(StructType wanted, GroupType file) {
    return Arrays.stream(wanted.fields()).anyMatch(ColumnMatcher::isById) && !hasIds(file);
  }

  private static boolean hasIds(GroupType group) {
    return group.getFields().stream()
        .anyMatch(
            type -> type.getId() != null || (!type.isPrimitive() && hasIds(type.asGroupType())));
  }

  /** The file's type of the column, or null where it has none. */
  Type find(StructField field, GroupType group) {
    for (Type inFile : group.getFields()) {
      if (matches(field, inFile)) {
        return inFile;
      }
    }
    return null;
  }

  /**
   * The file's type of the column where its name alone leads there, as it does in a filter: one
   * column has the name, and its id is the column's. Else null.
   */
  Type findByName(StructField field, GroupType group) {
    Type named = null;
    for (Type inFile : group.getFields()) {
      if (hasName(field, inFile)) {
        if (named != null) {
          return null;
        }
        named = inFile;
      }
    }
    boolean other =
        named != null
            && isById(field)
            && (named.getId() == null
                || named.getId().intValue() != field.metadata().getLong(FIELD_ID));
    return other ? null : named;
  }
}
