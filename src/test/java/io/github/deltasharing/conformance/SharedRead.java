/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A read that Delta Lake has done when the build wrote the tables, and that each Spark line does
 * over again through the connector.
 *
 * @param name of the check and of the file with the expected rows
 * @param table its name in the share, and that of its directory
 * @param options of the reader: both of Delta Lake's and of the connector's
 * @param where a predicate, or "true"
 * @param columns expressions, or "*"
 */
public record SharedRead(
    String name, String table, Map<String, String> options, String where, List<String> columns) {
  static SharedRead whole(String table) {
    return new SharedRead(table, table, Map.of(), "true", List.of("*"));
  }

  static SharedRead where(String name, String table, String where) {
    return new SharedRead(name, table, Map.of(), where, List.of("*"));
  }

  static SharedRead select(String name, String table, String... columns) {
    return new SharedRead(name, table, Map.of(), "true", List.of(columns));
  }

  static SharedRead with(String name, String table, Map<String, String> options) {
    return new SharedRead(name, table, options, "true", List.of("*"));
  }

  /** The query over the loaded table. */
  public Dataset<Row> of(Dataset<Row> loaded) {
    Dataset<Row> filtered = where.equals("true") ? loaded : loaded.where(where);
    return columns.equals(List.of("*"))
        ? filtered
        : filtered.selectExpr(columns.toArray(String[]::new));
  }

  @Override
  public String toString() {
    return name;
  }
}
