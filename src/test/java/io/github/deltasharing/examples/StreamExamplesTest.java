/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.StreamRuns;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of streams leave what Delta Lake says that the table holds, run after run. */
@Timeout(300)
class StreamExamplesTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final List<String> KEY = List.of("k");

  /**
   * What is written between two runs. The second stretch changes keys several times, deletes and
   * inserts some again, and changes a key itself; the third deletes and inserts the same keys in
   * one commit.
   */
  private static final List<List<String>> STRETCHES =
      List.of(
          List.of(
              "CREATE TABLE %s (k BIGINT, v STRING, p INT) USING delta TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true',"
                  + " 'delta.enableDeletionVectors' = 'true', 'delta.columnMapping.mode' = 'name')",
              "INSERT INTO %s SELECT /*+ REPARTITION(2) */ id, concat('v', id), int(id %% 3) FROM range(0, 40)"),
          List.of(
              "UPDATE %s SET v = 'new' WHERE k %% 5 = 1",
              "DELETE FROM %s WHERE k %% 10 = 2",
              "MERGE INTO %s t USING (SELECT id AS k FROM range(25, 45)) s ON t.k = s.k"
                  + " WHEN MATCHED AND t.k %% 2 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET v = 'm'"
                  + " WHEN NOT MATCHED THEN INSERT (k, v, p) VALUES (s.k, 'i', 1)",
              "UPDATE %s SET k = k + 1000 WHERE k = 7"),
          List.of(
              "RESTORE TABLE %s TO VERSION AS OF 2",
              "INSERT OVERWRITE %s SELECT id, concat('o', id), 1 FROM range(10, 60, 1, 1)"),
          List.of(
              "ALTER TABLE %s ADD COLUMNS (w INT)",
              "UPDATE %s SET w = 1 WHERE k = 20", "INSERT INTO %s VALUES (500, 'wide', 1, 2)"));

  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void share() {
    StreamRuns.interpret(true);
    share = TestShare.withHistory(directory, List.of("t"));
  }

  @AfterAll
  static void stop() {
    share.close();
    StreamRuns.interpret(false);
  }

  private static void write(String statement) {
    SPARK.sql(statement.formatted("delta.`" + path("t") + "`"));
  }

  private static Dataset<Row> changes() {
    return KeepCopy.changes(SPARK, share.path("t"));
  }

  private static Dataset<Row> delta(String path) {
    return SPARK.read().format("delta").load(path);
  }

  private static String path(String name) {
    return directory.resolve(name).toString();
  }

  /** Reads what is new, and stops: every time from the checkpoint alone. */
  private static void run(
      VoidFunction2<Dataset<Row>, Long> copy, String checkpoint, Dataset<Row> changes)
      throws Exception {
    KeepCopy.into(copy, path(checkpoint), changes)
        .trigger(Trigger.AvailableNow())
        .start()
        .awaitTermination();
  }

  /** Does a batch, and dies before Spark hears of it. */
  private static VoidFunction2<Dataset<Row>, Long> dying(
      long last, VoidFunction2<Dataset<Row>, Long> copy) {
    return (changes, batch) -> {
      copy.call(changes, batch);
      if (batch == last) {
        throw new IllegalStateException("died after batch " + batch);
      }
    };
  }

  @Test
  void ofSeveralChangesOfAKeyTheLastCounts() {
    Dataset<Row> changes =
        SPARK.sql(
            """
            SELECT * FROM VALUES
              (1, 'insert', 1, 'a'), (1, 'update_preimage', 2, 'a'), (1, 'update_postimage', 2, 'b'),
              (2, 'update_postimage', 9, 'c'), (2, 'delete', 10, 'c'),
              (3, 'delete', 4, 'd'), (3, 'insert', 5, 'e'),
              (4, 'insert', 6, 'f'), (4, 'delete', 6, 'g'),
              (5, 'update_preimage', 7, 'h'), (6, 'update_postimage', 7, 'h')
            AS t(k, _change_type, _commit_version, v)""");
    Dataset<Row> latest = LatestChanges.of(changes, KEY);
    assertThat(Rows.of(latest.selectExpr("concat(k, _change_type, v)")))
        .extracting(row -> row.replaceAll(".*String:(.*)}", "$1"))
        .containsExactly(
            "1update_postimageb",
            "2deletec",
            "3inserte",
            "4insertf",
            "5update_preimageh",
            "6update_postimageh");
    assertThat(
            LatestChanges.rows(latest.withColumn("_commit_timestamp", functions.lit(0))).columns())
        .containsExactly("k", "v");
    assertThat(LatestChanges.rows(latest).count()).isEqualTo(4);
  }

  @Test
  void whatTheyLeaveIsTheTableAndItsChangesAfterEachRun() throws Exception {
    ParquetCopy parquet = new ParquetCopy(path("parquet"), KEY);
    DeltaCopy delta = new DeltaCopy(path("delta"), KEY);
    assertThatThrownBy(() -> parquet.read(SPARK)).hasMessageContaining("No batch is finished");
    long archived = 0;
    for (int i = 0; i < STRETCHES.size(); i++) {
      STRETCHES.get(i).forEach(StreamExamplesTest::write);
      // All commits in one batch, and each in one of its own.
      Dataset<Row> one =
          StreamRuns.shared(
              share, "t", Map.of("readChangeFeed", "true", "maxFilesPerTrigger", "1"));
      if (i == 1) {
        assertThatThrownBy(() -> run(dying(1, delta), "delta-checkpoint", changes()))
            .hasStackTraceContaining("died after batch 1");
        assertThatThrownBy(() -> run(dying(2, parquet), "parquet-checkpoint", one))
            .hasStackTraceContaining("died after batch 2");
      }
      if (i == 2) {
        assertThatThrownBy(
                () -> run(new ParquetCopy(path("lost"), KEY), "parquet-checkpoint", changes()))
            .hasStackTraceContaining("the checkpoint is not the copy's");
      }
      run(delta, "delta-checkpoint", changes());
      Rows.assertSame(delta(path("delta")), delta(path("t")));
      run(parquet, "parquet-checkpoint", i == 1 ? one : changes());
      Rows.assertSame(parquet.read(SPARK), delta(path("t")));
      archived += archivesAllButWhatWasArchived(archived);
    }
    anotherCheckpointIsNotTakenForTheCopys(parquet);
  }

  private static long archivesAllButWhatWasArchived(long before) throws Exception {
    // The snapshot that the first night reads is what the table's first commit inserted.
    Dataset<Row> all =
        SPARK
            .read()
            .format("delta")
            .option("readChangeFeed", "true")
            .option("startingVersion", "0")
            .load(path("t"));
    long added = night();
    assertThat(added).isPositive().isEqualTo(all.count() - before);
    assertThat(night()).isZero();
    Rows.assertSame(
        SPARK.read().option("mergeSchema", "true").parquet(path("archive")).select(columns(all)),
        all);
    return added;
  }

  private static Column[] columns(Dataset<Row> data) {
    return Stream.of(data.columns()).map(functions::col).toArray(Column[]::new);
  }

  private static long night() throws Exception {
    return NightlyChanges.archive(
        SPARK, share.path("t"), path("archive"), path("archive-checkpoint"));
  }

  private static void anotherCheckpointIsNotTakenForTheCopys(ParquetCopy copy) throws Exception {
    assertThat(names("parquet")).hasSize(2);
    assertThatThrownBy(() -> run(copy, "another", changes()))
        .hasStackTraceContaining("the checkpoint is not the copy's");
    run(new DeltaCopy(path("delta"), KEY), "another-for-delta", changes());
    Rows.assertSame(delta(path("delta")), delta(path("t")));
    // What a crash left of a later batch is not read.
    Files.createDirectories(directory.resolve("parquet/batch-99"));
    Rows.assertSame(copy.read(SPARK), delta(path("t")));
  }

  private static List<String> names(String name) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(name))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
