package io.github.deltasharing.changes;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.table.TableFeatures;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Whether files that were written under one schema of a table can be read by another one of it, as
 * Delta Lake decides it for change feeds: columns may be added and nothing else. Immutable.
 */
public final class SchemaHistory {
  private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";

  private final String table;
  private final Metadata read;
  private final long readVersion;

  /**
   * @param table for messages
   * @param read by whose schema changes are read
   * @param readVersion of the table to which that belongs
   */
  public SchemaHistory(String table, Metadata read, long readVersion) {
    this.table = table;
    this.read = read;
    this.readVersion = readVersion;
  }

  /**
   * Refuses metadata of another version if files of that version cannot be read.
   *
   * @throws io.github.deltasharing.error.SharingException naming the version and the column
   */
  public void check(Metadata other, long version) {
    if (!other.id().equals(read.id())) {
      throw SharingErrors.replacedInRange(table, version);
    }
    boolean earlier = version <= readVersion;
    Metadata older = earlier ? other : read;
    Metadata newer = earlier ? read : other;
    if (isMapped(older) && !isMapped(newer)) {
      throw incompatible(version, "its column mapping was switched off");
    }
    if (!older.partitionColumns().equals(newer.partitionColumns())) {
      throw incompatible(
          version,
          "it is partitioned by "
              + other.partitionColumns()
              + ", not by "
              + read.partitionColumns());
    }
    boolean mapped = isMapped(older) && isMapped(newer);
    difference(schema(older), schema(newer), isMapped(newer), mapped, !earlier, "")
        .ifPresent(
            reason -> {
              throw incompatible(version, reason);
            });
  }

  private RuntimeException incompatible(long version, String reason) {
    return version > readVersion
        ? SharingErrors.changedSince(table, version, reason)
        : SharingErrors.incompatibleSchema(table, version, reason);
  }

  private boolean isMapped(Metadata metadata) {
    return !TableFeatures.columnMappingMode(table, metadata).equals("none");
  }

  private StructType schema(Metadata metadata) {
    try {
      return (StructType) DataType.fromJson(metadata.schemaString());
    } catch (RuntimeException e) {
      throw SharingErrors.badSchema(table, e.getClass().getSimpleName());
    }
  }

  /**
   * @param mapped whether the newer schema has physical names
   * @param both whether the older one has them too
   * @param readOlder whether the older one is what rows are read by
   */
  private static Optional<String> difference(
      DataType older,
      DataType newer,
      boolean mapped,
      boolean both,
      boolean readOlder,
      String path) {
    if (older instanceof StructType from && newer instanceof StructType to) {
      return differentFields(from, to, mapped, both, readOlder, path);
    }
    if (older instanceof ArrayType from && newer instanceof ArrayType to) {
      return mayBecomeNull(from.containsNull(), to.containsNull(), readOlder)
          ? Optional.of("elements of column " + path + " can be null")
          : difference(
              from.elementType(), to.elementType(), mapped, both, readOlder, path + ".element");
    }
    if (older instanceof MapType from && newer instanceof MapType to) {
      return mayBecomeNull(from.valueContainsNull(), to.valueContainsNull(), readOlder)
          ? Optional.of("values of column " + path + " can be null")
          : difference(from.keyType(), to.keyType(), mapped, both, readOlder, path + ".key")
              .or(
                  () ->
                      difference(
                          from.valueType(),
                          to.valueType(),
                          mapped,
                          both,
                          readOlder,
                          path + ".value"));
    }
    return older.equals(newer)
        ? Optional.empty()
        : Optional.of(
            "column "
                + path
                + " went from "
                + older.simpleString()
                + " to "
                + newer.simpleString());
  }

  private static Optional<String> differentFields(
      StructType older,
      StructType newer,
      boolean mapped,
      boolean both,
      boolean readOlder,
      String path) {
    for (StructField field : older.fields()) {
      String name = path.isEmpty() ? field.name() : path + "." + field.name();
      StructField now = field(newer, field.name());
      String stored = both ? physicalName(field) : field.name();
      if (now == null || (mapped && !physicalName(now).equals(stored))) {
        return Optional.of("column " + name + " was dropped or renamed");
      }
      if (mayBecomeNull(field.nullable(), now.nullable(), readOlder)) {
        return Optional.of("column " + name + " can be null in one and not in the other");
      }
      Optional<String> below =
          difference(field.dataType(), now.dataType(), mapped, both, readOlder, name);
      if (below.isPresent()) {
        return below;
      }
    }
    return Optional.empty();
  }

  /** Whether rows may have nulls where the schema that they are read by has none. */
  private static boolean mayBecomeNull(boolean older, boolean newer, boolean readOlder) {
    return readOlder ? newer && !older : older && !newer;
  }

  private static StructField field(StructType struct, String name) {
    for (StructField field : struct.fields()) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    return null;
  }

  private static String physicalName(StructField field) {
    return field.metadata().contains(PHYSICAL_NAME)
        ? field.metadata().getString(PHYSICAL_NAME)
        : field.name();
  }
}
