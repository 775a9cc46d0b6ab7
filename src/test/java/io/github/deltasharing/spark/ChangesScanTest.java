/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.ScanNodes;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A scan of changes tells the optimiser what that of a table does, and leaves out as much. */
class ChangesScanTest {
  private static final Map<String, String> ALL =
      Map.of("readChangeFeed", "true", "startingVersion", "0");

  @TempDir static Path directory;
  static TestShare share;

  /** Versions 0 to 3: a file of each of three parts in each of the last three, 100 rows in each. */
  @BeforeAll
  static void write() {
    String table = "delta.`" + directory.resolve("t") + "`";
    TestSpark.session()
        .sql(
            "CREATE TABLE "
                + table
                + " (id BIGINT, p INT) USING delta PARTITIONED BY (p)"
                + " TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')");
    for (int version = 1; version <= 3; version++) {
      TestSpark.session()
          .sql(
              "INSERT INTO %s SELECT id + %d, CAST(id %% 3 AS INT) FROM range(0, 300, 1, 1)"
                  .formatted(table, 1000 * version));
    }
    share = TestShare.withHistory(directory, List.of("t"));
  }

  @AfterAll
  static void stop() {
    share.close();
  }

  private static Dataset<Row> expected() {
    return TestSpark.session()
        .read()
        .format("delta")
        .options(ALL)
        .load(directory.resolve("t").toString());
  }

  private static Scan scan(String path, Map<String, String> options) {
    Map<String, String> all = new HashMap<>(options);
    all.put("path", path);
    CaseInsensitiveStringMap map = new CaseInsensitiveStringMap(all);
    DeltaSharingProvider provider = new DeltaSharingProvider();
    ReadOnlyTable table = (ReadOnlyTable) provider.getTable(null, null, map);
    return table.newScanBuilder(map).build();
  }

  private static Statistics statistics(Scan scan) {
    return ((SupportsReportStatistics) scan).estimateStatistics();
  }

  @Test
  void sizeAndRowsAreThoseOfTheFilesThatAreRead() throws Exception {
    long bytes;
    try (var files = Files.walk(directory.resolve("t"))) {
      bytes =
          files
              .filter(file -> file.toString().endsWith(".parquet"))
              .filter(file -> !file.toString().contains("_delta_log"))
              .mapToLong(file -> file.toFile().length())
              .sum();
    }
    Statistics all = statistics(scan(share.path("t"), ALL));
    assertThat(all.numRows()).hasValue(900);
    // As for tables: the files, or the rows at their usual size, whichever is more.
    assertThat(all.sizeInBytes().getAsLong()).isGreaterThanOrEqualTo(bytes);
    Map<String, String> last = new HashMap<>(ALL);
    last.put("startingVersion", "3");
    Statistics some = statistics(scan(share.path("t"), last));
    assertThat(some.numRows()).hasValue(300);
    assertThat(some.sizeInBytes().getAsLong()).isLessThan(all.sizeInBytes().getAsLong());
  }

  @Test
  void theListIsAskedForOnceForStatisticsAndRows() {
    Dataset<Row> changes = share.read("t", ALL);
    share.takeRequests();
    changes.queryExecution().optimizedPlan().stats();
    assertThat(changes.collectAsList()).hasSize(900);
    assertThat(share.takeRequests()).isEqualTo(Map.of("changes", 1, "file", 9));
  }

  @Test
  void nothingIsToldOfAStream() {
    Scan scan = scan(share.path("t"), Map.of("readChangeFeed", "true"));
    assertThat(statistics(scan).numRows()).isEmpty();
    Scan bounded = scan(share.path("t"), ALL);
    bounded.toMicroBatchStream("unused");
    assertThat(statistics(bounded).numRows()).isEmpty();
    assertThat(statistics(bounded).sizeInBytes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "_commit_version, 2, 6, 300",
    "p, 1, 6, 300",
    "id, 2000, 8, 1",
    "p, 7, 9, 0",
  })
  void whatAJoinLearnsAtRunTimeIsNotRead(String column, long value, long skipped, int rows) {
    Dataset<Row> found = join(share.read("t", ALL), column, value);
    assertThat(found.collectAsList()).hasSize(rows);
    Rows.assertSame(
        found.drop("_commit_timestamp"), join(expected(), column, value).drop("_commit_timestamp"));
    assertThat(ScanNodes.metrics(found, "t"))
        .containsEntry("filesListed", 9L)
        .containsEntry("filesSkippedByRuntimeFilter", skipped)
        .containsEntry("filesRead", 9 - skipped);
    Map<String, String> off = new HashMap<>(ALL);
    off.put("runtimeFiltering.enabled", "false");
    Dataset<Row> unfiltered = join(share.read("t", off), column, value);
    assertThat(unfiltered.collectAsList()).hasSize(rows);
    assertThat(ScanNodes.metrics(unfiltered, "t")).containsEntry("filesRead", 9L);
  }

  /** The other side's filter is on its label. */
  private static Dataset<Row> join(Dataset<Row> changes, String column, long value) {
    Dataset<Row> other =
        TestSpark.session()
            .range(0, 3000)
            .selectExpr("id AS k", "concat('k', id) AS label")
            .where("label = 'k" + value + "'");
    return changes.join(
        org.apache.spark.sql.functions.broadcast(other),
        changes
            .col(column)
            .equalTo(other.col("k").cast(changes.schema().apply(column).dataType())));
  }

  @Test
  void theTimeOfACommitIsLearntToo() {
    Dataset<Row> changes = share.read("t", ALL);
    Object time = changes.where("_commit_version = 3").select("_commit_timestamp").first().get(0);
    Dataset<Row> other =
        expected()
            .where("_commit_version = 3")
            .selectExpr("_commit_timestamp AS at", "concat('v', id) AS label")
            .where("label = 'v3000'")
            .selectExpr("unix_millis(at) AS at");
    Dataset<Row> found =
        changes.join(
            org.apache.spark.sql.functions.broadcast(other),
            changes.col("_commit_timestamp").equalTo(other.col("at")));
    assertThat(found.collectAsList()).hasSize(300);
    assertThat(time).isInstanceOf(Long.class);
    assertThat(ScanNodes.metrics(found, "t")).containsEntry("filesRead", 3L);
  }

  @Test
  void equalReadsOfChangesShareAnExchange() {
    Dataset<Row> sums = share.read("t", ALL).groupBy("p").sum("id");
    TestSpark.session().conf().set("spark.sql.autoBroadcastJoinThreshold", "-1");
    try {
      share.takeRequests();
      assertThat(sums.as("a").join(sums.as("b"), "p").collectAsList()).hasSize(3);
      assertThat(share.takeRequests()).containsEntry("changes", 1).containsEntry("file", 9);
    } finally {
      TestSpark.session().conf().unset("spark.sql.autoBroadcastJoinThreshold");
    }
  }
}
