/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.QuotedName;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.parquet.ParquetOpener;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.read.PartitionColumns;
import io.github.deltasharing.schema.CharTypes;
import io.github.deltasharing.schema.SchemaParser;
import io.github.deltasharing.schema.TableFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A shared table's schema in its two forms: the one users see, and the one in files, which differs
 * where column mapping gave columns physical names or ids (Delta protocol, "Column Mapping").
 * Immutable. Physical names never leave this class but for the readers of files.
 */
final class TableSchema {
  private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
  private static final String COMMENT = "comment";
  private static final String COLUMN_ID = "delta.columnMapping.id";

  /** What Spark's Parquet reader looks for when it matches columns by id. */
  private static final String PARQUET_FIELD_ID = "parquet.field.id";

  private final StructType stored;
  private final StructType logical;
  private final String mappingMode;
  private final List<String> partitionColumns;

  private TableSchema(StructType stored, String mappingMode, List<String> partitionColumns) {
    this.stored = stored;
    this.mappingMode = mappingMode;
    this.partitionColumns = List.copyOf(partitionColumns);
    this.logical = visible(stored);
  }

  /**
   * Reads a metadata's schema.
   *
   * @throws io.github.deltasharing.error.SharingException if it is none
   */
  static TableSchema parse(TableName table, Metadata metadata) {
    StructType stored = SchemaParser.parse(table.toString(), metadata.schemaString());
    Set<String> names = new HashSet<>(Arrays.asList(stored.fieldNames()));
    for (String column : metadata.partitionColumns()) {
      if (!names.contains(column)) {
        throw SharingErrors.badSchema(
            table.toString(), "partition column '" + column + "' is not in it");
      }
    }
    return new TableSchema(
        stored,
        TableFeatures.columnMappingMode(table.toString(), metadata),
        metadata.partitionColumns());
  }

  /** The schema that users see. */
  StructType logical() {
    return logical;
  }

  /**
   * Whether these are all columns that data files have, as far as is known: with column mapping
   * there may be dropped ones, too.
   */
  boolean isAllOfFiles(StructType data) {
    if (isMapped()) {
      return false;
    }
    Set<StructField> read = new HashSet<>(Arrays.asList(data.fields()));
    return Arrays.stream(logical.fields())
        .allMatch(field -> partitionColumns.contains(field.name()) || read.contains(field));
  }

  /** Whether files know columns by their physical names. */
  boolean isMapped() {
    return !mappingMode.equals("none");
  }

  /** Whether columns of files are found by id instead of by name. */
  boolean matchesById() {
    return mappingMode.equals("id");
  }

  /** The schema of files for some of the columns, nested ones pruned alike; positions stay. */
  StructType physical(StructType required) {
    return (StructType) physical(required, stored);
  }

  /** Data columns that are never null, as files have them. */
  StructType notNull() {
    return physical(
        new StructType(
            Arrays.stream(logical.fields())
                .filter(field -> !field.nullable() && !partitionColumns.contains(field.name()))
                .toArray(StructField[]::new)));
  }

  /** How to find partition columns that are read, and check those that are never null. */
  PartitionColumns partitionColumns(StructType read) {
    StructType columns = read;
    List<String> names = Arrays.asList(read.fieldNames());
    for (StructField field : logical.fields()) {
      if (!field.nullable()
          && partitionColumns.contains(field.name())
          && !names.contains(field.name())) {
        columns = columns.add(field);
      }
    }
    return new PartitionColumns(
        columns,
        Arrays.stream(columns.fieldNames()).map(this::physicalName).toList(),
        read.length());
  }

  /** The name under which files and partition values have a top-level column. */
  String physicalName(String column) {
    return physicalName(stored.apply(column));
  }

  private String physicalName(StructField field) {
    return isMapped() && field.metadata().contains(PHYSICAL_NAME)
        ? field.metadata().getString(PHYSICAL_NAME)
        : field.name();
  }

  /**
   * The names for users, as SQL has them, of columns and of fields of structs, by the path of
   * physical names by which statistics know them.
   */
  Map<List<String>, String> names() {
    Map<List<String>, String> names = new HashMap<>();
    addNames(logical, stored, List.of(), List.of(), names);
    return names;
  }

