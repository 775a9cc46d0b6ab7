/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.testing.ChangeHistories;
import io.github.deltasharing.testing.Recipient;
import io.github.deltasharing.testing.ReferenceServer;
import io.github.deltasharing.testing.ReferenceServer.Release;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Change feeds of tables with long histories, read by us and by Delta Lake: the same rows. */
class ChangeFeedOracleTest {
  private static final SparkSession SPARK = TestSpark.session();

  @TempDir static Path directory;
  static TestShare share;
  static ReferenceServer kernel;
  static ReferenceServer standalone;

  /** What Delta Lake reads of each commit, by table and version. */
  private static final Map<String, List<List<String>>> COMMITS = new HashMap<>();

  private static final Map<String, String> SCHEMAS = new HashMap<>();

  @BeforeAll
  static void writeAndShare() {
    SPARK.conf().set("spark.sql.codegen.wholeStage", false);
    SPARK.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    ChangeHistories.NAMES.forEach(table -> ChangeHistories.copy(table, directory));
    share = TestShare.withHistory(directory, ChangeHistories.NAMES);
    kernel = new ReferenceServer(share, Release.V1_4);
    standalone = new ReferenceServer(share, Release.V1_0);
    ChangeHistories.NAMES.forEach(ChangeFeedOracleTest::readByDeltaLake);
  }

  @AfterAll
  static void stop() {
    SPARK.conf().unset("spark.sql.codegen.wholeStage");
    SPARK.conf().unset("spark.sql.codegen.factoryMode");
    kernel.close();
    standalone.close();
    share.close();
  }

  private static void readByDeltaLake(String table) {
    long latest =
        SPARK
            .sql("DESCRIBE HISTORY delta.`" + directory.resolve(table) + "`")
            .agg(Map.of("version", "max"))
            .head()
            .getLong(0);
    Map<Long, List<String>> byVersion = new HashMap<>();
    Dataset<Row> all = expected(table, 0, latest);
    SCHEMAS.put(table, all.schema().simpleString());
    for (Row row : all.collectAsList()) {
      byVersion
          .computeIfAbsent(row.getLong(row.fieldIndex("_commit_version")), v -> new ArrayList<>())
          .add(Rows.render(row));
    }
    List<List<String>> commits = new ArrayList<>();
    for (long version = 0; version <= latest; version++) {
      commits.add(byVersion.getOrDefault(version, List.of()));
    }
    COMMITS.put(table, commits);
  }

  private static Dataset<Row> expected(String table, long start, long end) {
    return SPARK
        .read()
        .format("delta")
        .option("readChangeFeed", "true")
        .option("startingVersion", start)
        .option("endingVersion", end)
        .load(directory.resolve(table).toString());
  }

  private static Dataset<Row> actual(String table, long start, long end, String format) {
    return actual(share, table, start, end, format);
  }

  private static Dataset<Row> actual(
      Recipient server, String table, long start, long end, String format) {
    Dataset<Row> changes =
        server.read(
            table,
            Map.of(
                "readChangeFeed",
                "true",
                "startingVersion",
                String.valueOf(start),
                "endingVersion",
                String.valueOf(end),
                "responseFormat",
                format));
    boolean millis =
        changes.schema().apply("_commit_timestamp").dataType().equals(DataTypes.LongType);
    assertThat(millis)
        .as("parquet format has milliseconds, delta format timestamps")
        .isEqualTo(
            format.equals("parquet")
                || (format.equals("auto") && !ChangeHistories.DELTA_ONLY.contains(table)));
    return millis
        ? changes.withColumn("_commit_timestamp", expr("timestamp_millis(_commit_timestamp)"))
        : changes;
  }

  private static List<String> expectedRows(String table, long start, long end) {
    List<String> rows = new ArrayList<>();
    COMMITS.get(table).subList((int) start, (int) end + 1).forEach(rows::addAll);
    rows.sort(null);
    return rows;
  }

  static Stream<Arguments> ranges() {
    Stream.Builder<Arguments> all = Stream.builder();
    for (String table : ChangeHistories.NAMES) {
      for (boolean columnar : new boolean[] {true, false}) {
        all.add(Arguments.of(table, "auto", columnar));
        all.add(Arguments.of(table, "delta", columnar));
        if (table.equals("plain")) {
          all.add(Arguments.of(table, "parquet", columnar));
        }
      }
    }
    return all.build();
  }

  /** All of the history in each way, and every range in one of them. */
  @ParameterizedTest(name = "{0}, {1} format, columnar {2}")
  @MethodSource("ranges")
  void everyRangeHasTheRowsThatDeltaLakeReads(String table, String format, boolean columnar) {
    int latest = COMMITS.get(table).size() - 1;
    SPARK.conf().set("spark.sql.parquet.enableVectorizedReader", columnar);
    try {
      Dataset<Row> whole = actual(table, 0, latest, format);
      assertThat(whole.schema().simpleString()).isEqualTo(SCHEMAS.get(table));
      assertThat(Rows.of(whole)).isEqualTo(expectedRows(table, 0, latest));
      for (int start = 0; start <= latest; start++) {
        for (int end = start; end <= latest; end++) {
          // Each range in one way of reading; all ways take turns.
          boolean turn = (start * 7 + end * 3 + (columnar ? 1 : 0)) % 2 == 0;
          if (format.equals("auto") && turn && !(mapped(table) && end < 4)) {
            assertThat(Rows.of(actual(table, start, end, format)))
                .as("versions %d to %d", start, end)
                .isEqualTo(expectedRows(table, start, end));
          }
        }
      }
    } finally {
      SPARK.conf().unset("spark.sql.parquet.enableVectorizedReader");
    }
  }

