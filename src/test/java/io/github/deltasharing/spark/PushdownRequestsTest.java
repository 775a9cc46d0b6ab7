/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.ScanNodes;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.exchange.BroadcastExchangeExec;
import org.apache.spark.sql.execution.exchange.ShuffleExchangeExec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not asked for and not read, counted exactly. */
class PushdownRequestsTest {
  /** The server gets no hint: whatever is left out is left out by the client. */
  private static final Map<String, String> NO_HINTS =
      Map.of(
          "predicateHints.enabled", "false",
          "jsonPredicateHints.enabled", "false");

  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void writeAndShare() {
    SparkSession spark = TestSpark.session();
    // A file a value of p: 1,000 files of 20 rows.
    spark
        .range(0, 20_000, 1, 4)
        .selectExpr("id", "cast(id % 1000 as int) AS p", "concat('name ', id) AS name")
        .repartition(4, col("p"))
        .write()
        .format("delta")
        .partitionBy("p")
        .save(path("thousand"));
    // 20 files, sorted by id, 100 rows each; day is a date that grows with it.
    spark
        .range(0, 2_000, 1, 20)
        .selectExpr(
            "id",
            "id % 5 AS store",
            "date_add(date'2024-01-01', int(id div 100)) AS day",
            "timestamp'2024-01-01 00:00:00' + make_interval(0,0,0,0,0,0, id * 0.000001) AS at",
            "IF(id % 10 = 3, NULL, string(id)) AS text")
        .write()
        .format("delta")
        .save(path("facts"));
    spark
        .range(0, 5)
        .selectExpr("id AS store", "concat('store ', id) AS label", "id * 400 AS lowest")
        .write()
        .format("delta")
        .save(path("stores"));
    spark
        .range(0, 400, 1, 4)
        .selectExpr("id", "id % 4 AS k")
        .write()
        .format("delta")
        .partitionBy("k")
        .save(path("by_k"));
    String[] sixty = new String[60];
    for (int i = 0; i < sixty.length; i++) {
      sixty[i] = "xxhash64(id, " + i + ") AS c" + i;
    }
    spark.range(0, 120_000, 1, 1).selectExpr(sixty).write().format("delta").save(path("wide"));
    share = TestShare.of(directory, List.of("thousand", "facts", "stores", "by_k", "wide"));
  }

  private static String path(String table) {
    return directory.resolve(table).toString();
  }

  @AfterAll
  static void stop() {
    TestSpark.session().catalog().dropTempView("facts");
    TestSpark.session().catalog().dropTempView("expected");
    share.close();
  }

  @BeforeEach
  void forget() {
    share.takeRequests();
  }

  private static Dataset<Row> expected(String table) {
    return TestSpark.session().read().format("delta").load(path(table));
  }

  @Test
  void onePartitionOfAThousandIsOneFile() {
    Dataset<Row> query = share.read("thousand").where("p = 7").select("id");
    Rows.assertSame(query, expected("thousand").where("p = 7").select("id"));
    // The server skipped the others, and Spark has no filter left.
    assertThat(ScanNodes.metrics(query, "thousand"))
        .containsEntry("filesListed", 1L)
        .containsEntry("filesRead", 1L)
        .containsEntry("storeRequests", 1L);
    assertThat(query.queryExecution().executedPlan().toString())
        .doesNotContain("Filter (")
        .contains("by partition values: [p IS NOT NULL, p = 7]");
  }

  @Test
  void twoColumnsOfSixtyAreLittleMoreThanTheirBytes() {
    Dataset<Row> query = share.read("wide").selectExpr("bit_xor(c7)", "bit_xor(c41)");
    Rows.assertSame(query, expected("wide").selectExpr("bit_xor(c7)", "bit_xor(c41)"));
    Map<String, Long> metrics = ScanNodes.metrics(query, "wide");
    // Two columns of 120,000 random longs, and each split's tail.
    assertThat(metrics.get("bytesNeeded")).isBetween(2 * 960_000L, 2 * 960_000L + 60_000);
    assertThat(metrics.get("bytesFetched")).isLessThan(metrics.get("bytesNeeded") * 11 / 10);
  }

