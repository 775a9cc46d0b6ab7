/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.compat.NewerTypes;
import io.github.deltasharing.storage.SharedFile;
import java.util.Arrays;
import java.util.function.ToLongFunction;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The schema to read a file with, where it is not simply that of the table: the file's own types
 * for columns which the table widened after the file was written (Delta protocol, "Type Widening"),
 * and a {@link PresenceColumn} of structs to which all fields that are read were added later.
 * {@link WidenedColumnVector} makes the table's columns of them. Immutable; for one file.
 */
final class FileTypes {
  private final ColumnMatcher matcher;
  private final SharedFile file;
  private final ToLongFunction<ColumnPath> bytes;

  /**
   * @param bytes how many a leaf of the file has
   */
  FileTypes(ColumnMatcher matcher, SharedFile file, ToLongFunction<ColumnPath> bytes) {
    this.matcher = matcher;
    this.file = file;
    this.bytes = bytes;
  }

  /**
   * The schema to read the file with: {@code wanted} itself where nothing differs. Further fields
   * come after those wanted.
   *
   * @throws io.github.deltasharing.error.SharingException if a column is of a type that is neither
   *     the one wanted nor one that grew to it
   */
  StructType of(StructType wanted, GroupType schema) {
    return fields(wanted, schema, ColumnPlace.root(file));
  }

  private StructType fields(StructType wanted, GroupType group, ColumnPlace place) {
    StructField[] fields = wanted.fields().clone();
    boolean same = true;
    for (int i = 0; i < fields.length; i++) {
      StructField field = fields[i];
      Type inFile = matcher.find(field, group);
      if (inFile == null && !field.nullable()) {
        // Spark's readers would fail without names, or make zeros of it.
        throw place.named(field).missing();
      }
      DataType type =
          inFile == null
              ? field.dataType()
              : type(field.dataType(), inFile, place.named(field).below(inFile));
      if (inFile == null && ColumnMatcher.isById(field) && place.path().length > 0) {
        same = false;
        fields[i] = newer(field, group);
      } else if (type != field.dataType()) {
        same = false;
        fields[i] = new StructField(field.name(), type, field.nullable(), field.metadata());
      }
    }
    return same ? wanted : new StructType(fields);
  }

  /**
   * A field that the file lacks, under a name that nothing there has. Of a field with an id, Spark
   * would make a name of its own and then take the struct for another one than the one requested.
   */
  private static StructField newer(StructField field, GroupType group) {
    String name = field.name();
    while (hasName(group, name)) {
      name += "_";
    }
    return new StructField(name, field.dataType(), true, Metadata.empty());
  }

  private static boolean hasName(GroupType group, String name) {
    return group.getFields().stream().anyMatch(type -> type.getName().equalsIgnoreCase(name));
  }

  private StructType struct(StructType wanted, GroupType group, ColumnPlace place) {
    StructType fields = fields(wanted, group, place);
    boolean found =
        Arrays.stream(wanted.fields()).anyMatch(field -> matcher.find(field, group) != null);
    return found
        ? fields
        : fields.add(
            PresenceColumn.of(group, place.path(), fields, bytes)
                .orElseThrow(place::unknownPresence));
  }

  private DataType type(DataType wanted, Type inFile, ColumnPlace place) {
    if (!TypeMatch.matches(wanted, inFile)) {
      throw place.mismatch(wanted, inFile);
    }
    if (inFile.isPrimitive()) {
      DataType type = NarrowerType.of(wanted, inFile.asPrimitiveType());
      if (type == null) {
        throw place.mismatch(wanted, inFile);
      }
      return type;
    }
    if (wanted instanceof ArrayType array) {
      return list(array, inFile, place);
    }
    if (NewerTypes.isVariant(wanted)) {
      // Spark's readers know both shapes of it, and put shredded ones together.
      return wanted;
    }
    return wanted instanceof MapType map
        ? map(map, inFile, place)
        : struct((StructType) wanted, inFile.asGroupType(), place);
  }

  private DataType list(ArrayType wanted, Type inFile, ColumnPlace place) {
    Type element = NestedShape.element(inFile);
    boolean repeated = element != null && element.isRepetition(Type.Repetition.REPEATED);
    if (element == null || (repeated && element.isPrimitive())) {
      // No table that widens types has lists of so old a shape.
      return wanted;
    }
    DataType type = type(wanted.elementType(), element, elementPlace(inFile, element, place));
    return type == wanted.elementType() ? wanted : new ArrayType(type, wanted.containsNull());
  }

  /** Where a list's element is, as {@link NestedShape#element} finds it. */
  static ColumnPlace elementPlace(Type list, Type element, ColumnPlace place) {
    if (element == list) {
      return place;
    }
    Type repeated = list.asGroupType().getType(0);
    return element == repeated ? place.below(repeated) : place.below(repeated).below(element);
  }

  private DataType map(MapType wanted, Type inFile, ColumnPlace place) {
    GroupType entry = NestedShape.entry(inFile);
    if (entry == null) {
      return wanted;
    }
    ColumnPlace inside = place.below(entry);
    DataType key = type(wanted.keyType(), entry.getType(0), inside.below(entry.getType(0)));
    DataType value = type(wanted.valueType(), entry.getType(1), inside.below(entry.getType(1)));
    return key == wanted.keyType() && value == wanted.valueType()
        ? wanted
        : new MapType(key, value, wanted.valueContainsNull());
  }
}
