/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The other ways to a table, and what is refused. */
@DisplayName("use")
class UseChecks {
  @Test
  @DisplayName("temporary view in SQL")
  void view() {
    Conformance.spark()
        .sql(
            "CREATE OR REPLACE TEMPORARY VIEW v USING deltaSharing OPTIONS (path '"
                + Conformance.path("partitioned_types")
                + "')");
    Conformance.assertReads(Conformance.spark().sql("SELECT * FROM v"), "partitioned_types");
  }

  @Test
  @DisplayName("the source under its lower-case name")
  void lowerCase() {
    Conformance.assertReads(
        Conformance.spark().read().format("deltasharing").load(Conformance.path("nested")),
        "nested");
  }

  @Test
  @DisplayName("options of the session")
  void sessionOptions() {
    Conformance.under(
        Map.of("spark.datasource.deltaSharing.responseFormat", "delta"),
        () -> Conformance.assertReads(Conformance.load("evolved", Map.of()), "evolved"));
  }

  @Test
  @DisplayName("writes are refused")
  void write() {
    assertThatThrownBy(
            () ->
                Conformance.spark()
                    .range(3)
                    .write()
                    .format("deltaSharing")
                    .mode(SaveMode.Append)
                    .save(Conformance.path("nested")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("shares are read-only");
  }

  @Test
  @DisplayName("a table that is not shared")
  void missing() {
    assertThatThrownBy(() -> Conformance.load("no_such", Map.of()))
        .hasMessageContaining("share.schema.no_such");
  }

  @Test
  @DisplayName("a wrong option is named")
  void wrongOption() {
    assertThatThrownBy(() -> Conformance.load("plain", Map.of("versionAsOf", "soon")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("versionAsOf");
  }
}
