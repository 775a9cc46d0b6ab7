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
    return caseSensitive
        ? field.name().equals(inFile.getName())
        : field.name().equalsIgnoreCase(inFile.getName());
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
}
