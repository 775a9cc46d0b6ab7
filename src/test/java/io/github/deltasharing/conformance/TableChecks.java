/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batch reads, in columns and row by row. */
@DisplayName("tables")
class TableChecks {
  static List<SharedRead> reads() {
    return TableReads.reads();
  }

  @DisplayName("in columns")
  @ParameterizedTest(name = "{0}")
  @MethodSource("reads")
  void inColumns(SharedRead read) {
    Conformance.assertReads(read.of(Conformance.load(read.table(), read.options())), read.name());
  }

  @DisplayName("row by row")
  @ParameterizedTest(name = "{0}")
  @MethodSource("reads")
  void rowByRow(SharedRead read) {
    Conformance.under(
        Map.of("spark.sql.parquet.enableVectorizedReader", "false"),
        () ->
            Conformance.assertReads(
                read.of(Conformance.load(read.table(), read.options())), read.name()));
  }
}
