/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Finds the part of a file's schema with the columns that are read. Immutable. */
final class FileColumns {
  private final StructType wanted;
  private final ColumnMatcher matcher;

  FileColumns(StructType wanted, ColumnMatcher matcher) {
    this.wanted = wanted;
    this.matcher = matcher;
  }

  MessageType of(MessageType file) {
    return new MessageType(file.getName(), needed(wanted, file));
  }

  /** Struct fields are matched on the way down; below an array or a map all is needed. */
  private List<Type> needed(StructType struct, GroupType group) {
    List<Type> needed = new ArrayList<>();
    for (Type inFile : group.getFields()) {
      StructField field = match(struct, inFile);
      if (field == null) {
        continue;
      }
      if (field.dataType() instanceof StructType nested && !inFile.isPrimitive()) {
        List<Type> children = needed(nested, inFile.asGroupType());
        if (!children.isEmpty()) {
          needed.add(inFile.asGroupType().withNewFields(children));
        }
      } else {
        needed.add(inFile);
      }
    }
    return needed;
  }

  private StructField match(StructType struct, Type inFile) {
    for (StructField field : struct.fields()) {
      if (matcher.matches(field, inFile)) {
        return field;
      }
    }
    return null;
  }
}
