/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.StreamRuns;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import io.github.deltasharing.testing.WatchedShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code <table>.changes}: the rows that Delta Lake reads of the whole history under the same
 * filter, and the range that is asked of the server.
 */
class CatalogChangesTest {
  private static final SparkSession SPARK = TestSpark.session();

  /** Version n was committed n hours and n milliseconds later. */
  private static final Instant FIRST = Instant.parse("2024-03-30T22:00:00Z");

  private static final int LATEST = 6;

  private static final Map<String, Dataset<Row>> ALL = new HashMap<>();

  @TempDir static Path directory;
  static WatchedShare share;

  @BeforeAll
  static void writeAndShare() throws IOException {
    StreamRuns.interpret(true);
    for (String table : List.of("plain", "vectors")) {
      String name = "delta.`" + directory.resolve(table) + "`";
      SPARK.sql(
          "CREATE TABLE %s (id BIGINT, v STRING) USING delta TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true', 'delta.enableDeletionVectors' = '%s')"
              .formatted(name, table.equals("vectors")));
      SPARK.sql(
          "INSERT INTO " + name + " SELECT /*+ COALESCE(1) */ id, concat('v', id) FROM range(8)");
      SPARK.sql("UPDATE " + name + " SET v = 'new' WHERE id = 2");
      SPARK.sql("DELETE FROM " + name + " WHERE id = 3");
      SPARK.sql("INSERT INTO " + name + " VALUES (100, 'x')");
      SPARK.sql("DELETE FROM " + name + " WHERE id IN (100, 4)");
      SPARK.sql("INSERT INTO " + name + " VALUES (200, 'y')");
      for (int version = 0; version <= LATEST; version++) {
        Files.setLastModifiedTime(
            directory.resolve(table).resolve("_delta_log/%020d.json".formatted(version)),
            FileTime.from(FIRST.plusSeconds(3600L * version).plusMillis(version)));
      }
    }
    share =
        new WatchedShare(TestShare.withHistory(directory, List.of("plain", "vectors")), directory);
    TestCatalogs.add("feed", share.profile(), Map.of());
  }

  @AfterAll
  static void stop() {
    StreamRuns.interpret(false);
    share.close();
  }

  @BeforeEach
  void forget() {
    share.takeRequests();
  }

  @AfterEach
  void resetZone() {
    SPARK.conf().set("spark.sql.session.timeZone", "UTC");
  }

  private static Dataset<Row> delta(String table) {
    return SPARK
        .read()
        .format("delta")
        .option("readChangeFeed", "true")
        .option("startingVersion", 0)
        .load(directory.resolve(table).toString());
  }

  /** What Delta Lake reads without a filter: filters of it are Spark's alone. */
  private static Dataset<Row> inMemory(String table) {
    Dataset<Row> all = delta(table);
    return SPARK.createDataFrame(all.collectAsList(), all.schema());
  }

