/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.testing.OracleTables;
import io.github.deltasharing.testing.Recipient;
import io.github.deltasharing.testing.ReferenceServer;
import io.github.deltasharing.testing.ReferenceServer.Release;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of plain table, read by us and by Delta Lake: same schema, same rows, through the
 * embedded server and through one with the manners of the reference server.
 */
class OracleTest {
  @TempDir static Path directory;
  static TestShare share;
  static ReferenceServer kernel;
  static ReferenceServer standalone;

  private static final List<String> DELETED =
      List.of("deletion_vectors", "deletion_vectors_large", "mapped_then_deleted");
  private static final Map<String, List<String>> deletedSums = new HashMap<>();

  @BeforeAll
  static void writeAndShare() {
    List<String> tables = new OracleTables(TestSpark.session(), directory).writeAll();
    share = TestShare.of(directory, tables);
    kernel = new ReferenceServer(share, Release.V1_4);
    standalone = new ReferenceServer(share, Release.V1_0);
  }

  @AfterAll
  static void stop() {
    kernel.close();
    standalone.close();
    share.close();
  }

  /** What Delta Lake reads of a table: once for all ways of reading it, which follow each other. */
  private record Expected(
      String table, String schema, List<String> rows, List<String> lastAndFirst) {
    private static Expected last;

    static Expected of(String table) {
      if (last == null || !last.table.equals(table)) {
        last = null;
        Dataset<Row> delta =
            TestSpark.session().read().format("delta").load(directory.resolve(table).toString());
        last =
            new Expected(
                table, delta.schema().simpleString(), Rows.of(delta), Rows.of(twoColumns(delta)));
      }
      return last;
    }
  }

  private static Dataset<Row> twoColumns(Dataset<Row> table) {
    String[] columns = table.columns();
    return table.select(column(columns[columns.length - 1]), column(columns[0]));
  }

  static Stream<Arguments> tablesAndWays() {
    Stream.Builder<Arguments> all = Stream.builder();
    for (String table : OracleTables.NAMES) {
      boolean big = isBig(table);
      for (String dialect : List.of("parquet", "delta", "auto")) {
        for (boolean columnar : new boolean[] {true, false}) {
          boolean expressible =
              !dialect.equals("parquet") || !OracleTables.DELTA_ONLY.contains(table);
          // Of the two that take seconds each, every format once and both readers.
          boolean chosen = !big || columnar != dialect.equals("delta");
          if (expressible && chosen) {
            all.add(Arguments.of(table, "embedded", dialect, columnar));
          }
        }
      }
      // In parquet format the reference server does not tell that a column is a CHAR, to be padded.
      String format = table.equals("writer_features") ? "delta" : "auto";
      if (!table.contains("large")) {
        all.add(Arguments.of(table, "1.4", format, true));
      }
      if (!big && !OracleTables.DELTA_ONLY.contains(table)) {
        all.add(Arguments.of(table, "1.0", format, false));
      }
    }
    return all.build();
  }

  private static boolean isBig(String table) {
    return table.equals("small_files") || table.contains("large");
  }

  private static Recipient server(String name) {
    return name.equals("embedded") ? share : name.equals("1.4") ? kernel : standalone;
  }

  @ParameterizedTest(name = "{0}, {1} server, {2} format, columnar {3}")
  @MethodSource("tablesAndWays")
  void readsTheRowsThatDeltaLakeReads(
      String table, String server, String format, boolean columnar) {
    SparkSession spark = TestSpark.session();
    spark.conf().set("spark.sql.parquet.enableVectorizedReader", columnar);
    spark
        .conf()
        .set("spark.sql.files.maxPartitionBytes", table.contains("large") ? "256k" : "128m");
    try {
      Expected expected = Expected.of(table);
      Dataset<Row> actual = server(server).read(table, Map.of("responseFormat", format));
      assertThat(actual.schema().simpleString()).isEqualTo(expected.schema());
      assertThat(Rows.of(actual)).hasSameSizeAs(expected.rows()).isEqualTo(expected.rows());
      assertThat(actual.count()).isEqualTo(expected.rows().size());
      assertThat(Rows.of(twoColumns(actual))).isEqualTo(expected.lastAndFirst());
    } finally {
      spark.conf().unset("spark.sql.parquet.enableVectorizedReader");
      spark.conf().unset("spark.sql.files.maxPartitionBytes");
    }
  }

