/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether a struct is null, and how many elements an array or a map of structs has, where all that
 * is read of it are fields that are newer than the file. Delta Lake without nested pruning says
 * what is right: with it, it loses them on Spark 3.5.
 */
class NestedPresenceTest {
  private static final String PRUNING = "spark.sql.optimizer.nestedSchemaPruning.enabled";
  private static final String VECTORS = "spark.sql.parquet.enableVectorizedReader";

  /** Over the view {@code t}. */
  private static final List<String> QUERIES =
      List.of(
          "SELECT id, c IS NULL, c.y FROM t",
          "SELECT id, c.y FROM t WHERE c IS NOT NULL",
          "SELECT count(e.y), count(*) FROM (SELECT explode(arr) AS e FROM t)",
          "SELECT sum(size(arr.y)) FROM t",
          "SELECT id, arr.y, size(arr.y), arr[1].y FROM t",
          "SELECT id, map_values(m).y FROM t",
          "SELECT id, m['k'].y, m['k'] IS NULL FROM t",
          "SELECT id, map_keys(m) FROM t",
          "SELECT id, r IS NULL, r.y FROM t",
          "SELECT id, d IS NULL, d.i IS NULL, d.i.y FROM t",
          "SELECT id, d.i.y, d.z IS NULL FROM t",
          "SELECT id, d.n IS NULL, d.n.q FROM t",
          "SELECT id, w IS NULL, w.y FROM t WHERE id > 1",
          "SELECT id, C.Y, C IS NULL FROM t",
          "SELECT id, deep.l.s.y, size(deep.l.s) FROM t",
          "SELECT * FROM t");

  @TempDir static Path directory;
  private static TestShare share;

  @BeforeAll
  static void write() {
    List<String> tables = new ArrayList<>();
    for (String mode : new String[] {"none", "name", "id"}) {
      String table = "delta.`" + directory.resolve(mode) + "`";
      sql(
          "CREATE TABLE "
              + table
              + " (id BIGINT, c STRUCT<x: INT>, arr ARRAY<STRUCT<x: INT>>, m MAP<STRING, STRUCT<x:"
              + " INT>>, r STRUCT<x: STRING> NOT NULL, d STRUCT<i: STRUCT<x: INT>, z: STRING>,"
              + " w STRUCT<t: TIMESTAMP, a: ARRAY<DATE>>, deep STRUCT<l: ARRAY<STRUCT<s: STRUCT<x:"
              + " MAP<STRING, DECIMAL(20, 2)>>>>>) USING delta TBLPROPERTIES"
              + " ('delta.columnMapping.mode' = '"
              + mode
              + "')");
      sql(
          "INSERT INTO "
              + table
              + " SELECT /*+ COALESCE(1) */ id,"
              + " IF(id % 3 = 0, NULL, named_struct('x', IF(id % 2 = 0, NULL, 1))),"
              + " CASE WHEN id % 4 = 0 THEN NULL WHEN id % 4 = 1 THEN array() ELSE"
              + " array(named_struct('x', 1), NULL, named_struct('x', NULL)) END,"
              + " IF(id % 4 = 0, NULL, map('k', named_struct('x', 1), 'n', NULL)),"
              + " named_struct('x', 'r'),"
              + " CASE id % 4 WHEN 0 THEN NULL WHEN 1 THEN named_struct('i', NULL, 'z', 'z') ELSE"
              + " named_struct('i', named_struct('x', 1), 'z', NULL) END,"
              + " IF(id % 3 = 1, NULL, named_struct('t', now(), 'a', NULL)),"
              + " IF(id % 3 = 2, NULL, named_struct('l', array(named_struct('s', named_struct('x',"
              + " NULL)), named_struct('s', NULL), NULL)))"
              + " FROM range(12)");
      sql(
          "ALTER TABLE "
              + table
              + " ADD COLUMNS (c.y INT, arr.element.y INT, m.value.y INT, r.y INT, d.i.y INT, d.n"
              + " STRUCT<q: INT>, w.y STRING, deep.l.element.s.y INT)");
      sql(
          "INSERT INTO "
              + table
              + " SELECT 100, named_struct('x', 1, 'y', 2), array(named_struct('x', 1, 'y', 2)),"
              + " map('k', named_struct('x', 1, 'y', 2)), named_struct('x', 'r', 'y', 2),"
              + " named_struct('i', named_struct('x', 1, 'y', 2), 'z', 'z', 'n', named_struct('q',"
              + " 5)), NULL, NULL");
      tables.add(mode);
    }
    share = TestShare.of(directory, tables);
  }

  private static void sql(String statement) {
    TestSpark.session().sql(statement);
  }

  @AfterAll
  static void stop() {
    TestSpark.session().catalog().dropTempView("t");
    share.close();
  }

  @AfterEach
  void reset() {
    TestSpark.session().conf().unset(PRUNING);
    TestSpark.session().conf().unset(VECTORS);
  }

  static Stream<Arguments> reads() {
    return Stream.of("none parquet", "none delta", "name delta", "id delta")
        .flatMap(read -> Stream.of(true, false).map(columnar -> Arguments.of(read, columnar)));
  }

  @ParameterizedTest(name = "{0}, columnar {1}")
  @MethodSource("reads")
  void presenceIsThatOfAnUnprunedRead(String read, boolean columnar) {
    SparkSession spark = TestSpark.session();
    String table = read.split(" ")[0];
    Dataset<Row> ours = share.read(table, Map.of("responseFormat", read.split(" ")[1]));
    for (String query : QUERIES) {
      spark.conf().set(PRUNING, false);
      // By id, Delta Lake's vectorised reader fails at nested fields that a file lacks.
      spark.conf().set(VECTORS, false);
      spark
          .read()
          .format("delta")
          .load(directory.resolve(table).toString())
          .createOrReplaceTempView("t");
      List<String> expected = Rows.of(spark.sql(query));
      spark.conf().set(PRUNING, true);
      spark.conf().set(VECTORS, columnar);
      ours.createOrReplaceTempView("t");
      assertThat(Rows.of(spark.sql(query))).as(query).isEqualTo(expected);
    }
  }
}