  private static Dataset<Row> changes(String table) {
    return SPARK.table("feed.share.schema." + table + ".changes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "_commit_version < 3",
        "_commit_version <= 3",
        "_commit_version > 2",
        "_commit_version >= 2",
        "3 < _commit_version",
        "_commit_version = 2",
        "_commit_version <=> 2",
        "_commit_version BETWEEN 2 AND 4",
        "_commit_version NOT BETWEEN 2 AND 4",
        "_commit_version IN (1, 4)",
        "_commit_version IN (4, NULL)",
        "_commit_version NOT IN (1, 2)",
        "_commit_version != 3",
        "NOT (_commit_version < 3)",
        "_commit_version = 1 OR _commit_version = 4",
        "_commit_version > 4 OR _commit_version < 2",
        "_commit_version = 1 OR id = 200",
        "(_commit_version >= 3 AND id > 5) OR (_commit_version = 2 AND _change_type = 'update_preimage')",
        "_commit_version > 2.5",
        "_commit_version >= '3'",
        "CAST(_commit_version AS STRING) = '3'",
        "_commit_version + 1 > 4",
        "_commit_version % 2 = 0",
        "_commit_version > 100",
        "_commit_version >= 9223372036854775807",
        "_commit_version < 0",
        "_commit_version >= -5",
        "_commit_version > 3 AND _commit_version < 3",
        "_commit_version > 3 AND _commit_version < 5 AND id < 1000",
        "_commit_version IS NULL",
        "_commit_version IS NOT NULL AND _change_type = 'delete'",
        "_commit_version = (SELECT 4)",
        "_commit_version IN (SELECT explode(array(2, 5)))",
        "_change_type IN ('insert', 'delete') AND _commit_version <= 4"
      })
  void filtersOfVersionsLeaveTheRowsThatTheyShould(String filter) {
    assertSameRows(filter);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_commit_timestamp < TIMESTAMP'2024-03-31 01:00:00.003Z'",
        "_commit_timestamp <= TIMESTAMP'2024-03-31 01:00:00.003Z'",
        "_commit_timestamp > TIMESTAMP'2024-03-31 01:00:00.003Z'",
        "_commit_timestamp >= TIMESTAMP'2024-03-31 01:00:00.003Z'",
        "_commit_timestamp = TIMESTAMP'2024-03-31 01:00:00.003Z'",
        "_commit_timestamp >= TIMESTAMP'2024-03-31 01:00:00.003001Z'",
        "_commit_timestamp <= TIMESTAMP'2024-03-31 01:00:00.002999Z'",
        "_commit_timestamp >= TIMESTAMP'2024-03-31 01:00:00.002Z'",
        "_commit_timestamp <= TIMESTAMP'2024-03-31 01:00:00.004Z'",
        "_commit_timestamp BETWEEN TIMESTAMP'2024-03-31 00:00:00.002Z' AND TIMESTAMP'2024-03-31 02:00:00.004Z'",
        "_commit_timestamp >= TIMESTAMP'2024-03-31 03:00:00.003+02:00'",
        "_commit_timestamp < TIMESTAMP'2024-03-31 02:30:00 Europe/Berlin'",
        "_commit_timestamp > '2024-03-31 01:00:00'",
        "_commit_timestamp >= TIMESTAMP_NTZ'2024-03-31 01:00:00.003'",
        "_commit_timestamp < DATE'2024-03-31'",
        "_commit_timestamp >= DATE'2024-03-31'",
        "date(_commit_timestamp) = DATE'2024-03-31'",
        "hour(_commit_timestamp) >= 1",
        "_commit_timestamp IN (TIMESTAMP'2024-03-31 00:00:00.002Z', TIMESTAMP'2024-03-31 03:00:00.005Z')",
        "_commit_timestamp < TIMESTAMP'2024-03-30 23:30:00Z' OR _commit_timestamp > TIMESTAMP'2024-03-31 02:30:00Z'",
        "_commit_timestamp < TIMESTAMP'2024-03-30 23:30:00Z' OR _commit_version = 4",
        "_commit_timestamp > TIMESTAMP'2024-03-31 00:30:00Z' AND _commit_version <= 4",
        "_commit_timestamp < TIMESTAMP'2024-03-31 03:30:00Z' AND _commit_version >= 2",
        "_commit_timestamp > TIMESTAMP'2024-03-31 02:30:00Z' AND _commit_timestamp < TIMESTAMP'2024-03-31 00:30:00Z'",
        "_commit_timestamp > TIMESTAMP'9999-12-31 23:59:59Z'",
        "_commit_timestamp <= current_timestamp()",
        "_commit_timestamp < TIMESTAMP'1970-01-01 00:00:00Z'",
        "_commit_timestamp > TIMESTAMP'0001-01-01 00:00:00Z'",
        "_commit_timestamp > TIMESTAMP'+294000-01-01 00:00:00Z'",
        "_commit_timestamp < TIMESTAMP'+294000-01-01 00:00:00Z'",
        "unix_millis(_commit_timestamp) % 2 = 0"
      })
  void filtersOfTimesLeaveTheRowsThatTheyShould(String filter) {
    assertSameRows(filter);
    SPARK.conf().set("spark.sql.session.timeZone", "Europe/Berlin");
    assertSameRows(filter);
  }

  private static void assertSameRows(String filter) {
    for (String table : List.of("plain", "vectors")) {
      List<String> expected =
          Rows.of(ALL.computeIfAbsent(table, name -> inMemory(name)).where(filter));
      assertThat(Rows.of(changes(table).where(filter))).as(table).isEqualTo(expected);
    }
  }

  /** All but the first request, which is for metadata. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          _commit_version >= 2                     | 2..    |
          _commit_version > 2 AND id = 1           | 3..    |
          _commit_version = 4                      | 4..4   |
          _commit_version BETWEEN 2 AND 4          | 2..4   |
          _commit_version = 5 OR _commit_version = 3 | 3..5 |
          _commit_version IN (5, 3)                | 3..5   |
          _commit_version > 100                    | 6..    |
          true                                     | 0..    | 1970-01-01T00:00:00Z
          _commit_version <= 3                     | 0..3   | 1970-01-01T00:00:00Z
          _commit_timestamp >= TIMESTAMP'2024-03-31 01:00:00.003Z' | 3.. | 2024-03-31T01:00:00.003Z
          _commit_timestamp >= TIMESTAMP'2024-03-31 01:00:00.003Z' AND _commit_version <= 4 | 3..4 | 2024-03-31T01:00:00.003Z
          _commit_timestamp BETWEEN TIMESTAMP'2024-03-31 00:00:00.002Z' AND TIMESTAMP'2024-03-31 02:00:00.004Z' | 2..4 | 2024-03-31T00:00:00.002Z 2024-03-31T02:00:00.005Z
          _commit_timestamp > TIMESTAMP'2030-01-01 00:00:00Z' | 0.. | 2030-01-01T00:00:00Z 1970-01-01T00:00:00Z
          """)
  void filtersSetTheRangeThatIsAsked(String filter, String range, String times) {
    changes("plain").where(filter).collectAsList();
    List<String> requests = share.takeRequests();
    assertThat(requests.get(0)).isEqualTo("plain/metadata");
    String[] asked = times == null ? new String[0] : times.split(" ");
    for (int i = 0; i < asked.length; i++) {
      assertThat(requests.get(i + 1)).isEqualTo("plain/version?startingTimestamp=" + asked[i]);
    }
    String[] ends = range.split("\\.\\.");
    String parameters =
        "startingVersion=" + ends[0] + (ends.length == 1 ? "" : "&endingVersion=" + ends[1]);
    assertThat(requests).hasSize(asked.length + 2);
    assertThat(requests.get(asked.length + 1)).startsWith("plain/changes?" + parameters + "&");
    assertThat(requests.get(asked.length + 1).contains("endingVersion")).isEqualTo(ends.length > 1);
  }

  @Test
  void whatCanHaveNoRowsAsksNothing() {
    for (String filter :
        List.of("_commit_version < 0", "_commit_version > 3 AND _commit_version < 3")) {
      assertThat(changes("plain").where(filter).collectAsList()).isEmpty();
      assertThat(share.takeRequests()).containsExactly("plain/metadata");
    }
  }

  @Test
  void optionsGiveTheRangeToo() {
    Dataset<Row> changes =
        SPARK
            .read()
            .option("startingVersion", 2)
            .option("endingVersion", "4")
            .table("feed.share.schema.plain.changes");
    assertThat(Rows.of(changes))
        .isEqualTo(Rows.of(delta("plain").where("_commit_version BETWEEN 2 AND 4")));
    assertThat(share.takeRequests()).anyMatch(r -> r.contains("startingVersion=2&endingVersion=4"));
    Dataset<Row> byTime =
        SPARK
            .read()
            .option("startingTimestamp", "2024-03-31 01:00:00.003")
            .table("feed.share.schema.plain.changes")
            .where("_commit_version <= 5");
    assertThat(Rows.of(byTime))
        .isEqualTo(Rows.of(delta("plain").where("_commit_version BETWEEN 3 AND 5")));
  }

  @Test
  void contradictionsAreRefused() {
    assertThatThrownBy(
            () -> SPARK.sql("SELECT * FROM feed.share.schema.plain.changes VERSION AS OF 2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("feed.share.schema.plain.changes")
        .hasMessageContaining("WHERE _commit_version");
    assertThatThrownBy(
            () ->
                SPARK
                    .read()
                    .option("versionAsOf", 2)
                    .table("feed.share.schema.plain.changes")
                    .collectAsList())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                SPARK
                    .read()
                    .option("startingVersion", 1)
                    .option("startingTimestamp", "2024-01-01")
                    .table("feed.share.schema.plain.changes")
                    .collectAsList())
        .hasMessageContaining("startingVersion")
        .hasMessageContaining("startingTimestamp");
    assertThatThrownBy(
            () ->
                SPARK
                    .read()
                    .option("startingVersion", "latest")
                    .table("feed.share.schema.plain.changes")
                    .collectAsList())
        .hasMessageContaining("latest");
    assertThatThrownBy(
            () ->
                SPARK
                    .read()
                    .option("readChangeFeed", "true")
                    .option("startingVersion", "1")
                    .table("feed.share.schema.plain")
                    .collectAsList())
        .hasMessageContaining("readChangeFeed")
        .hasMessageContaining("<table>.changes");
    assertThatThrownBy(
            () ->
                SPARK
                    .read()
                    .option("startingVersion", "1")
                    .table("feed.share.schema.plain")
                    .collectAsList())
        .hasMessageContaining("startingVersion");
  }

  @Test
  void aJoinOfChangesWithThemselvesListsThemOnce() {
    Dataset<Row> changes = changes("plain").where("_commit_version >= 1");
    Dataset<Row> joined =
        changes.as("a").join(changes.as("b"), "_commit_version").selectExpr("count(*)");
    Dataset<Row> expected = delta("plain").where("_commit_version >= 1");
    expected = expected.as("a").join(expected.as("b"), "_commit_version").selectExpr("count(*)");
    share.takeRequests();
    assertThat(Rows.of(joined)).isEqualTo(Rows.of(expected));
    assertThat(share.takeRequests()).hasSize(1).allMatch(r -> r.startsWith("plain/changes?"));
  }

  @Test
  void aPlanShowsTheVersions() {
    assertThat(
            changes("plain")
                .where("_commit_version BETWEEN 2 AND 4")
                .queryExecution()
                .executedPlan()
                .toString())
        .contains("from version 2 to version 4");
  }
}
