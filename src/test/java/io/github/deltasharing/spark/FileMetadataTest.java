/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The hidden column {@code _metadata}, on tables with and without deleted rows, compared with
 * Spark's own.
 */
class FileMetadataTest {
  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void write() {
    SparkSession spark = TestSpark.session();
    for (String table : List.of("plain", "deleted")) {
      spark.sql(
          "CREATE TABLE delta.`%s` (id BIGINT, v STRING, p INT) USING delta PARTITIONED BY (p) TBLPROPERTIES"
                  .formatted(directory.resolve(table))
              + " ('delta.enableDeletionVectors' = 'true')");
      spark
          .range(0, 30_000, 1, 1)
          .selectExpr("id", "sha2(string(id), 256) AS v", "CAST(id % 2 AS INT) AS p")
          .write()
          .format("delta")
          .mode("append")
          .option("parquet.block.size", "200000")
          .save(directory.resolve(table).toString());
    }
    spark.sql("DELETE FROM delta.`" + directory.resolve("deleted") + "` WHERE id % 7 = 3");
    spark.sql(
        "CREATE TABLE delta.`" + directory.resolve("own") + "` (_metadata INT, b INT) USING delta");
    spark.sql("INSERT INTO delta.`" + directory.resolve("own") + "` VALUES (1, 2)");
    spark.range(3).write().format("delta").save(directory.resolve("flat").toString());
    share = TestShare.of(directory, List.of("plain", "deleted", "own", "flat"));
  }

  @AfterAll
  static void stop() {
    share.close();
  }

  @AfterEach
  void reset() {
    TestSpark.session().conf().unset("spark.sql.parquet.enableVectorizedReader");
    TestSpark.session().conf().unset("spark.sql.files.maxPartitionBytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain, true", "plain, false", "deleted, true", "deleted, false"})
  void sizeAndPositionAreThoseThatSparkSees(String tableAndWay) {
    String table = tableAndWay.split(", ", -1)[0];
    TestSpark.session()
        .conf()
        .set("spark.sql.parquet.enableVectorizedReader", tableAndWay.endsWith("true"));
    TestSpark.session().conf().set("spark.sql.files.maxPartitionBytes", "128k");
    Dataset<Row> spark =
        TestSpark.session().read().format("delta").load(directory.resolve(table).toString());
    String[] columns = {"id", "_metadata.row_index AS i", "_metadata.file_size AS s", "p"};
    Rows.assertSame(share.read(table).selectExpr(columns), spark.selectExpr(columns));
    Rows.assertSame(
        share.read(table).selectExpr("max(_metadata.row_index) AS m", "count(*) AS c"),
        spark.selectExpr("max(_metadata.row_index) AS m", "count(*) AS c"));
    assertThat(share.read(table).select("_metadata.file_id").distinct().count()).isEqualTo(2);
    assertThat(share.read(table).selectExpr("_metadata").filter("_metadata.row_index < 10").count())
        .isEqualTo(spark.filter("_metadata.row_index < 10").count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain, true", "plain, false", "deleted, true", "deleted, false"})
  void filesAreToldAsSparkTellsItsOwn(String tableAndWay) {
    String table = tableAndWay.split(", ", -1)[0];
    SparkSession session = TestSpark.session();
    session.conf().set("spark.sql.parquet.enableVectorizedReader", tableAndWay.endsWith("true"));
    session.conf().set("spark.sql.files.maxPartitionBytes", "256m");
    session.conf().set("spark.sql.files.minPartitionNum", "1");
    try {
      String[] columns = {
        "id",
        "_metadata.file_modification_time AS t",
        "_metadata.file_block_start AS s",
        "_metadata.file_block_length AS l"
      };
      Rows.assertSame(
          share.read(table, Map.of("responseFormat", "delta")).selectExpr(columns),
          session
              .read()
              .format("delta")
              .load(directory.resolve(table).toString())
              .selectExpr(columns));
      // Both files come in one task, rows of each under its own name.
      String path = "delta-sharing:///share.schema." + table + "/";
      Dataset<Row> paths =
          share
              .read(table)
              .selectExpr(
                  "p",
                  "input_file_name() AS i",
                  "_metadata.file_path AS m",
                  "concat('" + path + "', _metadata.file_id) AS d",
                  "concat('" + path + "', _metadata.file_name) AS n");
      assertThat(paths.rdd().getNumPartitions()).isEqualTo(1);
      assertThat(paths.where("i = m AND m = d AND d = n").count())
          .isEqualTo(share.read(table).count());
      List<Row> files = paths.select("p", "i").distinct().collectAsList();
      assertThat(files).hasSize(2);
      Rows.assertSame(
          share.read(table).selectExpr("p", "input_file_name() AS i").distinct(),
          paths.select("p", "i").distinct());
    } finally {
      session.conf().unset("spark.sql.files.minPartitionNum");
    }
  }

  @Test
  void theTimeIsNullWhereTheServerDoesNotTell() {
    Dataset<Row> read = share.read("own", Map.of());
    assertThat(read.selectExpr("input_file_name()").collectAsList().get(0).getString(0))
        .startsWith("delta-sharing:///share.schema.own/")
        .doesNotContain("?");
    assertThat(
            share
                .read("deleted", Map.of("responseFormat", "delta"))
                .where("_metadata.file_modification_time IS NULL")
                .count())
        .isZero();
    assertThat(share.read("flat").where("_metadata.file_modification_time IS NOT NULL").count())
        .isZero();
  }

  @Test
  void itIsNotPartOfAllColumns() {
    assertThat(share.read("plain").columns()).containsExactly("id", "v", "p");
    assertThat(share.read("plain").selectExpr("*", "_metadata.file_id").columns())
        .containsExactly("id", "v", "p", "file_id");
    assertThatThrownBy(() -> share.read("plain").select("_metadata.nope"))
        .isInstanceOf(AnalysisException.class);
  }

  @Test
  void aTablesOwnColumnOfThatNameWins() {
    assertThat(share.read("own").select("_metadata").collectAsList().get(0).getInt(0)).isEqualTo(1);
  }
}
