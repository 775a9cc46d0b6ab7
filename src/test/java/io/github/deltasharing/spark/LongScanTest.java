/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.listing.ScanUrls;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.ScanNodes;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ScanNodes that take longer than their URLs live, which is two seconds here. */
@Timeout(120)
class LongScanTest {
  private static final long URL_LIFE_MILLIS = 2_000;
  private static final int FILES = 40;

  @TempDir static Path directory;
  private TestShare share;

  @BeforeAll
  static void writeTables() {
    SparkSession spark = TestSpark.session();
    for (String table : List.of("plain", "deleted")) {
      spark
          .range(0, 200, 1, FILES)
          .selectExpr("id", "id * id AS square")
          .write()
          .format("delta")
          .option("delta.enableDeletionVectors", table.equals("deleted"))
          .save(directory.resolve(table).toString());
    }
    spark.sql("DELETE FROM delta.`" + directory.resolve("deleted") + "` WHERE id % 5 = 3");
  }

  @BeforeEach
  void start() {
    share =
        TestShare.of(
            directory,
            List.of("plain", "deleted"),
            config -> config.preSignedUrlTimeoutSeconds(URL_LIFE_MILLIS / 1_000));
  }

  @AfterEach
  void close() {
    share.close();
  }

  private static List<String> expected(String table) {
    return Rows.of(
        TestSpark.session().read().format("delta").load(directory.resolve(table).toString()));
  }

  /** Takes 4 seconds or more, with two tasks at a time. */
  private static Dataset<Row> slowly(Dataset<Row> rows) {
    return rows.filter(
        (FilterFunction<Row>)
            row -> {
              Thread.sleep(row.getLong(0) % 5 == 0 ? 200 : 0);
              return true;
            });
  }

  private static void outliveUrls() throws InterruptedException {
    Thread.sleep(URL_LIFE_MILLIS + 100);
  }

  private int queries() {
    return share.takeRequests().getOrDefault("query", 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "deleted"})
  void itReadsEveryRowWithAFewRequests(String table) {
    long start = System.currentTimeMillis();
    try (LogCapture log = LogCapture.of(ScanUrls.class, Level.INFO)) {
      // Read-ahead would have all of the small files before the first URL dies.
      Dataset<Row> rows = slowly(share.read(table, Map.of("prefetchMemory", "0")));
      assertThat(Rows.of(rows)).isEqualTo(expected(table));
      long millis = System.currentTimeMillis() - start;
      int renewals = queries() - 1;
      assertThat(millis).isGreaterThan(2 * URL_LIFE_MILLIS - 200);
      // Ahead of expiry, by a tenth of the URLs' life.
      assertThat(renewals).isBetween(1, (int) (millis / (URL_LIFE_MILLIS * 9 / 10)) + 1);
      assertThat(log.lines())
          .hasSize(renewals)
          .allMatch(
              line ->
                  line.contains("share.schema." + table + " version ")
                      && line.contains(": URLs of " + FILES + " files refreshed in "));
      assertThat(ScanNodes.metrics(rows, table).get("urlRefreshes"))
          .isBetween((long) renewals, (long) FILES * 2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "deleted"})
  void aDataFrameIsExecutedAgainAfterItsUrlsDied(String table) throws InterruptedException {
    List<String> expected = expected(table);
    Dataset<Row> rows = share.read(table);
    assertThat(Rows.of(rows)).isEqualTo(expected);
    assertThat(queries()).isEqualTo(1);
    for (int i = 0; i < 2; i++) {
      outliveUrls();
      System.gc();
      assertThat(Rows.of(rows)).isEqualTo(expected);
      assertThat(queries()).isEqualTo(1);
    }
  }

  @Test
  void anRddIsComputedAgainAfterItsUrlsDied() throws InterruptedException {
    JavaRDD<Long> rdd = share.read("deleted").toJavaRDD().map(row -> row.getLong(0)).cache();
    assertThat(rdd.count()).isEqualTo(160);
    assertThat(queries()).isEqualTo(1);
    outliveUrls();
    System.gc();
    assertThat(rdd.count()).isEqualTo(160);
    assertThat(queries()).isZero();
    rdd.unpersist(true);
    assertThat(rdd.count()).isEqualTo(160);
    assertThat(queries()).isEqualTo(1);
  }

  @Test
  void aSelfJoinRenewsTheUrlsOfItsOneSnapshotOnce() throws InterruptedException {
    Dataset<Row> rows = share.read("plain");
    Dataset<Row> join = rows.as("l").join(share.read("plain").as("r"), "id");
    assertThat(join.collectAsList()).hasSize(200);
    assertThat(queries()).isEqualTo(1);
    outliveUrls();
    assertThat(join.collectAsList()).hasSize(200);
    assertThat(queries()).isEqualTo(1);
  }

  @Test
  void aServerThatIsGoneIsSaidWithoutSecrets() throws InterruptedException {
    Dataset<Row> rows = share.read("plain", Map.of("numRetries", "0", "retrySleepInterval", "1ms"));
    assertThat(rows.collectAsList()).hasSize(200);
    share.close();
    outliveUrls();
    Throwable e = catchThrowable(rows::collectAsList);
    assertThat(e).hasStackTraceContaining("share.schema.plain");
    assertThat(e.toString()).doesNotContain(TestShare.CANARY).doesNotContain("signature=");
  }
}
