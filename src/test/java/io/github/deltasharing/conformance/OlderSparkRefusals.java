/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Map;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Spark before 3.5 gets of the connector: one sentence, whatever it is used for. */
@DisplayName("refusals")
class OlderSparkRefusals {
  private static void assertRefused(Runnable use) {
    Throwable thrown = catchThrowable(use::run);
    // Tables of the session are loaded inside a cache of Spark's, which wraps what that throws.
    Throwable refusal = thrown.getCause() == null ? thrown : thrown.getCause();
    assertThat(refusal)
        .isExactlyInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "Cannot use deltaSharing on Spark "
                + Conformance.spark().version()
                + ": the connector needs Spark 3.5.0 or later. Run the query on Spark 3.5 or 4, or use the upstream connector"
                + " (io.delta:delta-sharing-spark) in a release for this Spark.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "delta", "auto"})
  void batch(String format) {
    assertRefused(
        () ->
            Conformance.load("primitives", Map.of("responseFormat", format))
                .where("l = 1")
                .count());
  }

  @Test
  void changes() {
    assertRefused(
        () ->
            Conformance.load("plain", Map.of("readChangeFeed", "true", "startingVersion", "0"))
                .collectAsList());
  }

  @Test
  void withoutAPath() {
    assertRefused(() -> Conformance.spark().read().format("deltaSharing").load());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stream(boolean changes) {
    assertRefused(
        () ->
            Conformance.spark()
                .readStream()
                .format("deltaSharing")
                .option("readChangeFeed", changes)
                .load(Conformance.path("plain")));
  }

  @Test
  void view() {
    assertRefused(
        () ->
            Conformance.spark()
                .sql(
                    "CREATE TEMPORARY VIEW v USING deltaSharing OPTIONS (path '"
                        + Conformance.path("plain")
                        + "')"));
  }

  @Test
  void tableOfTheSession() {
    assertRefused(
        () -> {
          Conformance.spark()
              .sql(
                  "CREATE TABLE t (id BIGINT) USING deltaSharing LOCATION '"
                      + Conformance.path("plain")
                      + "'");
          Conformance.spark().sql("SELECT * FROM t").collectAsList();
        });
  }

  @Test
  void write() {
    assertRefused(
        () ->
            Conformance.spark()
                .range(3)
                .write()
                .format("deltaSharing")
                .mode(SaveMode.Append)
                .save(Conformance.path("plain")));
  }

  @Test
  void catalog() {
    Conformance.addCatalog();
    assertRefused(() -> Conformance.spark().sql("SELECT * FROM shared.share.schema.plain").count());
    assertRefused(() -> Conformance.spark().sql("SHOW NAMESPACES IN shared").count());
  }
}
