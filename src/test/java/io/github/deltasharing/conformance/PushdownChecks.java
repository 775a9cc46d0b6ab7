/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import scala.Function1;

/** What is not read, and who decides: by Spark's plans and the scans' own metrics. */
@DisplayName("pushdown")
class PushdownChecks {
  /** The server gets no hint: whatever is left out is left out by the client. */
  private static final Map<String, String> NO_HINTS =
      Map.of("predicateHints.enabled", "false", "jsonPredicateHints.enabled", "false");

  /** Without adaptive execution a query's plan is at hand before and after it has run. */
  @BeforeAll
  static void planAtOnce() {
    Conformance.spark().conf().set("spark.sql.adaptive.enabled", "false");
  }

  @AfterAll
  static void asBefore() {
    Conformance.spark().conf().unset("spark.sql.adaptive.enabled");
  }

  private static SparkPlan plan(Dataset<Row> query) {
    return query.queryExecution().executedPlan();
  }

  private static BatchScanExec scan(Dataset<Row> query, String table) {
    Function1<SparkPlan, Object> wanted =
        node ->
            node instanceof BatchScanExec found && found.scan().description().contains("." + table);
    return (BatchScanExec) plan(query).find(wanted).get();
  }

  /** A metric of the scan of a table in a query that has run. */
  private static long metric(Dataset<Row> query, String table, String name) {
    return scan(query, table).metrics().get(name).get().value();
  }

  @Test
  @DisplayName("statistics skip files")
  void statisticsSkipFiles() {
    Dataset<Row> query = Conformance.load("facts", NO_HINTS).where("id < 45");
    assertThat(query.collectAsList()).hasSize(45);
    assertThat(metric(query, "facts", "filesListed")).isEqualTo(8);
    assertThat(metric(query, "facts", "filesRead")).isEqualTo(2);
  }

  @Test
  @DisplayName("hints keep the server from listing files")
  void hints() {
    Dataset<Row> query = Conformance.load("facts", Map.of()).where("id < 45");
    assertThat(query.collectAsList()).hasSize(45);
    assertThat(metric(query, "facts", "filesListed")).isEqualTo(2);
  }

  @Test
  @DisplayName("partition values decide by themselves")
  void partitionValues() {
    Dataset<Row> query = Conformance.load("by_day", Map.of()).where("p = 2").select("id");
    assertThat(query.collectAsList()).hasSize(30);
    assertThat(scan(query, "by_day").scan().description()).contains("by partition values: ");
    assertThat(plan(query).toString()).doesNotContain("Filter (");
  }

  /** 2024-01-02 was a Tuesday. */
  @Test
  @FromSpark("4.2")
  @DisplayName("any expression of partition values skips files")
  void partitionExpressions() {
    Dataset<Row> query =
        Conformance.load("by_day", Map.of()).where("date_format(day, 'EEEE') = 'Tuesday'");
    assertThat(query.collectAsList()).isNotEmpty();
    assertThat(scan(query, "by_day").scan().description())
        .contains("by expressions of partition values: ");
    assertThat(metric(query, "by_day", "filesRead"))
        .isPositive()
        .isLessThan(metric(query, "by_day", "filesListed"));
  }

  @Test
  @DisplayName("the plan says who decides what")
  void thePlanSays() {
    Dataset<Row> query =
        Conformance.load("by_day", Map.of()).where("p = 2 AND id > 50 AND length(string(id)) = 2");
    assertThat(scan(query, "by_day").scan().description())
        .contains("by partition values:", "by statistics:", "as hints to the server:");
    assertThat(plan(query).toString()).doesNotContain("signature");
  }

  @Test
  @DisplayName("a limit lists some files")
  void limit() {
    Dataset<Row> query = Conformance.load("facts", Map.of()).limit(5);
    assertThat(query.collectAsList()).hasSize(5);
    assertThat(metric(query, "facts", "filesListed")).isEqualTo(1);
  }

  @Test
  @DisplayName("the first of an order read some files")
  void topN() {
    Dataset<Row> query = Conformance.load("facts", Map.of()).orderBy("id").limit(3).select("id");
    assertThat(query.collectAsList().toString()).isEqualTo("[[0], [1], [2]]");
    assertThat(metric(query, "facts", "filesRead")).isEqualTo(1);
  }

  @Test
  @DisplayName("statistics answer aggregates")
  void aggregates() {
    Dataset<Row> query =
        Conformance.load("facts", Map.of()).selectExpr("count(*)", "min(id)", "max(day)");
    assertThat(query.collectAsList().toString()).isEqualTo("[[320,0,2024-01-08]]");
    assertThat(plan(query).toString()).contains("LocalTableScan").doesNotContain("BatchScan");
  }

  @Test
  @DisplayName("a join filters files at run time")
  void runtimeFilter() {
    Dataset<Row> facts = Conformance.load("facts", NO_HINTS);
    Dataset<Row> stores = Conformance.load("stores", Map.of());
    Dataset<Row> query =
        facts
            .join(stores, facts.col("id").equalTo(stores.col("lowest")))
            .where("label = 'store 3'")
            .select("id", "label");
    assertThat(query.collectAsList().toString()).isEqualTo("[[210,store 3]]");
    assertThat(metric(query, "facts", "filesListed")).isEqualTo(8);
    assertThat(metric(query, "facts", "filesRead")).isEqualTo(1);
  }

  @Test
  @DisplayName("a join on partition columns needs no shuffle")
  void storagePartitionedJoin() {
    Conformance.under(
        Map.of(
            "spark.sql.sources.v2.bucketing.enabled", "true",
            "spark.sql.sources.v2.bucketing.pushPartValues.enabled", "true",
            "spark.sql.autoBroadcastJoinThreshold", "-1"),
        () -> {
          // The partition columns keep their names: Spark 3.5 does not look through others.
          Dataset<Row> one = Conformance.load("by_day", Map.of());
          Dataset<Row> other =
              Conformance.load("by_day", Map.of()).where("id < 60").withColumnRenamed("id", "id2");
          Dataset<Row> query =
              one.join(
                  other,
                  one.col("p")
                      .equalTo(other.col("p"))
                      .and(one.col("day").equalTo(other.col("day"))));
          assertThat(query.collectAsList()).hasSize(6 * 10 * 5);
          assertThat(plan(query).toString()).doesNotContain("Exchange");
        });
  }

  @Test
  @DisplayName("files are read in columns, or row by row where Spark says so")
  void columnar() {
    assertThat(plan(Conformance.load("facts", Map.of())).toString()).contains("ColumnarToRow");
    Conformance.under(
        Map.of("spark.sql.parquet.enableVectorizedReader", "false"),
        () ->
            assertThat(plan(Conformance.load("facts", Map.of())).toString())
                .doesNotContain("ColumnarToRow"));
  }

  @Test
  @DisplayName("_metadata tells the file of a row")
  void metadataColumn() {
    Dataset<Row> query =
        Conformance.load("facts", Map.of())
            .selectExpr("count(DISTINCT _metadata.file_name)", "max(_metadata.row_index)");
    assertThat(query.collectAsList().toString()).isEqualTo("[[8,39]]");
  }
}
