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

/** Variants and collations, as Delta Lake reads them on Spark 4. */
@FromSpark("4.0")
@DisplayName("variants and collations")
class NewerChecks {
  /** Off in Spark 4.0 as it comes. */
  private static final String SHREDDED = "spark.sql.variant.allowReadingShredded";

  static List<SharedRead> reads() {
    return NewerReads.reads();
  }

  @DisplayName("batches")
  @ParameterizedTest(name = "{0}")
  @MethodSource("reads")
  void batches(SharedRead read) {
    check(read, Map.of(SHREDDED, "true"));
  }

  @DisplayName("row by row")
  @ParameterizedTest(name = "{0}")
  @MethodSource("reads")
  void rowByRow(SharedRead read) {
    check(read, Map.of(SHREDDED, "true", "spark.sql.parquet.enableVectorizedReader", "false"));
  }

  private static void check(SharedRead read, Map<String, String> settings) {
    Conformance.under(
        settings,
        () ->
            Conformance.assertReads(
                read.of(Conformance.load(read.table(), read.options())), read.name()));
  }
}