  @ParameterizedTest(name = "{0} from {1}")
  @MethodSource("plainTables")
  void theReferenceServersFeedHasTheRowsThatDeltaLakeReads(String table, Release release) {
    Recipient server = server(release);
    int latest = COMMITS.get(table).size() - 1;
    for (String format : List.of("auto", "delta", "parquet")) {
      assertThat(Rows.of(actual(server, table, 0, latest, format)))
          .as(format)
          .isEqualTo(expectedRows(table, 0, latest));
    }
    for (int start = 0; start < latest; start += 2) {
      assertThat(Rows.of(actual(server, table, start, start + 1, "auto")))
          .as("versions %d and the next", start)
          .isEqualTo(expectedRows(table, start, start + 1));
    }
    assertThat(
            Rows.of(actual(server, table, 0, latest, "auto").where("id > 5").select("id")).size())
        .isEqualTo(expected(table, 0, latest).where("id > 5").count());
  }

  static Stream<Arguments> plainTables() {
    return Stream.of("plain", "nested")
        .flatMap(table -> Stream.of(Release.values()).map(r -> Arguments.of(table, r)));
  }

  private static ReferenceServer server(Release release) {
    return release == Release.V1_4 ? kernel : standalone;
  }

  /** No recipient reads the feed of a table with reader features from the reference server. */
  @ParameterizedTest
  @MethodSource("tablesWithFeatures")
  void whatTheReferenceServerCannotReadIsSaid(String table) {
    for (Release release : Release.values()) {
      assertThat(
              catchThrowable(() -> actual(server(release), table, 0, 1, "delta").collectAsList()))
          .as(release.name())
          .isInstanceOf(SharingServerException.class)
          .hasMessageContaining("share.schema." + table)
          .hasMessageContaining("is too new");
    }
  }

  static Stream<String> tablesWithFeatures() {
    return ChangeHistories.DELTA_ONLY.stream();
  }

  private static boolean mapped(String table) {
    return table.equals("mapped") || table.equals("by_id");
  }

  /** Read by the schema of the range's end, which has a column less. */
  @ParameterizedTest
  @MethodSource("mappedTables")
  void mappedTablesAreReadByTheSchemaOfTheEnd(String table) {
    Rows.assertSame(actual(table, 0, 3, "auto"), expected(table, 0, 3));
    Rows.assertSame(actual(table, 3, 4, "auto"), expected(table, 3, 4));
  }

  static Stream<String> mappedTables() {
    return Stream.of("mapped", "by_id");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("queries")
  void columnsAreReadAloneAndFilteredAsByDeltaLake(String table, String filter, String columns) {
    int latest = COMMITS.get(table).size() - 1;
    String[] names = columns.split(" ");
    Dataset<Row> expected = expected(table, 0, latest).where(filter).selectExpr(names);
    List<String> rows = Rows.of(expected);
    for (boolean columnar : new boolean[] {true, false}) {
      SPARK.conf().set("spark.sql.parquet.enableVectorizedReader", columnar);
      try {
        Dataset<Row> changes = actual(table, 0, latest, "delta").where(filter).selectExpr(names);
        assertThat(changes.schema().simpleString()).isEqualTo(expected.schema().simpleString());
        assertThat(Rows.of(changes)).isEqualTo(rows);
      } finally {
        SPARK.conf().unset("spark.sql.parquet.enableVectorizedReader");
      }
    }
  }

  static Stream<Arguments> queries() {
    return Stream.of(
        Arguments.of("vectors", "true", "_change_type _commit_version _commit_timestamp"),
        Arguments.of("vectors", "true", "_commit_version"),
        Arguments.of("plain", "true", "_change_type"),
        Arguments.of("vectors", "true", "part"),
        Arguments.of("by_id", "true", "_change_type name"),
        Arguments.of("by_id", "id > 30 AND part = 'a'", "_commit_version id part _change_type"),
        Arguments.of("vectors", "part IS NULL", "id _change_type part"),
        Arguments.of("vectors", "_change_type = 'delete'", "id _commit_version"),
        Arguments.of("plain", "_change_type IN ('update_preimage', 'insert')", "id _change_type"),
        Arguments.of("vectors", "_commit_version BETWEEN 3 AND 5", "id _change_type"),
        Arguments.of("plain", "5 < _commit_version AND id % 2 = 0", "id extra"),
        Arguments.of("vectors", "_commit_version IN (4, 11) AND id < 20", "id _change_type"),
        Arguments.of("mapped", "name = 'updated'", "id _change_type"),
        Arguments.of("plain", "extra IS NOT NULL", "id _change_type extra"),
        Arguments.of("nested", "true", "s.t.b _change_type"),
        Arguments.of("nested", "s.a > 10", "s.a id"));
  }

  @ParameterizedTest
  @MethodSource("mappedTables")
  void countsWithoutReadingColumns(String table) {
    int latest = COMMITS.get(table).size() - 1;
    assertThat(actual(table, 0, latest, "auto").count())
        .isEqualTo(expectedRows(table, 0, latest).size());
    assertThat(actual(table, 0, latest, "auto").groupBy(col("_change_type")).count().count())
        .isEqualTo(4);
  }
}
