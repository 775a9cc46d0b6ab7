/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.read.PartitionValues;
import io.github.deltasharing.table.FileColumn;
import io.github.deltasharing.table.FilterColumn;
import io.github.deltasharing.table.FilterColumns;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Finds the columns of a table that Spark refers to. Immutable. */
public final class ScanColumns {
  private final StructType schema;
  private final FilterColumns columns;
  private final PartitionValues partitionValues;

  /**
   * @param schema the logical one
   * @param metadata the table's, with the schema that it has in files
   * @param mapped whether files know columns by their physical names
   * @param timeZone in which partition values without one are meant: the session's
   */
  public ScanColumns(StructType schema, Metadata metadata, boolean mapped, String timeZone) {
    this.schema = schema;
    this.columns = new FilterColumns(metadata.schemaString(), metadata.partitionColumns(), mapped);
    this.partitionValues = new PartitionValues(new StructType(), timeZone);
  }

  /** A name as Spark parses it. */
  public static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** A column of the table as Spark refers to it. */
  public static NamedReference reference(String column) {
    return Expressions.column(quoted(column));
  }

  /** The column; empty where there is none of these names. */
  Optional<ScanColumn> find(NamedReference reference) {
    List<String> path = List.of(reference.fieldNames());
    DataType type = schema;
    boolean nullable = false;
    for (String name : path) {
      StructField field = type instanceof StructType struct ? field(struct, name) : null;
      if (field == null) {
        return Optional.empty();
      }
      type = field.dataType();
      nullable |= field.nullable();
    }
    DataType found = type;
    boolean mayBeNull = nullable;
    return columns
        .find(path)
        .map(column -> new ScanColumn(path, found, mayBeNull, file(column, found)));
  }

  /** The top-level columns that are never null. */
  List<ScanColumn> notNull() {
    return Arrays.stream(schema.fields())
        .filter(field -> !field.nullable())
        .flatMap(field -> find(reference(field.name())).stream())
        .toList();
  }

  /** Whether files can be left out by values of the column, so far as its type goes. */
  public boolean isComparable(NamedReference reference) {
    return find(reference).flatMap(ScanColumn::kind).isPresent();
  }

  private FileColumn file(FilterColumn column, DataType type) {
    return FileColumn.of(column, text -> CatalystValues.parse(partitionValues, text, type));
  }

  private static StructField field(StructType struct, String name) {
    for (StructField field : struct.fields()) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    return null;
  }
}
