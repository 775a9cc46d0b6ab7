/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import java.util.Locale;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/**
 * The shapes that structs, lists and maps have in files, those of old writers among them (Parquet's
 * rules for backward compatibility). As Spark's readers see them. Static.
 */
final class NestedShape {
  private NestedShape() {}

  static boolean isList(Type type) {
    return !type.isPrimitive()
        && type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation;
  }

  static boolean isMap(Type type) {
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    return !type.isPrimitive()
        && (annotation instanceof MapLogicalTypeAnnotation
            || annotation instanceof MapKeyValueTypeAnnotation);
  }

  /** Whether a group is marked as a variant, which Parquet does since 1.16. */
  static boolean isVariant(Type type) {
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    return !type.isPrimitive()
        && annotation != null
        && annotation.toString().toUpperCase(Locale.ROOT).startsWith("VARIANT");
  }

  static boolean isStruct(Type type) {
    return !type.isPrimitive() && !isList(type) && !isMap(type);
  }

  /**
   * What a list repeats: its element's type, which is the repeated one itself where an old writer
   * made no group around it. Null where the type has no shape of a list.
   */
  static Type element(Type list) {
    if (!isList(list)) {
      // Not annotated: each of its values is an element.
      return list.isRepetition(Repetition.REPEATED) ? list : null;
    }
    GroupType group = list.asGroupType();
    if (group.getFieldCount() != 1 || !group.getType(0).isRepetition(Repetition.REPEATED)) {
      return null;
    }
    Type repeated = group.getType(0);
    return isElement(group, repeated) ? repeated : repeated.asGroupType().getType(0);
  }

  private static boolean isElement(GroupType list, Type repeated) {
    return repeated.isPrimitive()
        || repeated.asGroupType().getFieldCount() > 1
        || repeated.getName().equals("array")
        || repeated.getName().equals(list.getName() + "_tuple");
  }

  /** A map's group of a key and a value; null where the type has no shape of a map. */
  static GroupType entry(Type map) {
    if (!isMap(map) || map.asGroupType().getFieldCount() != 1) {
      return null;
    }
    Type entry = map.asGroupType().getType(0);
    return entry.isPrimitive() || entry.asGroupType().getFieldCount() != 2
        ? null
        : entry.asGroupType();
  }
}
