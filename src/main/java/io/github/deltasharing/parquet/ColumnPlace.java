/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.storage.SharedFile;
import java.util.Arrays;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Where in a file a column is, and what users call it. Immutable.
 *
 * @param column by its name in the table, for messages; empty for the file as a whole
 * @param path in the file's schema, lists' and maps' own groups among it
 */
record ColumnPlace(SharedFile file, String column, String[] path) {

  static ColumnPlace root(SharedFile file) {
    return new ColumnPlace(file, "", new String[0]);
  }

  /** What the table calls a field. */
  ColumnPlace named(StructField field) {
    String name =
        field.metadata().contains(ParquetOpener.COLUMN_NAME)
            ? field.metadata().getString(ParquetOpener.COLUMN_NAME)
            : field.name();
    return new ColumnPlace(file, column.isEmpty() ? name : column + "." + name, path);
  }

  /** One step down in the file. */
  ColumnPlace below(Type inFile) {
    String[] below = Arrays.copyOf(path, path.length + 1);
    below[path.length] = inFile.getName();
    return new ColumnPlace(file, column, below);
  }

  SharingException missing() {
    return FileErrors.missingColumn(file.table(), file.id(), file.url().host(), column);
  }

  SharingException withoutIds() {
    return FileErrors.withoutIds(file.table(), file.id(), file.url().host());
  }

  SharingException unknownPresence() {
    return FileErrors.unknownPresence(file.table(), file.id(), file.url().host(), column);
  }

  SharingException mismatch(DataType wanted, Type inFile) {
    LogicalTypeAnnotation annotation = inFile.getLogicalTypeAnnotation();
    String stored =
        (inFile.isPrimitive()
                ? inFile.asPrimitiveType().getPrimitiveTypeName().toString()
                : "a group")
            + (annotation == null ? "" : " (" + annotation + ")");
    // A nested type has names in it, those in files.
    boolean nested =
        wanted instanceof StructType || wanted instanceof ArrayType || wanted instanceof MapType;
    String promised = nested ? wanted.typeName() : wanted.simpleString();
    return FileErrors.wrongColumnType(
        file.table(), file.id(), file.url().host(), column, stored, promised);
  }
}
