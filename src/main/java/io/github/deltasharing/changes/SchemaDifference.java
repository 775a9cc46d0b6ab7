/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.schema.SchemaParser;
import io.github.deltasharing.schema.TableFeatures;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * In what a table's schema differs from an earlier one of it, so that files of the one cannot be
 * read by the other. Immutable.
 *
 * @param readsOlder whether rows are read by the older schema, though files are of the newer one
 * @param mayAdd whether the newer one may have more columns
 * @param mayWiden whether a column may have got a wider type
 */
public record SchemaDifference(boolean readsOlder, boolean mayAdd, boolean mayWiden) {
  private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";

  /**
   * The first difference, as a text that names the column; empty where there is none.
   *
   * @param table for messages
   */
  public Optional<String> between(String table, Metadata older, Metadata newer) {
    boolean mapped = isMapped(table, newer);
    if (isMapped(table, older) && !mapped) {
      return Optional.of("its column mapping was switched off");
    }
    if (!older.partitionColumns().equals(newer.partitionColumns())) {
      Metadata read = readsOlder ? older : newer;
      Metadata other = readsOlder ? newer : older;
      return Optional.of(
          "it is partitioned by "
              + other.partitionColumns()
              + ", not by "
              + read.partitionColumns());
    }
    Names names = new Names(mapped, isMapped(table, older));
    return types(
        SchemaParser.parse(table, older.schemaString()),
        SchemaParser.parse(table, newer.schemaString()),
        names,
        "");
  }

  private static boolean isMapped(String table, Metadata metadata) {
    return !TableFeatures.columnMappingMode(table, metadata).equals("none");
  }

  private Optional<String> types(DataType older, DataType newer, Names names, String path) {
    if (older instanceof StructType from && newer instanceof StructType to) {
      return fields(from, to, names, path);
    }
    if (older instanceof ArrayType from && newer instanceof ArrayType to) {
      return mayBecomeNull(from.containsNull(), to.containsNull())
          ? Optional.of("elements of column " + path + " can be null")
          : types(from.elementType(), to.elementType(), names, path + ".element");
    }
    if (older instanceof MapType from && newer instanceof MapType to) {
      return mayBecomeNull(from.valueContainsNull(), to.valueContainsNull())
          ? Optional.of("values of column " + path + " can be null")
          : types(from.keyType(), to.keyType(), names, path + ".key")
              .or(() -> types(from.valueType(), to.valueType(), names, path + ".value"));
    }
    return older.equals(newer) || (mayWiden && AllowedTypeChanges.holds(newer, older))
        ? Optional.empty()
        : Optional.of(
            "column "
                + path
                + " went from "
                + older.simpleString()
                + " to "
                + newer.simpleString());
  }

  private Optional<String> fields(StructType older, StructType newer, Names names, String path) {
    Map<String, StructField> after = byName(newer);
    for (StructField field : older.fields()) {
      String name = named(path, field);
      StructField now = after.get(field.name());
      if (now == null || !names.areOfOne(field, now)) {
        return Optional.of("column " + name + " was dropped or renamed");
      }
      if (mayBecomeNull(field.nullable(), now.nullable())) {
        return Optional.of("column " + name + " can be null in one and not in the other");
      }
      Optional<String> below = types(field.dataType(), now.dataType(), names, name);
      if (below.isPresent()) {
        return below;
      }
    }
    Set<String> before = byName(older).keySet();
    for (StructField field : newer.fields()) {
      if (!mayAdd && !before.contains(field.name())) {
        return Optional.of("column " + named(path, field) + " was added");
      }
    }
    return Optional.empty();
  }

  private static String named(String path, StructField field) {
    return path.isEmpty() ? field.name() : path + "." + field.name();
  }

  /** Whether rows may have nulls where the schema that they are read by has none. */
  private boolean mayBecomeNull(boolean older, boolean newer) {
    return readsOlder ? newer && !older : older && !newer;
  }

  private static Map<String, StructField> byName(StructType struct) {
    return Arrays.stream(struct.fields())
        .collect(Collectors.toMap(StructField::name, field -> field));
  }

  /**
   * By what columns are known in files.
   *
   * @param mapped whether the newer schema has names for it
   * @param both whether the older one has them too
   */
  private record Names(boolean mapped, boolean both) {
    boolean areOfOne(StructField older, StructField newer) {
      return !mapped || physical(newer).equals(both ? physical(older) : older.name());
    }

    private static String physical(StructField field) {
      return field.metadata().contains(PHYSICAL_NAME)
          ? field.metadata().getString(PHYSICAL_NAME)
          : field.name();
    }
  }
}
