/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.StructField;

/** Finds a column of the schema in a file: by id where both have one, else by name. Immutable. */
final class ColumnMatcher {
  private static final String FIELD_ID = "parquet.field.id";

  private final boolean caseSensitive;

  ColumnMatcher(boolean caseSensitive) {
    this.caseSensitive = caseSensitive;
  }

  boolean matches(StructField field, Type inFile) {
    if (field.metadata().contains(FIELD_ID) && inFile.getId() != null) {
      return field.metadata().getLong(FIELD_ID) == inFile.getId().intValue();
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
            && field.metadata().contains(FIELD_ID)
            && (named.getId() == null
                || named.getId().intValue() != field.metadata().getLong(FIELD_ID));
    return other ? null : named;
  }
}
