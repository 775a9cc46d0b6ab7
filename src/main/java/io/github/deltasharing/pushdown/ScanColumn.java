/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import io.github.deltasharing.table.FileColumn;
import io.github.deltasharing.table.ValueKind;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;

/**
 * A column, or a field of a struct, that Spark names in what it pushes down. Immutable.
 *
 * @param path its logical names, outermost first
 * @param type Spark's type of it
 * @param nullable whether the schema lets it be null
 * @param file how to find it in partition values and statistics
 */
record ScanColumn(List<String> path, DataType type, boolean nullable, FileColumn file) {
  boolean isPartition() {
    return file.column().partition();
  }

  /** How its values compare; empty when their order is not certain from the outside. */
  Optional<ValueKind> kind() {
    return file.column().kind();
  }

  List<String> physicalPath() {
    return file.column().physicalPath();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ScanColumn that && path.equals(that.path) && type.equals(that.type);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  @Override
  public String toString() {
    return String.join(".", path);
  }
}
