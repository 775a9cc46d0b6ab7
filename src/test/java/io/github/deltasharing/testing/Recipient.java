/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A recipient of {@code share.schema}: reads its tables through some server. */
public interface Recipient {
  /** What {@code load()} is given for a table. */
  String path(String table);

  default Dataset<Row> read(String table) {
    return read(table, Map.of());
  }

  default Dataset<Row> read(String table, Map<String, String> options) {
    return TestSpark.session().read().format("deltaSharing").options(options).load(path(table));
  }
}
