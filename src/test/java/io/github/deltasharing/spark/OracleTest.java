package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.OracleTables;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of plain table, read by us and by Delta Lake: same schema, same rows. */
class OracleTest {
  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void writeAndShare() {
    List<String> tables = new OracleTables(TestSpark.session(), directory).writeAll();
    share = TestShare.of(directory, tables);
  }

  @AfterAll
  static void stop() {
    share.close();
  }

  static Stream<Arguments> tablesAndWays() {
    Stream.Builder<Arguments> all = Stream.builder();
    for (String table : OracleTables.NAMES) {
      boolean big = table.equals("small_files") || table.contains("large");
      for (String format : List.of("parquet", "delta", "auto")) {
        for (boolean columnar : new boolean[] {true, false}) {
          boolean expressible =
              !format.equals("parquet") || !OracleTables.DELTA_ONLY.contains(table);
          // Of the two that take seconds each, every format once and both readers.
          boolean chosen = !big || columnar != format.equals("delta");
          if (expressible && chosen) {
            all.add(Arguments.of(table, format, columnar));
          }
        }
      }
    }
    return all.build();
  }

  @ParameterizedTest(name = "{0}, {1} format, columnar {2}")
  @MethodSource("tablesAndWays")
  void readsTheRowsThatDeltaLakeReads(String table, String format, boolean columnar) {
    SparkSession spark = TestSpark.session();
    spark.conf().set("spark.sql.parquet.enableVectorizedReader", columnar);
    spark
        .conf()
        .set("spark.sql.files.maxPartitionBytes", table.contains("large") ? "256k" : "128m");
    try {
      Dataset<Row> expected =
          spark.read().format("delta").load(directory.resolve(table).toString());
      Dataset<Row> actual = share.read(table, Map.of("responseFormat", format));
      Rows.assertSame(actual, expected);
      assertThat(actual.count()).isEqualTo(expected.count());
      String last = expected.columns()[expected.columns().length - 1];
      String first = expected.columns()[0];
      Rows.assertSame(
          actual.select(column(last), column(first)), expected.select(column(last), column(first)));
    } finally {
      spark.conf().unset("spark.sql.parquet.enableVectorizedReader");
      spark.conf().unset("spark.sql.files.maxPartitionBytes");
    }
  }

  private static Column column(String name) {
    return new Column("`" + name + "`");
  }

  @ParameterizedTest
  @MethodSource("nestedProjections")
  void prunesNestedColumns(String expression) {
    Dataset<Row> expected =
        TestSpark.session().read().format("delta").load(directory.resolve("nested").toString());
    Rows.assertSame(share.read("nested").selectExpr(expression), expected.selectExpr(expression));
  }

  static Stream<String> nestedProjections() {
    return Stream.of(
        "person.name",
        "person.address.city",
        "people.name",
        "deep['k0'].items[0].x",
        "size(people)");
  }

  @Test
  void splitsALargeFileAndPacksSmallOnes() {
    SparkSession spark = TestSpark.session();
    spark.conf().set("spark.sql.files.maxPartitionBytes", "256k");
    try {
      assertThat(share.read("large_file").rdd().getNumPartitions()).isGreaterThan(4);
    } finally {
      spark.conf().unset("spark.sql.files.maxPartitionBytes");
    }
    // 2,000 files of some hundred bytes each cost 4 MiB of openCost: 32 fill a partition of 128
    // MiB.
    assertThat(share.read("small_files").rdd().getNumPartitions()).isBetween(2, 100);
  }
}
