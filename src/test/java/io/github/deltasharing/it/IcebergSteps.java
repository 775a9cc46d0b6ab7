/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import io.github.deltasharing.it.IcebergTables.Read;
import io.github.deltasharing.testing.Rows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The versions of a table's main branch that Iceberg has read, the oldest first. */
record IcebergSteps(List<Read> versions) {
  static IcebergSteps of(Map<String, Read> reads) {
    List<Read> versions = new ArrayList<>();
    reads.forEach(
        (name, read) -> {
          if (name.matches("\\d*") && read.sequenceNumber() > 0) {
            versions.add(read);
          }
        });
    versions.sort(Comparator.comparingLong(Read::sequenceNumber));
    return new IcebergSteps(versions);
  }

  /** The rows of one multiset that are not in another. */
  static List<String> without(List<String> rows, List<String> others) {
    List<String> rest = new ArrayList<>(rows);
    others.forEach(rest::remove);
    return rest;
  }

  /** The rows of a change feed that were deleted, or inserted. */
  static List<String> rows(Dataset<Row> changes, String type) {
    return Rows.of(
        changes
            .filter(functions.col("_change_type").equalTo(type))
            .drop("_change_type", "_commit_version", "_commit_timestamp"));
  }

  /** Rows after changes, sorted; null if a row was deleted that was not there. */
  static List<String> applied(List<String> rows, List<String> deleted, List<String> inserted) {
    List<String> result = new ArrayList<>(rows);
    for (String row : deleted) {
      if (!result.remove(row)) {
        return null;
      }
    }
    result.addAll(inserted);
    result.sort(null);
    return result;
  }
}
