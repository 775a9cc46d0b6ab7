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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code <table>.files}, compared with what Delta Lake's own snapshot says of its files. */
class CatalogFilesTest {
  private static final SparkSession SPARK = TestSpark.session();

  @TempDir static Path directory;
  static TestShare share;

  static List<String> tables() {
    return List.of("plain", "parts", "mapped", "vectors", "empty", "many");
  }

  private static void sql(String statement, String table) {
    SPARK.sql(statement.replace("$t", "delta.`" + directory.resolve(table) + "`"));
  }

  @BeforeAll
  static void writeAndShare() {
    StreamRuns.interpret(true);
    sql("CREATE TABLE $t USING delta AS SELECT id, id * 2 AS v FROM range(0, 1000)", "plain");
    sql("UPDATE $t SET v = -1 WHERE id % 10 = 0", "plain");
    sql("DELETE FROM $t WHERE id % 10 = 1", "plain");
    sql("CREATE TABLE $t (id INT) USING delta", "empty");
    sql(
        "CREATE TABLE $t (id BIGINT, p STRING, d DATE, n INT, t TIMESTAMP, b BOOLEAN, m DECIMAL(5, 2))"
            + " USING delta PARTITIONED BY (p, d, n, t, b, m)",
        "parts");
    sql(
        """
        INSERT INTO $t VALUES (1, 'a b', DATE'2024-02-29', -1, TIMESTAMP'2024-01-01 01:02:03.456789', true, 1.50),
          (2, 'x/y=%zq', NULL, 2, NULL, false, NULL), (3, NULL, DATE'0001-01-01', NULL, TIMESTAMP'1969-12-31 23:59:59', NULL, -0.01),
          (4, 'ünï', DATE'9999-12-31', 3, NULL, true, 999.99)""",
        "parts");
    sql(
        "CREATE TABLE $t (a INT, s STRUCT<x: INT, `y.z`: STRING>, p STRING) USING delta PARTITIONED BY (p)"
            + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')",
        "mapped");
    sql("INSERT INTO $t VALUES (1, named_struct('x', 1, 'y.z', 'c'), 'one')", "mapped");
    sql("ALTER TABLE $t RENAME COLUMN a TO `a, renamed`", "mapped");
    sql("ALTER TABLE $t RENAME COLUMN p TO `p renamed`", "mapped");
    sql("INSERT INTO $t VALUES (2, NULL, NULL)", "mapped");
    sql(
        "CREATE TABLE $t (id BIGINT, p INT) USING delta PARTITIONED BY (p)"
            + " TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')",
        "vectors");
    sql("INSERT INTO $t SELECT id, CAST(id % 3 AS INT) FROM range(0, 900)", "vectors");
    sql("DELETE FROM $t WHERE id % 10 = 3", "vectors");
    SPARK
        .range(0, 2_002, 1, 1_001)
        .write()
        .format("delta")
        .save(directory.resolve("many").toString());
    share = TestShare.withHistory(directory, tables());
    TestCatalogs.add("filed", share.profile(), Map.of());
    TestCatalogs.add("filed_delta", share.profile(), Map.of("responseFormat", "delta"));
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

  private static Dataset<Row> files(String table) {
    return SPARK.table("filed.share.schema." + table + ".files");
  }

  private static Dataset<Row> added(String table) {
    return DeltaLog.forTable(SPARK, directory.resolve(table).toString())
        .update(false, scala.Option.empty(), scala.Option.empty())
        .allFiles()
        .toDF();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void everyFileIsThereWithWhatTheLogSaysOfIt(String table) {
    Dataset<Row> expected =
        added(table)
            .selectExpr(
                "size",
                "CAST(get_json_object(stats, '$.numRecords') AS BIGINT) AS record_count",
                "coalesce(deletionVector.cardinality, 0) AS deleted_record_count");
    Dataset<Row> actual = files(table).select("size", "record_count", "deleted_record_count");
    assertThat(Rows.of(actual)).isNotNull().isEqualTo(Rows.of(expected));
    assertThat(files(table).select("file_id").distinct().count()).isEqualTo(expected.count());
    // The rows that are there are what files have without what was deleted.
    long rows = SPARK.table("filed.share.schema." + table).count();
    long summed =
        actual.collectAsList().stream().mapToLong(row -> row.getLong(1) - row.getLong(2)).sum();
    assertThat(summed).isEqualTo(rows);
  }

  /** Partition values as typed columns: those that the rows of the table have. */
  @ParameterizedTest
  @ValueSource(strings = {"parts", "mapped", "vectors"})
  void partitionValuesAreTyped(String table) {
    Dataset<Row> partition = files(table).select("partition.*");
    String[] columns =
        Arrays.stream(partition.columns()).map(column -> "`" + column + "`").toArray(String[]::new);
    assertThat(columns).isNotEmpty();
    Dataset<Row> rows =
        SPARK
            .read()
            .format("delta")
            .load(directory.resolve(table).toString())
            .selectExpr(columns)
            .distinct();
    assertThat(partition.schema().simpleString()).isEqualTo(rows.schema().simpleString());
    assertThat(Rows.of(partition.distinct())).isEqualTo(Rows.of(rows));
  }

  @Test
  void statisticsAreByColumn() {
    Dataset<Row> expected =
        added("plain")
            .selectExpr(
                "get_json_object(stats, '$.minValues.id') AS least",
                "get_json_object(stats, '$.maxValues.v') AS most",
                "CAST(get_json_object(stats, '$.nullCount.v') AS BIGINT) AS nulls");
    Dataset<Row> actual =
        files("plain")
            .selectExpr(
                "min_values['id'] AS least",
                "max_values['v'] AS most",
                "null_counts['v'] AS nulls");
    assertThat(Rows.of(actual)).isEqualTo(Rows.of(expected));
    assertThat(Rows.of(expected)).hasSize(2).noneMatch(row -> row.contains("=null"));
  }

  /** Names as users have them, of nested columns too; physical ones are nobody's business. */
  @Test
  void mappedColumnsHaveTheirNames() {
    List<Row> keys =
        files("mapped")
            .selectExpr("explode(map_keys(null_counts)) AS k")
            .distinct()
            .collectAsList();
    assertThat(keys)
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("`a, renamed`", "s.x", "s.`y.z`");
  }

  @Test
  void filtersOnPartitionsGoToTheServerAndAreExact() {
    Dataset<Row> all = files("parts");
    for (String filter :
        List.of(
            "partition.p = 'a b'",
            "partition.p = 'x/y=%zq'",
            "partition.p IS NULL",
            "partition.p IS NOT NULL",
            "partition.n > 1",
            "partition.n IN (2, 3) AND partition.b",
            "partition.d < DATE'2024-03-01'",
            "partition.t >= TIMESTAMP'2024-01-01 01:02:03.456789'",
            "partition.m = 1.5",
            "NOT (partition.n = 2)")) {
      Dataset<Row> some = all.where(filter);
      // Of the same rows, without pushdown.
      Dataset<Row> expected =
          SPARK.createDataFrame(all.collectAsList(), all.schema()).where(filter);
      assertThat(Rows.of(some)).as(filter).isNotEmpty().isEqualTo(Rows.of(expected));
      assertThat(some.queryExecution().executedPlan().toString())
          .as(filter)
          .contains("by partition values");
      assertThat(some.collectAsList().size()).as(filter).isLessThan(4);
    }
    String column = "partition.p";
    assertThat(Rows.of(all.where(column + " IS NULL OR size > 0"))).isEqualTo(Rows.of(all));
    assertThat(Rows.of(all.where("size < 0"))).isEmpty();
  }

  @Test
  void aReadIsOneMetadataAndOneQueryRequestAndNoFile() {
    assertThat(files("many").collectAsList()).hasSize(1_001);
    assertThat(share.takeRequests()).isEqualTo(Map.of("metadata", 1, "query", 1));
    // With the table itself: one listing for both.
    assertThat(
            SPARK
                .sql(
                    "SELECT (SELECT count(*) FROM filed.share.schema.plain),"
                        + " (SELECT sum(record_count) FROM filed.share.schema.plain.files)")
                .collectAsList())
        .allMatch(row -> row.getLong(0) == row.getLong(1));
    assertThat(share.takeRequests()).isEqualTo(Map.of("metadata", 2, "query", 1));
  }

  @Test
  void versionsHaveTheirFiles() {
    for (int version = 0; version < 3; version++) {
      long expected =
          DeltaLog.forTable(SPARK, directory.resolve("plain").toString())
              .getSnapshotAt(version, scala.Option.empty(), scala.Option.empty())
              .numOfFiles();
      Dataset<Row> files =
          SPARK.sql("SELECT * FROM filed.share.schema.plain.files VERSION AS OF " + version);
      assertThat(files.collectAsList())
          .hasSize((int) expected)
          .allMatch(row -> row.getAs("table_version") instanceof Long);
      assertThat(files.select("table_version").distinct().collectAsList())
          .extracting(row -> row.getLong(0))
          .containsExactly((long) version);
    }
  }

  @Test
  void deltaFormatSaysWhenFilesWereWritten() {
    Dataset<Row> expected =
        added("plain")
            .selectExpr("size", "timestamp_millis(modificationTime) AS modification_time");
    Dataset<Row> actual =
        SPARK.table("filed_delta.share.schema.plain.files").select("size", "modification_time");
    assertThat(Rows.of(actual)).isEqualTo(Rows.of(expected));
  }

  @Test
  void noSecretIsShown() {
    for (Row row : files("parts").collectAsList()) {
      assertThat(row.toString())
          .doesNotContain("http", "signature", TestShare.CANARY, ".parquet", share.profile() + "");
    }
  }

  @Test
  void aStreamIsRefusedByName() {
    assertThatThrownBy(
            () ->
                SPARK
                    .readStream()
                    .table("filed.share.schema.plain.files")
                    .writeStream()
                    .format("noop")
                    .option("checkpointLocation", directory.resolve("ck").toString())
                    .start()
                    .processAllAvailable())
        .hasStackTraceContaining("filed.share.schema.plain.files")
        .hasStackTraceContaining("the list of a table's files is for batch reads");
  }
}
