/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.examples.ReadChanges;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.ScanNodes;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ends of ranges by time, renewed URLs, metrics, and what a real server refuses. The table's
 * commits are a minute apart from each other.
 */
@Timeout(120)
class ChangeFeedShareTest {
  private static final Instant FIRST = Instant.parse("2024-03-10T06:57:00Z");
  private static final SparkSession SPARK = TestSpark.session();

  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void writeAndShare() throws IOException {
    String feed = "'delta.enableChangeDataFeed' = 'true'";
    String vectors = "'delta.enableDeletionVectors' = 'true'";
    // Versions 0 to 4; the last one takes a part of the deletions back.
    write(
        "t",
        "CREATE TABLE %s (id BIGINT) USING delta TBLPROPERTIES (" + feed + ", " + vectors + ")");
    write("t", "INSERT INTO %s SELECT id FROM range(0, 100, 1, 1)");
    write("t", "DELETE FROM %s WHERE id %% 10 = 3");
    write("t", "DELETE FROM %s WHERE id < 20");
    write("t", "RESTORE TABLE %s TO VERSION AS OF 2");
    write("without", "CREATE TABLE %s USING delta AS SELECT id FROM range(3)");
    write("unshared", "CREATE TABLE %s (id BIGINT) USING delta TBLPROPERTIES (" + feed + ")");
    setCommitTimes(directory.resolve("t"));
    share =
        TestShare.of(
            directory,
            List.of(),
            config -> {
              config.preSignedUrlTimeoutSeconds(1);
              for (String table : List.of("t", "without", "unshared")) {
                boolean history = !table.equals("unshared");
                config.table(
                    new SharedTable(
                        "share",
                        "schema",
                        table,
                        directory.resolve(table).toUri(),
                        "",
                        history,
                        0));
              }
            });
  }

  @AfterAll
  static void stop() {
    share.close();
  }

  private static void write(String table, String statement) {
    SPARK.sql(statement.formatted("delta.`" + directory.resolve(table) + "`"));
  }

  private static void setCommitTimes(Path table) throws IOException {
    for (int version = 0; version <= 4; version++) {
      Files.setLastModifiedTime(
          table.resolve("_delta_log/%020d.json".formatted(version)),
          FileTime.from(FIRST.plusSeconds(60 * version)));
    }
    DeltaLog.clearCache();
  }

