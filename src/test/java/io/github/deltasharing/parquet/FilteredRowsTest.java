/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.sources.Filter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Filters lose no row that they hold for, and every row comes with its own position, whatever row
 * groups and pages are skipped. Spark's own reader without pushdown says which rows those are.
 */
class FilteredRowsTest {
  private static final int ROWS = 6_000;

  @TempDir static Path directory;
  static ServedParquet file;
  static Dataset<Row> all;

  @BeforeAll
  static void write() throws Exception {
    TestSpark.session().conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    Dataset<Row> data =
        TestSpark.session()
            .range(ROWS)
            .selectExpr(
                "id",
                "int(id - 3000) AS i",
                "id * 1000000007 AS l",
                "smallint(id - 3000) AS s",
                "tinyint(id / 50 - 60) AS b",
                "decimal(id - 3000) / 4 AS d",
                "CAST((id - 3000) / 4 AS DECIMAL(9, 2)) AS d9",
                "CAST((id - 3000) / 4 AS DECIMAL(18, 2)) AS d18",
                "CAST((id - 3000) / 4 AS DECIMAL(38, 2)) AS d38",
                "date_add(DATE'1960-01-01', int(id)) AS dt",
                "timestamp_micros(id * 3600000000 - 9000000000000) AS ts",
                "CAST(timestamp_micros(id * 3600000000) AS TIMESTAMP_NTZ) AS ntz",
                "format_string('s%05d', id) AS st",
                "CAST(format_string('s%05d', id) AS BINARY) AS bin",
                "id < 1500 AS bo",
                "IF(id BETWEEN 5000 AND 5010, float('NaN'), float(id - 3000)) AS f",
                "IF(id = 100, double('NaN'), IF(id BETWEEN 2990 AND 3010, -0.0D, id - 3000.0D)) AS db",
                "IF(id BETWEEN 1000 AND 3999, NULL, id) AS n",
                "IF(id BETWEEN 4000 AND 4999, NULL, named_struct('x', int(id), 'y',"
                    + " named_struct('z.z', format_string('z%05d', id)))) AS nest",
                "array(id) AS arr",
                "sha2(string(id), 512) AS pad");
    Path written =
        ServedParquet.write(
            data.sortWithinPartitions("id"),
            directory.resolve("all"),
            Map.of(
                "parquet.block.size", "200000",
                "parquet.page.row.count.limit", "100",
                "parquet.page.size.row.check.min", "10"));
    file = new ServedParquet(written);
    all = TestSpark.session().read().parquet(written.toString());
  }

  @AfterAll
  static void stop() {
    file.close();
    TestSpark.session().conf().unset("spark.sql.parquet.outputTimestampType");
  }

  /** Conditions that leave some of the file out. */
  static List<String> selective() {
    return List.of(
        "id = 4321",
        "id > 5500 AND id < 5600",
        "id >= 5999 OR id < 1",
        "i = -2999",
        "i <=> 17",
        "i <= -2900",
        "l BETWEEN 1000000007000 AND 1100000007700",
        "s > 2950",
        "b = 50",
        "NOT (id > 200)",
        "NOT (id > 200 OR st > 's00100')",
        "d9 = 100.25",
        "d9 < -700",
        "d18 >= 700",
        "d38 > 740.5",
        "d38 < -740.5",
        "dt = DATE'1961-06-01'",
        "dt < DATE'1960-02-01'",
        "ts >= TIMESTAMP'1970-04-20 00:00:00.000001'",
        "st = 's03003'",
        "st LIKE 's001%'",
        "st IN ('s00001', 's05999')",
        "NOT (st < 's05900')",
        "bin = CAST('s03003' AS BINARY)",
        "bo",
        "NOT bo",
        "bo = false AND id < 1600",
        "f > 1990",
        "f = float('NaN')",
        "f < -2900",
        "db = 0.0D",
        "db = -0.0D",
        "db < -2995",
        "db >= double('NaN')",
        "n IS NULL",
        "n IS NOT NULL",
        "n <=> NULL",
        "n = 999",
        "n IS NULL AND id < 1100",
        "id IN (5, 6, 5990)",
        "id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)",
        "nest.x = 70",
        "nest.x IS NULL",
        "nest IS NULL AND nest.x IS NULL",
        "nest.y.`z.z` = 'z00070'",
        "nest.y.`z.z` LIKE 'z0007%'",
        "id < 300 AND size(arr) = 1 AND st > 's00250'",
        "id > 5000 AND n < 5001",
        "id < 0");
  }

  /** Conditions that hold for rows everywhere, or that statistics know nothing of. */
  static List<String> unselective() {
    return List.of(
        "id <> 7",
        "pad > '00'",
        "pad LIKE '%ab%'",
        "db <> 0.0D",
        "ntz = TIMESTAMP_NTZ'1970-01-02 00:00:00'",
        "id % 2 = 0 OR id < 5",
        "nest.x <> 5 OR nest IS NULL",
        "id >= 0");
  }

  @ParameterizedTest
  @MethodSource("selective")
  void selectiveFiltersSkipRows(String condition) throws Exception {
    assertThat(check(condition, true, 1)).isLessThan(ROWS);
    assertThat(check(condition, false, 3)).isLessThan(ROWS);
  }

  @ParameterizedTest
  @MethodSource("unselective")
  void otherFiltersReadEverything(String condition) throws Exception {
    assertThat(check(condition, true, 1)).isEqualTo(ROWS);
    assertThat(check(condition, false, 2)).isEqualTo(ROWS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pagesAreSkippedToTheRow(boolean columnar) throws Exception {
    List<Filter> filters = ServedParquet.filters(all, "id IN (250, 2222, 5999)");
    Dataset<Row> read = file.read(all.select("id").schema(), filters, columnar, 1);
    List<Long> positions = read.select("pos").as(Encoders.LONG()).collectAsList();
    // A page has 100 rows at most.
    assertThat(positions).contains(250L, 2_222L, 5_999L).hasSizeBetween(3, 300);
    assertThat(read.select("id").as(Encoders.LONG()).collectAsList()).isEqualTo(positions);
  }

  /** How many rows came. */
  private static long check(String condition, boolean columnar, int splits) throws Exception {
    List<Filter> filters = ServedParquet.filters(all, condition);
    Dataset<Row> read = file.read(all.schema(), filters, columnar, splits);
    List<Row> rows = read.select("pos", "id").collectAsList();
    assertThat(rows).allMatch(row -> row.getLong(0) == row.getLong(1), "is at its position");
    Rows.assertSame(read.drop("pos").filter(condition), expected(condition));
    return rows.size();
  }

  private static Dataset<Row> expected(String condition) {
    TestSpark.session().conf().set("spark.sql.parquet.filterPushdown", false);
    try {
      Dataset<Row> filtered = all.filter(condition);
      filtered.queryExecution().executedPlan();
      return filtered;
    } finally {
      TestSpark.session().conf().unset("spark.sql.parquet.filterPushdown");
    }
  }
}