  @ParameterizedTest
  @MethodSource("deltaOnly")
  void releasesWithoutKernelSayThatTheyCannotReadTheTable(String table) {
    assertThat(catchThrowable(() -> standalone.read(table).collectAsList()))
        .isInstanceOf(SharingServerException.class)
        .hasMessageContaining("share.schema." + table)
        .hasMessageContaining("is too new");
  }

  static Stream<String> deltaOnly() {
    return OracleTables.DELTA_ONLY.stream();
  }

  /** Every table under a filter on each of two columns, which reads its columns for it. */
  @ParameterizedTest
  @MethodSource("tables")
  void filtersAsDeltaLakeDoes(String table) {
    Dataset<Row> expected =
        TestSpark.session().read().format("delta").load(directory.resolve(table).toString());
    StructField[] fields = expected.schema().fields();
    StructField first = fields[0];
    Column filter = column(first.name()).isNotNull();
    if (first.dataType() instanceof NumericType || first.dataType() instanceof StringType) {
      filter = filter.and(column(first.name()).gt(lit("5").cast(first.dataType())));
    }
    StructField last = fields[fields.length - 1];
    Column either = filter.or(column(last.name()).isNull());
    Column lastColumn = column(last.name());
    List<String> rows = Rows.of(expected.where(either));
    List<String> values = Rows.of(expected.where(filter).select(lastColumn));
    for (String server : List.of("embedded", "1.4", "1.0")) {
      if (!server.equals("1.0") || !OracleTables.DELTA_ONLY.contains(table)) {
        Dataset<Row> actual = server(server).read(table);
        assertThat(actual.schema().simpleString()).isEqualTo(expected.schema().simpleString());
        assertThat(Rows.of(actual.where(either))).as(server).isEqualTo(rows);
        assertThat(Rows.of(actual.where(filter).select(lastColumn))).as(server).isEqualTo(values);
      }
    }
    assertThat(kernel.hasRefused(table)).as("filters never lead to the old reader").isFalse();
  }

  static Stream<String> tables() {
    // The two that take seconds are read whole already.
    return OracleTables.NAMES.stream().filter(table -> !isBig(table));
  }

  /** Splits of one file each find their own rows in the file's deletion vector. */
  @ParameterizedTest(name = "{0}, split size {1}, columnar {2}")
  @MethodSource("deletionsAndSplits")
  void splitsFilesWithDeletionVectors(String table, String split, boolean columnar) {
    SparkSession spark = TestSpark.session();
    spark.conf().set("spark.sql.parquet.enableVectorizedReader", columnar);
    spark.conf().set("spark.sql.files.maxPartitionBytes", split);
    try {
      assertThat(Rows.of(sums(share.read(table))))
          .isEqualTo(deletedSums.computeIfAbsent(table, OracleTest::expectedSums));
    } finally {
      spark.conf().unset("spark.sql.parquet.enableVectorizedReader");
      spark.conf().unset("spark.sql.files.maxPartitionBytes");
    }
  }

  static Stream<Arguments> deletionsAndSplits() {
    Stream.Builder<Arguments> all = Stream.builder();
    for (String table : DELETED) {
      for (String split : List.of("64k", "256k", "128m")) {
        all.add(Arguments.of(table, split, true)).add(Arguments.of(table, split, false));
      }
    }
    return all.build();
  }

  private static List<String> expectedSums(String table) {
    return Rows.of(
        sums(TestSpark.session().read().format("delta").load(directory.resolve(table).toString())));
  }

  /** Count and checksums of all rows: equal for equal multisets, and cheap to compare. */
  private static Dataset<Row> sums(Dataset<Row> rows) {
    Column[] columns = Stream.of(rows.columns()).map(OracleTest::column).toArray(Column[]::new);
    return rows.select(xxhash64(columns).as("hash"), hash(columns).as("other"))
        .agg(
            count(lit(1)),
            sum(column("hash").cast("decimal(38,0)")),
            sum(column("other")),
            expr("bit_xor(hash)"));
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
    // 2,000 files of some hundred bytes each count for 1 MiB: 127 fill a partition of 128 MiB.
    assertThat(share.read("small_files").rdd().getNumPartitions()).isEqualTo(16);
  }
}
