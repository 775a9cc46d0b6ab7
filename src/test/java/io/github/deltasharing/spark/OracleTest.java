package io.github.deltasharing.spark;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.OracleTables;
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

/** Every kind of plain table, read by us and by Delta Lake: same schema, same rows. */
class OracleTest {
  @TempDir static Path directory;
  static TestShare share;

  private static final List<String> DELETED =
      List.of("deletion_vectors", "deletion_vectors_large", "mapped_then_deleted");
  private static final Map<String, List<String>> deletedSums = new HashMap<>();

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

  /** Every table under a filter on each of two columns, which reads its columns for it. */
  @ParameterizedTest
  @MethodSource("tables")
  void filtersAsDeltaLakeDoes(String table) {
    Dataset<Row> expected =
        TestSpark.session().read().format("delta").load(directory.resolve(table).toString());
    Dataset<Row> actual = share.read(table);
    StructField[] fields = expected.schema().fields();
    StructField first = fields[0];
    Column filter = column(first.name()).isNotNull();
    if (first.dataType() instanceof NumericType || first.dataType() instanceof StringType) {
      filter = filter.and(column(first.name()).gt(lit("5").cast(first.dataType())));
    }
    StructField last = fields[fields.length - 1];
    Column either = filter.or(column(last.name()).isNull());
    Rows.assertSame(actual.where(either), expected.where(either));
    Rows.assertSame(
        actual.where(filter).select(column(last.name())),
        expected.where(filter).select(column(last.name())));
  }

  static Stream<String> tables() {
    // The two that take seconds are read whole already.
    return OracleTables.NAMES.stream()
        .filter(table -> !table.equals("small_files") && !table.contains("large"));
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