  @Test
  void theClientSkipsWhatTheServerDoesNot() {
    Dataset<Row> query = share.read("thousand", NO_HINTS).where("p IN (7, 8) AND id > 10000");
    assertThat(query.collectAsList()).hasSize(20);
    assertThat(ScanNodes.metrics(query, "thousand"))
        .containsEntry("filesListed", 1_000L)
        .containsEntry("filesSkippedByPartition", 998L)
        .containsEntry("filesRead", 2L);
    Dataset<Row> days = share.read("facts", NO_HINTS).where("day = date'2024-01-03'");
    assertThat(days.collectAsList()).hasSize(100);
    assertThat(ScanNodes.metrics(days, "facts"))
        .containsEntry("filesListed", 20L)
        .containsEntry("filesSkippedByStatistics", 19L)
        .containsEntry("filesRead", 1L);
  }

  @Test
  void tenRowsOfAThousandFilesAreOneFile() {
    Dataset<Row> query = share.read("thousand").limit(10);
    assertThat(query.collectAsList()).hasSize(10);
    assertThat(share.takeRequests()).isEqualTo(Map.of("metadata", 1, "query", 1, "file", 1));
    assertThat(ScanNodes.metrics(query, "thousand")).containsEntry("filesListed", 1L);
    Dataset<Row> filtered = share.read("thousand", NO_HINTS).where("p < 500").limit(30);
    assertThat(filtered.collectAsList()).hasSize(30);
    assertThat(ScanNodes.metrics(filtered, "thousand"))
        .containsEntry("filesListed", 1_000L)
        .containsEntry("filesSkippedByLimit", 498L);
  }