  private static Map<String, String> options(String... namesAndValues) {
    Map<String, String> options = new HashMap<>(Map.of("readChangeFeed", "true"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      options.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return options;
  }

  private static Dataset<Row> expected(Map<String, String> options) {
    return SPARK.read().format("delta").options(options).load(directory.resolve("t").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "2024-03-10 06:57:00, 2024-03-10 07:01:00",
    "2024-03-10 06:58:00.001, 2024-03-10 07:00:59.999",
    "2024-03-10 06:58, 2024-03-10 06:58",
    "2024-03-10 06:58:10, 2024-03-10 06:58:20",
    "2024-3-10 6:57, 2024-03-10 06:59"
  })
  void rangesByTimeAreThoseOfDeltaLake(String start, String end) {
    Map<String, String> range = options("startingTimestamp", start, "endingTimestamp", end);
    Rows.assertSame(share.read("t", range), expected(range));
    Map<String, String> open = options("startingTimestamp", start);
    Rows.assertSame(share.read("t", open), expected(open));
    Map<String, String> mixed = options("startingVersion", "0", "endingTimestamp", end);
    Rows.assertSame(share.read("t", mixed), expected(mixed));
  }

  /** Delta Lake reads from its first commit then; sharing servers refuse. */
  @ParameterizedTest
  @CsvSource({
    "startingTimestamp, 2024, first commit is later",
    "endingTimestamp, 2999, its latest commit is of 2024-03-10T07:01:00Z"
  })
  void aTimeOutsideTheHistoryIsRefused(String option, String time, String reason) {
    Map<String, String> range = new HashMap<>(options(option, time));
    range.putIfAbsent("startingTimestamp", "2024-03-10 06:57:00");
    Throwable e = catchThrowable(() -> share.read("t", range).collectAsList());
    assertThat(e).isInstanceOf(SharingException.class).hasMessageContaining(reason);
  }

  @Test
  void theExampleCountsChanges() {
    assertThat(counted(Map.of("startingVersion", "3")))
        .containsExactly(
            "{_commit_version=Long:3, _change_type=String:delete, count=Long:18}",
            "{_commit_version=Long:4, _change_type=String:insert, count=Long:18}");
    assertThat(counted(Map.of("startingVersion", "2", "endingVersion", "3")))
        .containsExactly(
            "{_commit_version=Long:2, _change_type=String:delete, count=Long:10}",
            "{_commit_version=Long:3, _change_type=String:delete, count=Long:18}");
  }

  private static List<String> counted(Map<String, String> range) {
    Dataset<Row> changes = ReadChanges.changes(SPARK, share.path("t"), range);
    return Rows.of(ReadChanges.summary(changes).drop("_commit_timestamp"));
  }

  @Test
  void anEndBehindTheLatestVersionIsTheLatestVersion() {
    Map<String, String> range = options("startingVersion", "1", "endingVersion", "77");
    Rows.assertSame(share.read("t", range), expected(range));
  }

  @Test
  void theOlderNameOfTheOptionDoes() {
    Map<String, String> old = Map.of("readChangeData", "true", "startingVersion", "2");
    Rows.assertSame(share.read("t", old), expected(options("startingVersion", "2")));
  }

  /** Two vectors of one file, each under a URL of its own, and the file: all died. */
  @ParameterizedTest
  @CsvSource({"0", "64m"})
  void urlsThatDiedAreRenewed(String prefetchMemory) throws InterruptedException {
    Map<String, String> all = options("startingVersion", "0", "prefetchMemory", prefetchMemory);
    JavaRDD<String> rdd = share.read("t", all).toJavaRDD().map(row -> row.toString());
    assertThat(rdd.getNumPartitions()).isPositive();
    share.takeRequests();
    Thread.sleep(1_200);
    List<String> expected =
        expected(options("startingVersion", "0")).toJavaRDD().map(row -> row.toString()).collect();
    assertThat(rdd.collect()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(share.takeRequests()).containsEntry("changes", 1);
  }

  @Test
  void metricsTellWhatWasReadAndLeftOut() {
    Dataset<Row> rows =
        share.read("t", options("startingVersion", "0")).where("_commit_version >= 2").toDF();
    assertThat(rows.collectAsList()).hasSize(10 + 18 + 18);
    // Of the five parts of files, two turn out to be empty when their vectors are compared.
    Map<String, Long> metrics = ScanNodes.metrics(rows, "t");
    assertThat(metrics.get("filesListed")).isEqualTo(6);
    assertThat(metrics.get("filesRead")).isEqualTo(3);
    Dataset<Row> inserts =
        share.read("t", options("startingVersion", "0")).where("_change_type = 'insert'");
    assertThat(inserts.collectAsList()).hasSize(100 + 18);
    assertThat(ScanNodes.metrics(inserts, "t").get("filesSkippedByPartition")).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "without, startingVersion, 0, records no change data",
    "unshared, startingVersion, 0, history is not shared",
    "t, startingTimestamp, 2024-03-10 07:02:00, 400"
  })
  void whatTheServerRefusesIsToldWithWhatToAsk(
      String table, String name, String value, String said) {
    Throwable e = catchThrowable(() -> share.read(table, options(name, value)).collectAsList());
    assertThat(e).isInstanceOf(SharingServerException.class);
    assertThat(e.getMessage())
        .contains("share.schema." + table, said, "'startingVersion'", "delta.enableChangeDataFeed")
        .doesNotContain("versionAsOf", TestShare.CANARY);
  }

  @Test
  void aBoundWithoutTheFeedIsRefused() {
    Throwable e =
        catchThrowable(() -> share.read("t", Map.of("startingVersion", "1")).collectAsList());
    assertThat(e)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("readChangeFeed");
    e = catchThrowable(() -> share.read("t", Map.of("endingVersion", "1")).count());
    assertThat(e)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("endingVersion");
  }

  @Test
  void aSchemaAtReadTimeIsRefused() {
    Throwable e =
        catchThrowable(
            () ->
                SPARK
                    .read()
                    .schema("id BIGINT")
                    .format("deltaSharing")
                    .options(options("startingVersion", "0"))
                    .load(share.path("t"))
                    .collectAsList());
    assertThat(e).isNotNull();
    assertThat(e.getMessage()).containsIgnoringCase("schema");
  }
}
