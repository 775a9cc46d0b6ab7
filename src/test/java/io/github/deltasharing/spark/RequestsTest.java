/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.examples.ScanReport;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exactly what a query asks of the server and of the store, and what it says of itself. */
class RequestsTest {
  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void writeAndShare() {
    SparkSession spark = TestSpark.session();
    for (String table : List.of("five", "wide")) {
      spark
          .range(0, table.equals("five") ? 100 : 60_000, 1, 5)
          .selectExpr(
              "id", "id % 7 AS k", "sha2(string(id), 512) AS pad", "sha2(string(-id), 512) AS pad2")
          .write()
          .format("delta")
          .save(directory.resolve(table).toString());
    }
    share = TestShare.of(directory, List.of("five", "wide"));
  }

  @AfterAll
  static void stop() {
    share.close();
  }

  @BeforeEach
  void forget() {
    share.takeRequests();
  }

  @Test
  void definingADataFrameIsOneMetadataRequest() {
    Dataset<Row> table = share.read("five");
    table.schema();
    assertThat(share.takeRequests()).isEqualTo(Map.of("metadata", 1));
  }

  @Test
  void aQueryIsOneQueryRequestAndOneRequestASmallFile() {
    Dataset<Row> table = share.read("five");
    share.takeRequests();
    assertThat(table.collectAsList()).hasSize(100);
    assertThat(share.takeRequests()).isEqualTo(Map.of("query", 1, "file", 5));
  }

  @Test
  void aScanOpensNoMoreConnectionsThanItMayUseAtATime() {
    Dataset<Row> table = share.read("five", Map.of("maxConnections", "2", "timeout", "77s"));
    assertThat(table.collectAsList()).hasSize(100);
    ScanReport report = ScanReport.of(table);
    assertThat(report.requests()).isEqualTo(5);
    // The client of another timeout has no kept ones.
    assertThat(report.connections()).isBetween(1L, 2L);
  }

  @Test
  void explainAndCollectOfOneDataFrameAskOnce() {
    Dataset<Row> table = share.read("five").filter("k = 3").groupBy("k").count();
    share.takeRequests();
    table.explain(true);
    table.collectAsList();
    table.collectAsList();
    // The second run finds the first one's shuffle files.
    assertThat(share.takeRequests()).isEqualTo(Map.of("query", 1, "file", 5));
  }

  @Test
  void aSelfJoinReusesOneExchange() {
    Dataset<Row> table = share.read("five");
    Dataset<Row> sums = table.groupBy("k").sum("id");
    share.takeRequests();
    Dataset<Row> joined = sums.as("a").join(sums.as("b"), "k");
    Map<String, String> off = Map.of("spark.sql.autoBroadcastJoinThreshold", "-1");
    off.forEach(TestSpark.session().conf()::set);
    try {
      assertThat(joined.collectAsList()).hasSize(7);
    } finally {
      off.keySet().forEach(TestSpark.session().conf()::unset);
    }
    assertThat(share.takeRequests()).containsEntry("file", 5);
  }

  @Test
  void allReadsOfATableInOneQuerySeeOneSnapshot() {
    Dataset<Row> one = share.read("five");
    Dataset<Row> other = share.read("five");
    share.takeRequests();
    assertThat(one.select("id").union(other.select("k")).collectAsList()).hasSize(200);
    assertThat(share.takeRequests()).isEqualTo(Map.of("query", 1, "file", 10));
    assertThat(one.selectExpr("k").collectAsList()).hasSize(100);
    assertThat(share.takeRequests()).isEqualTo(Map.of("query", 1, "file", 5));
    // Dataset.rdd runs outside of an execution.
    assertThat(one.select("id").union(other.select("k")).rdd().count()).isEqualTo(200);
    assertThat(share.takeRequests()).isEqualTo(Map.of("query", 1, "file", 10));
  }