  private void addNames(
      StructType visible,
      StructType from,
      List<String> physical,
      List<String> shown,
      Map<List<String>, String> names) {
    for (StructField field : visible.fields()) {
      StructField origin = from.apply(field.name());
      List<String> path = with(physical, physicalName(origin));
      List<String> name = with(shown, field.name());
      if (field.dataType() instanceof StructType struct) {
        addNames(struct, (StructType) origin.dataType(), path, name, names);
      } else {
        names.put(path, QuotedName.of(name));
      }
    }
  }

  private static List<String> with(List<String> path, String name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    return longer;
  }

  private DataType physical(DataType required, DataType from) {
    if (required instanceof StructType struct && from instanceof StructType fromStruct) {
      List<StructField> result = new ArrayList<>();
      for (StructField field : struct.fields()) {
        StructField origin = fromStruct.apply(field.name());
        MetadataBuilder metadata = new MetadataBuilder();
        if (matchesById() && origin.metadata().contains(COLUMN_ID)) {
          metadata.putLong(PARQUET_FIELD_ID, origin.metadata().getLong(COLUMN_ID));
        }
        if (!physicalName(origin).equals(origin.name())) {
          metadata.putString(ParquetOpener.COLUMN_NAME, origin.name());
        }
        result.add(
            new StructField(
                physicalName(origin),
                physical(field.dataType(), origin.dataType()),
                field.nullable(),
                metadata.build()));
      }
      return new StructType(result.toArray(StructField[]::new));
    }
    if (required instanceof ArrayType array && from instanceof ArrayType fromArray) {
      return new ArrayType(
          physical(array.elementType(), fromArray.elementType()), array.containsNull());
    }
    if (required instanceof MapType map && from instanceof MapType fromMap) {
      return new MapType(
          physical(map.keyType(), fromMap.keyType()),
          physical(map.valueType(), fromMap.valueType()),
          map.valueContainsNull());
    }
    return required;
  }

  /**
   * Without what only Delta's writers use, and without void columns, which no file has and Delta
   * Lake does not show. Lists and maps of void, which Delta Lake refuses to read, are left out
   * alike.
   */
  private static StructType visible(StructType struct) {
    List<StructField> result = new ArrayList<>();
    for (StructField field : struct.fields()) {
      if (!isVoid(field.dataType())) {
        result.add(
            new StructField(
                field.name(),
                visible(field.dataType()),
                field.nullable(),
                visible(field.metadata(), field.dataType())));
      }
    }
    return new StructType(result.toArray(StructField[]::new));
  }

  private static boolean isVoid(DataType type) {
    if (type instanceof ArrayType array) {
      return isVoid(array.elementType());
    }
    if (type instanceof MapType map) {
      return isVoid(map.keyType()) || isVoid(map.valueType());
    }
    return type instanceof NullType;
  }

  private static DataType visible(DataType type) {
    if (type instanceof StructType struct) {
      return visible(struct);
    }
    if (type instanceof ArrayType array) {
      return new ArrayType(visible(array.elementType()), array.containsNull());
    }
    if (type instanceof MapType map) {
      return new MapType(visible(map.keyType()), visible(map.valueType()), map.valueContainsNull());
    }
    return type;
  }

  /** What readers use of a column's metadata: its comment, and the length of a char or varchar. */
  private static org.apache.spark.sql.types.Metadata visible(
      org.apache.spark.sql.types.Metadata metadata, DataType type) {
    MetadataBuilder kept = new MetadataBuilder();
    if (metadata.contains(COMMENT)) {
      kept.putString(COMMENT, metadata.getString(COMMENT));
    }
    if (metadata.contains(CharTypes.KEY)
        && CharTypes.fits(metadata.getString(CharTypes.KEY), type)) {
      kept.putString(CharTypes.KEY, metadata.getString(CharTypes.KEY));
    }
    return kept.build();
  }

  /** Whether data is read alike: comments may differ. */
  @Override
  public boolean equals(Object o) {
    return o == this
        || (o instanceof TableSchema that
            && logical.catalogString().equals(that.logical.catalogString())
            && physical(logical).equals(that.physical(that.logical))
            && mappingMode.equals(that.mappingMode));
  }

  @Override
  public int hashCode() {
    // Part of a scan's identity, which Spark hashes often: a wide schema's text would cost.
    return 31 * mappingMode.hashCode() + logical.length();
  }

  @Override
  public String toString() {
    return "TableSchema[" + logical.simpleString() + "]";
  }
}