  @ParameterizedTest
  @CsvSource({
    "id DESC, 3, 1",
    "id ASC, 150, 2",
    "'day DESC, id', 100, 1",
    // Statistics know milliseconds, and the first has 1,000 rows.
    "at ASC NULLS LAST, 1, 10",
  })
  void theFirstRowsComeFromTheFilesThatHoldThem(String order, int rows, long files) {
    share.read("facts").createOrReplaceTempView("facts");
    expected("facts").createOrReplaceTempView("expected");
    String sql = "SELECT * FROM %s ORDER BY " + order + " LIMIT " + rows;
    Dataset<Row> query = TestSpark.session().sql(sql.formatted("facts"));
    Rows.assertSame(query, TestSpark.session().sql(sql.formatted("expected")));
    assertThat(ScanNodes.metrics(query, "facts")).containsEntry("filesRead", files);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "count(*)",
        "count(1), count(text), count(id)",
        "min(id), max(id), min(day), max(day), count(*)",
        "max(store), min(store)",
      })
  void exactStatisticsAnswerAggregates(String aggregates) {
    Dataset<Row> query = share.read("facts").selectExpr(aggregates.split(", "));
    Rows.assertSame(query, expected("facts").selectExpr(aggregates.split(", ")));
    assertThat(share.takeRequests()).doesNotContainKey("file");
    assertThat(query.queryExecution().optimizedPlan().toString()).doesNotContain("Aggregate");
  }

  @Test
  void exactStatisticsAnswerAggregatesOfPartitions() {
    Dataset<Row> grouped =
        share.read("by_k").where("k > 0").groupBy("k").agg(Map.of("id", "max", "*", "count"));
    Rows.assertSame(
        grouped,
        expected("by_k").where("k > 0").groupBy("k").agg(Map.of("id", "max", "*", "count")));
    assertThat(share.takeRequests()).doesNotContainKey("file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max(text)",
        "max(at)",
        "sum(id)",
        "count(DISTINCT store)",
        "min(id) FILTER (WHERE store = 2)"
      })
  void whatStatisticsDoNotKnowExactlyIsRead(String aggregate) {
    Dataset<Row> query = share.read("facts").selectExpr(aggregate);
    Rows.assertSame(query, expected("facts").selectExpr(aggregate));
    assertThat(share.takeRequests()).containsKey("file");
  }

  @Test
  void aStarJoinTouchesOnlyTheFilesThatMatch() {
    // The dimension's filter is on its label; the fact table learns the ids at run time.
    Dataset<Row> query = join(share.read("facts"), share.read("stores"));
    Rows.assertSame(query, join(expected("facts"), expected("stores")));
    assertThat(ScanNodes.metrics(query, "facts"))
        .containsEntry("filesListed", 20L)
        .containsEntry("filesSkippedByRuntimeFilter", 19L)
        .containsEntry("filesRead", 1L);
    Dataset<Row> off =
        join(
            share.read("facts", Map.of("runtimeFiltering.enabled", "false")), share.read("stores"));
    assertThat(off.collectAsList()).hasSameSizeAs(query.collectAsList());
    assertThat(ScanNodes.metrics(off, "facts")).containsEntry("filesRead", 20L);
  }

  private static Dataset<Row> join(Dataset<Row> facts, Dataset<Row> stores) {
    return facts
        .join(stores, facts.col("id").equalTo(stores.col("lowest")))
        .where("label = 'store 3'")
        .select("id", "label");
  }

  /** As in TPC-DS: what is known of sizes lets the optimiser send the dimension around. */
  @Test
  void aSmallDimensionIsBroadcast() {
    TestSpark.session().conf().set("spark.sql.autoBroadcastJoinThreshold", "10000");
    try {
      Dataset<Row> query =
          share
              .read("stores")
              .join(share.read("facts"), "store")
              .where("lowest >= 400")
              .groupBy("label")
              .count();
      Rows.assertSame(
          query,
          expected("stores")
              .join(expected("facts"), "store")
              .where("lowest >= 400")
              .groupBy("label")
              .count());
      assertThat(ScanNodes.nodes(query))
          .filteredOn(BroadcastExchangeExec.class::isInstance)
          .singleElement()
          .asString()
          .contains(".stores")
          .doesNotContain(".facts");
    } finally {
      TestSpark.session().conf().unset("spark.sql.autoBroadcastJoinThreshold");
    }
  }

  @Test
  void theOptimiserKnowsRowsSizesAndColumns() {
    TestSpark.session().conf().set("spark.sql.cbo.enabled", "true");
    try {
      Statistics all = statistics(share.read("facts"));
      assertThat(all.rowCount().get().longValue()).isEqualTo(2_000);
      assertThat(all.attributeStats().size()).isEqualTo(5);
      Statistics one = statistics(share.read("facts").select("store"));
      assertThat(one.sizeInBytes().longValue()).isLessThan(all.sizeInBytes().longValue() / 3);
      assertThat(one.attributeStats().mkString()).contains("Some(0),Some(4),Some(0)");
      Statistics partition = statistics(share.read("by_k").where("k < 3").select("k"));
      assertThat(partition.rowCount().get().longValue()).isEqualTo(300);
      assertThat(partition.attributeStats().mkString()).contains("Some(3),Some(0),Some(2),Some(0)");
    } finally {
      TestSpark.session().conf().unset("spark.sql.cbo.enabled");
    }
  }

  private static Statistics statistics(Dataset<Row> table) {
    return table.queryExecution().optimizedPlan().stats();
  }

  @Test
  void aJoinOnPartitionColumnsNeedsNoShuffle() {
    Map<String, String> session =
        Map.of(
            "spark.sql.sources.v2.bucketing.enabled", "true",
            "spark.sql.autoBroadcastJoinThreshold", "-1");
    session.forEach(TestSpark.session().conf()::set);
    try {
      Dataset<Row> one = share.read("by_k");
      Dataset<Row> other = share.read("by_k").where("id < 200").withColumnRenamed("id", "id2");
      Dataset<Row> query = one.join(other, "k").selectExpr("k", "id", "id2");
      Dataset<Row> sums = query.selectExpr("count(*)", "sum(id)", "sum(id2)");
      assertThat(sums.collectAsList().get(0).getLong(0)).isEqualTo(4 * 100 * 50);
      query.collectAsList();
      assertThat(ScanNodes.nodes(query)).noneMatch(ShuffleExchangeExec.class::isInstance);
    } finally {
      session.keySet().forEach(TestSpark.session().conf()::unset);
    }
  }

  /** One plan node's runtime filter must not reach another node that shares the scan. */
  @Test
  void aRuntimeFilterIsForOneBatchOnly() {
    Dataset<Row> facts = share.read("facts");
    Dataset<Row> joined = join(facts, share.read("stores"));
    Dataset<Row> query = joined.select("id").union(facts.select("id"));
    assertThat(query.collectAsList()).hasSize(2_001);
    assertThat(query.collectAsList()).hasSize(2_001);
  }

  @Test
  void readsWithDifferentHintsSeeOneVersion() {
    Dataset<Row> facts = share.read("facts");
    share.takeRequests();
    Dataset<Row> query = facts.where("id < 50").union(facts.where("id >= 1950"));
    assertThat(query.collectAsList()).hasSize(100);
    assertThat(share.takeRequests()).isEqualTo(Map.of("query", 2, "file", 2));
  }

  /** What is known of a table changes between the definition of a DataFrame and its run. */
  @Test
  void aLimitHoldsWhenDeletionVectorsCome() {
    SparkSession spark = TestSpark.session();
    String table = path("later");
    spark.range(0, 1_000, 1, 10).write().format("delta").save(table);
    try (TestShare later = TestShare.of(directory, List.of("later"))) {
      Dataset<Row> limited = later.read("later").limit(10);
      spark.sql(
          "ALTER TABLE delta.`"
              + table
              + "` SET TBLPROPERTIES ('delta.enableDeletionVectors'='true')");
      spark.sql("DELETE FROM delta.`" + table + "` WHERE id % 100 > 1");
      assertThat(limited.collectAsList()).hasSize(10);
    }
  }

  @Test
  void numbersWithFractionsAsPartitionsAndManyOfThem() {
    SparkSession spark = TestSpark.session();
    spark
        .range(0, 100)
        .selectExpr("id", "id + 0.5D AS d", "cast(id % 3 AS float) AS f")
        .repartition(1)
        .write()
        .format("delta")
        .partitionBy("f")
        .save(path("fractions"));
    spark.conf().set("spark.sql.cbo.enabled", "true");
    try (TestShare fractions = TestShare.of(directory, List.of("fractions"))) {
      StringBuilder many = new StringBuilder("d IN (0.5D");
      for (int i = 1; i < 90; i++) {
        many.append(", ").append(i).append(".5D");
      }
      String where = many.append(") AND f IN (0, 1)").toString();
      Dataset<Row> query = fractions.read("fractions").where(where);
      Rows.assertSame(query, expected("fractions").where(where));
      assertThat(statistics(query).rowCount().isDefined()).isTrue();
      Rows.assertSame(
          fractions.read("fractions").selectExpr("min(f)", "count(f)"),
          expected("fractions").selectExpr("min(f)", "count(f)"));
    } finally {
      spark.conf().unset("spark.sql.cbo.enabled");
    }
  }

  @Test
  void everySwitchLeavesTheRowsAsTheyAre() {
    List<String> expected = Rows.of(expected("facts").where("id > 1234 AND text LIKE '12%'"));
    for (String option :
        List.of(
            "filterPushdown.enabled",
            "predicateHints.enabled",
            "jsonPredicateHints.enabled",
            "jsonPredicateV2Hints.enabled",
            "fileSkipping.enabled",
            "parquetFilterPushdown.enabled")) {
      Dataset<Row> query =
          share.read("facts", Map.of(option, "false")).where("id > 1234 AND text LIKE '12%'");
      assertThat(Rows.of(query)).as(option).isEqualTo(expected);
    }
    Map<String, String> off = new HashMap<>(NO_HINTS);
    off.put("fileSkipping.enabled", "false");
    Dataset<Row> query = share.read("facts", off).where("id > 1234");
    query.collectAsList();
    assertThat(ScanNodes.metrics(query, "facts")).containsEntry("filesRead", 20L);
  }

  @Test
  void limitsAndAggregatesCanBeSwitchedOff() {
    share.read("facts", Map.of("aggregatePushdown.enabled", "false")).count();
    assertThat(share.takeRequests()).containsEntry("file", 20);
    Dataset<Row> limited = share.read("facts", Map.of("limitPushdown.enabled", "false")).limit(5);
    limited.collectAsList();
    assertThat(ScanNodes.metrics(limited, "facts")).containsEntry("filesListed", 20L);
    Dataset<Row> first =
        share.read("facts", Map.of("topNPushdown.enabled", "false")).orderBy("id").limit(5);
    first.collectAsList();
    assertThat(ScanNodes.metrics(first, "facts")).containsEntry("filesRead", 20L);
  }

  @Test
  void thePlanSaysWhoDecidesWhat() {
    Dataset<Row> query =
        share.read("by_k").where("k = 2 AND id > 100 AND length(string(id)) = 3").select("id");
    String plan = query.queryExecution().executedPlan().toString();
    assertThat(plan)
        .contains("by partition values: [k IS NOT NULL, k = 2]")
        .contains("by statistics:")
        .contains("as hints to the server: ")
        .contains("left to Spark: ");
    for (SparkPlan node : ScanNodes.nodes(query)) {
      assertThat(node.verboseStringWithOperatorId()).doesNotContain(TestShare.CANARY);
    }
  }
}