  @Test
  void onlyTheColumnsAskedForAreFetched() {
    Dataset<Row> all = share.read("wide");
    Dataset<Row> two = all.selectExpr("sum(id)", "sum(k)");
    all.write().format("noop").mode("overwrite").save();
    share.takeRequests();
    two.collectAsList();
    ScanReport narrow = ScanReport.of(two);
    // Per file: one request for the tail, one for the two neighbouring columns.
    assertThat(narrow.files()).isEqualTo(5);
    assertThat(narrow.requests()).isEqualTo(10);
    assertThat(share.takeRequests()).isEqualTo(Map.of("query", 1, "file", 10));
    assertThat(narrow.bytes()).isLessThan(5 * (64 << 10) + 1_000_000);
  }

  @Test
  void readAheadAsksForTheSameBytesInTheSameRequests() {
    Map.of("five", "*", "wide", "pad2")
        .forEach(
            (table, columns) -> {
              Dataset<Row> with = share.read(table).selectExpr(columns);
              Dataset<Row> without =
                  share.read(table, Map.of("prefetchMemory", "0")).selectExpr(columns);
              assertThat(Rows.of(with)).isEqualTo(Rows.of(without));
              ScanReport one = ScanReport.of(with);
              ScanReport other = ScanReport.of(without);
              assertThat(List.of(one.requests(), one.bytes(), one.files()))
                  .isEqualTo(List.of(other.requests(), other.bytes(), other.files()));
            });
  }

  @Test
  void whereStatisticsMayNotCountFootersDo() {
    Dataset<Row> count =
        share.read("wide", Map.of("aggregatePushdown.enabled", "false")).selectExpr("count(*)");
    assertThat(count.collectAsList().get(0).getLong(0)).isEqualTo(60_000);
    assertThat(ScanReport.of(count).bytes()).isEqualTo(5 * (64 << 10));
  }

  @Test
  void pagesAreFollowedAndMakeTheSameRows() {
    List<String> expected = Rows.of(share.read("five"));
    share.takeRequests();
    Map<String, String> paged =
        Map.of("queryPagination.enabled", "true", "maxFilesPerQueryRequest", "2");
    assertThat(Rows.of(share.read("five", paged))).isEqualTo(expected);
    assertThat(share.takeRequests()).containsEntry("query", 3).containsEntry("file", 5);
  }

  @Test
  void neitherPlanNorLogHoldsTokenOrSignature() {
    // The server is in this JVM too, and at DEBUG its web server shows whole requests.
    try (LogCapture log = LogCapture.ofAll(Level.DEBUG, "org.eclipse.jetty")) {
      Dataset<Row> table = share.read("five");
      table.collectAsList();
      String plan =
          table.queryExecution().toString()
              + table.queryExecution().executedPlan().verboseStringWithSuffix(1000)
              + table.queryExecution().logical().toJSON();
      assertThat(plan).contains("share.schema.five");
      assertThat(plan).doesNotContain(TestShare.CANARY).doesNotContain("signature=");
      assertThat(log.lines()).isNotEmpty();
      assertThat(log.lines()).noneMatch(line -> line.contains(TestShare.CANARY));
      assertThat(log.lines()).noneMatch(line -> line.contains("signature="));
      assertThat(log.lines()).anyMatch(line -> line.contains("5 files listed"));
    }
  }

  @Test
  void aTimeTravelledReadIsOneMetadataAndOneQueryRequestToo() {
    try (TestShare history = TestShare.withHistory(directory, List.of("five"))) {
      Dataset<Row> table = history.read("five", Map.of("versionAsOf", "0"));
      assertThat(history.takeRequests()).isEqualTo(Map.of("metadata", 1));
      assertThat(table.collectAsList()).hasSize(100);
      table.collectAsList();
      assertThat(history.takeRequests()).isEqualTo(Map.of("query", 1, "file", 10));
    }
  }

  @Test
  void aTableThatChangedSinceTheDataFrameWasDefinedIsRead() {
    SparkSession spark = TestSpark.session();
    String path = directory.resolve("growing").toString();
    spark.range(3).write().format("delta").save(path);
    try (TestShare growing = TestShare.of(directory, List.of("growing"))) {
      Dataset<Row> table = growing.read("growing");
      assertThat(table.count()).isEqualTo(3);
      spark.range(3, 5).write().format("delta").mode("append").save(path);
      assertThat(table.count()).isEqualTo(5);
    }
  }
}
