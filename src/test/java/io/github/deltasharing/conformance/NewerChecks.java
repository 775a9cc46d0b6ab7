/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
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

  /** Those reads that a stream does as well: of tables that only grew, and of changes. */
  static List<SharedRead> streams() {
    List<String> filters = List.of("true", "s = 'berLIN'", "p = 'dE'");
    return NewerReads.reads().stream()
        .filter(
            read ->
                read.name().startsWith("changes of ")
                    || (read.table().startsWith("collated")
                        && read.columns().equals(List.of("*"))
                        && filters.contains(read.where())))
        .toList();
  }

  @DisplayName("streams")
  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void asStreams(SharedRead read) {
    Conformance.under(
        Map.of(SHREDDED, "true"),
        () -> {
          SharedStream stream =
              new SharedStream("newer " + read.name(), read.table(), read.options());
          Dataset<Row> query = read.of(StreamChecks.open(stream, Map.of()));
          List<String> rows = Collections.synchronizedList(new ArrayList<>());
          assertThatCode(() -> StreamChecks.run(query, stream.name(), rows, Integer.MAX_VALUE))
              .doesNotThrowAnyException();
          Conformance.assertSame(
              RenderedRows.of(query.schema().catalogString(), rows), read.name());
        });
  }

  private static Dataset<Row> collatedBy() {
    return Conformance.load("collated_by", Map.of());
  }

  private static void assertIds(Dataset<Row> query, Integer... ids) {
    assertThat(query.collectAsList().stream().map(row -> (Integer) row.get(0)).toList())
        .containsExactlyInAnyOrder(ids);
  }

  /** The key of row 2 is "de". */
  @Test
  @DisplayName("joins by a collated partition column")
  void joins() {
    Dataset<Row> all = collatedBy().selectExpr("id", "p");
    Dataset<Row> one = collatedBy().where("id = 2").selectExpr("p AS key");
    assertIds(all.join(one, all.col("p").equalTo(one.col("key"))).selectExpr("id"), 1, 2, 3);
  }

  @Test
  @DisplayName("the first by a collated partition column")
  void topN() {
    assertIds(collatedBy().orderBy("p", "id").limit(3).selectExpr("id"), 5, 1, 2);
  }

  /** Where Spark takes partitions for what they were reported as, equal values are in one. */
  @Test
  @DisplayName("groups by a collated partition column, partition by partition")
  void groupsOfPartitions() {
    Conformance.under(
        Map.of("spark.sql.sources.v2.bucketing.enabled", "true"),
        () ->
            assertIds(
                collatedBy()
                    .selectExpr("p", "id + 0 AS n")
                    .groupBy("p")
                    .max("n")
                    .selectExpr("`max(n)`"),
                3,
                4,
                5));
  }

  @Test
  @DisplayName("groups by a collated partition column")
  void groups() {
    Dataset<Row> counts = collatedBy().groupBy("p").count().selectExpr("CAST(count AS INT)");
    assertIds(counts, 3, 1, 1);
  }

  @Test
  @DisplayName("changes under a filter on a collated partition column")
  void changes() {
    Map<String, String> options = Map.of("readChangeFeed", "true", "startingVersion", "1");
    assertIds(Conformance.load("collated_by", options).where("p = 'dE'").selectExpr("id"), 1, 2, 3);
  }

  private static void check(SharedRead read, Map<String, String> settings) {
    Conformance.under(
        settings,
        () ->
            Conformance.assertReads(
                read.of(Conformance.load(read.table(), read.options())), read.name()));
  }
}
