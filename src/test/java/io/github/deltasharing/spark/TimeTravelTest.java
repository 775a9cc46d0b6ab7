/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.testing.ReferenceServer;
import io.github.deltasharing.testing.ReferenceServer.Release;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every version of a table with a long history, as Delta Lake reads it. */
class TimeTravelTest {
  /** When version 0 was committed; each later one came a minute after. */
  private static final Instant FIRST = Instant.parse("2024-03-10T06:57:00Z");

  private static final SparkSession SPARK = TestSpark.session();

  /** What Delta Lake reads, by version. */
  private static final Map<Long, String> SCHEMAS = new HashMap<>();

  private static final Map<Long, List<String>> ROWS = new HashMap<>();
  private static final Map<Long, List<String>> FILTERED = new HashMap<>();

  @TempDir static Path directory;
  static TestShare share;
  static ReferenceServer kernel;
  static ReferenceServer standalone;
  static long latest;

  @BeforeAll
  static void writeAndShare() throws IOException {
    for (String statement :
        List.of(
            "CREATE TABLE %s (id BIGINT, v STRING, p INT) USING delta PARTITIONED BY (p)"
                + " TBLPROPERTIES ('delta.checkpointInterval' = '3')",
            "INSERT INTO %s SELECT id, concat('v', id), id %% 3 FROM range(0, 30)",
            "UPDATE %s SET v = 'updated' WHERE id %% 5 = 0",
            "DELETE FROM %s WHERE id %% 7 = 3",
            "ALTER TABLE %s ADD COLUMNS (extra STRUCT<x: INT>)",
            "INSERT INTO %s VALUES (100, 'new', NULL, named_struct('x', 1))",
            "MERGE INTO %s t USING (SELECT id FROM range(25, 35)) u ON t.id = u.id"
                + " WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, v) VALUES (u.id, 'merged')",
            "OPTIMIZE %s",
            "DELETE FROM %s WHERE p = 1",
            "INSERT OVERWRITE %s SELECT id, 'over', 9, NULL FROM range(3)")) {
      SPARK.sql(statement.formatted("delta.`" + directory.resolve("history") + "`"));
    }
    SPARK
        .sql("SELECT id, CAST(id AS STRING) AS other FROM range(4)")
        .write()
        .format("delta")
        .mode("overwrite")
        .option("overwriteSchema", "true")
        .save(directory.resolve("history").toString());
    latest = setCommitTimes(directory.resolve("history"));
    for (long version = 0; version <= latest; version++) {
      Dataset<Row> expected = expected("versionAsOf", String.valueOf(version));
      SCHEMAS.put(version, expected.schema().simpleString());
      ROWS.put(version, Rows.of(expected));
    }
    share = TestShare.withHistory(directory, List.of("history"));
    kernel = new ReferenceServer(share, Release.V1_4);
    standalone = new ReferenceServer(share, Release.V1_0);
  }

  @AfterAll
  static void stop() {
    SPARK.catalog().dropTempView("travelled");
    kernel.close();
    standalone.close();
    share.close();
  }

  /** Delta Lake and Kernel both take a commit's time from its file. */
  private static long setCommitTimes(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table.resolve("_delta_log"))) {
      List<Path> commits =
          files.filter(file -> file.getFileName().toString().matches("\\d{20}\\.json")).toList();
      for (Path commit : commits) {
        long version = Long.parseLong(commit.getFileName().toString().substring(0, 20));
        Files.setLastModifiedTime(commit, FileTime.from(FIRST.plusSeconds(60 * version)));
      }
      DeltaLog.clearCache();
      return commits.size() - 1;
    }
  }

  private static Dataset<Row> expected(String option, String value) {
    return SPARK
        .read()
        .format("delta")
        .option(option, value)
        .load(directory.resolve("history").toString());
  }

  private static Throwable read(TestShare from, String table, Map<String, String> options) {
    return catchThrowable(() -> from.read(table, options).collectAsList());
  }

  static Stream<Arguments> versionsAndFormats() {
    return LongStream.rangeClosed(0, latest)
        .boxed()
        .flatMap(v -> Stream.of("parquet", "delta").map(format -> Arguments.of(v, format)));
  }

  @ParameterizedTest(name = "version {0}, {1} format")
  @MethodSource("versionsAndFormats")
  void readsEveryVersionAsDeltaLakeDoes(long version, String format) {
    String text = String.valueOf(version);
    Dataset<Row> actual =
        share.read("history", Map.of("versionAsOf", text, "responseFormat", format));
    assertThat(actual.schema().simpleString()).isEqualTo(SCHEMAS.get(version));
    assertThat(Rows.of(actual)).isEqualTo(ROWS.get(version));
  }

  /** As it refuses and leaves out what it does: with hints, which lead to its old reader, too. */
  @ParameterizedTest(name = "version {0}, {1}")
  @MethodSource("versionsAndReleases")
  void theReferenceServerIsReadAtEveryVersion(long version, Release release) {
    String text = String.valueOf(version);
    Dataset<Row> actual = server(release).read("history", Map.of("versionAsOf", text));
    assertThat(actual.schema().simpleString()).isEqualTo(SCHEMAS.get(version));
    assertThat(Rows.of(actual)).isEqualTo(ROWS.get(version));
    assertThat(Rows.of(actual.where("id % 3 = 1 OR id > 5")))
        .isEqualTo(
            FILTERED.computeIfAbsent(
                version,
                v -> Rows.of(expected("versionAsOf", text).where("id % 3 = 1 OR id > 5"))));
  }

  static Stream<Arguments> versionsAndReleases() {
    return LongStream.rangeClosed(0, latest)
        .boxed()
        .flatMap(v -> Stream.of(Release.values()).map(release -> Arguments.of(v, release)));
  }

  private static ReferenceServer server(Release release) {
    return release == Release.V1_4 ? kernel : standalone;
  }

  @ParameterizedTest
  @EnumSource(Release.class)
  void theReferenceServerIsReadAsOfATime(Release release) {
    Dataset<Row> actual =
        server(release).read("history", Map.of("timestampAsOf", "2024-03-10 07:02:30"));
    assertThat(Rows.of(actual)).isEqualTo(ROWS.get(5L));
    assertThat(actual.count()).isEqualTo(ROWS.get(5L).size());
  }

  @Test
  void theHistoryIsOneWorthTravelling() {
    assertThat(latest).isEqualTo(10);
    assertThat(directory.resolve("history/_delta_log/00000000000000000009.checkpoint.parquet"))
        .exists();
    assertThat(ROWS.values().stream().distinct()).hasSizeGreaterThanOrEqualTo(8);
    assertThat(SCHEMAS.values().stream().distinct()).hasSize(3);
  }

  // The hour from 02:00 of that day is missing in New York; Kolkata is half an hour off.
  @ParameterizedTest
  @CsvSource({
    "UTC, 2024-03-10 06:57:00, 0",
    "UTC, 2024-03-10 06:57:59.999999, 0",
    "UTC, 2024-03-10 06:58, 1",
    "UTC, 2024-03-10T07:00:00Z, 3",
    "UTC, 2024-03-10T08:00:30+01:00, 3",
    "America/New_York, 2024-03-10 01:59:59, 2",
    "America/New_York, 2024-03-10 02:00:00, 3",
    "America/New_York, 2024-03-10 03:02:30, 5",
    "America/New_York, 2024-03-10T07:02:30Z, 5",
    "Asia/Kolkata, 2024-03-10 12:33:00, 6",
    "-07:03, 2024-03-10, 6",
  })
  void aTimestampIsReadInTheSessionsTimeZoneAsDeltaLakeDoes(
      String zone, String timestamp, long version) {
    SPARK.conf().set("spark.sql.session.timeZone", zone);
    try {
      share.takeRequests();
      Dataset<Row> actual = share.read("history", Map.of("timestampAsOf", timestamp));
      assertThat(Rows.of(actual)).isEqualTo(ROWS.get(version));
      assertThat(share.takeRequests()).containsEntry("metadata", 1).containsEntry("query", 1);
      assertThat(Rows.of(expected("timestampAsOf", timestamp))).isEqualTo(ROWS.get(version));
    } finally {
      SPARK.conf().set("spark.sql.session.timeZone", "UTC");
    }
  }

  @ParameterizedTest
  @CsvSource({"2024-03-10 07:07:00, 10", "2024-03-10 07:06:59, 9"})
  void theTimeOfTheLatestCommitIsTheLastThatCanBeRead(String timestamp, long version) {
    Dataset<Row> actual = share.read("history", Map.of("timestampAsOf", timestamp));
    assertThat(Rows.of(actual)).isEqualTo(ROWS.get(version));
  }

  @Test
  void partialTimestampsAreAccepted() throws IOException {
    Path table = directory.resolve("partial");
    for (int v = 0; v < 3; v++) {
      SPARK.range(v, v + 1).write().format("delta").mode("append").save(table.toString());
      Files.setLastModifiedTime(
          table.resolve("_delta_log/%020d.json".formatted(v)),
          FileTime.from(Instant.parse("202" + (1 + v) + "-06-01T00:00:00Z")));
    }
    try (TestShare partial = TestShare.withHistory(directory, List.of("partial"))) {
      assertThat(partial.read("partial", Map.of("timestampAsOf", "2022")).count()).isEqualTo(1);
      assertThat(partial.read("partial", Map.of("timestampAsOf", "2022-07")).count()).isEqualTo(2);
      assertThat(partial.read("partial", Map.of("timestampAsOf", "2023-6-1")).count()).isEqualTo(3);
    }
  }

  @Test
  void twoVersionsInOneQueryAreNotTakenForEachOther() {
    SPARK.conf().set("spark.sql.autoBroadcastJoinThreshold", "-1");
    try {
      Dataset<Row> before = share.read("history", Map.of("versionAsOf", "2"));
      Dataset<Row> after = share.read("history", Map.of("versionAsOf", "3"));
      Dataset<Row> joined =
          before.groupBy("p").count().as("a").join(after.groupBy("p").count().as("b"), "p");
      // Version 3 deleted the rows 3, 10, 17 and 24 of version 2.
      List<String> counts = joined.collectAsList().stream().map(Row::toString).sorted().toList();
      assertThat(counts).containsExactly("[0,10,8]", "[1,10,9]", "[2,10,9]");
      assertThat(before.select("id").except(after.select("id")).count()).isEqualTo(4);
      assertThat(before.queryExecution().executedPlan().toString())
          .contains("share.schema.history as of version 2");
    } finally {
      SPARK.conf().unset("spark.sql.autoBroadcastJoinThreshold");
    }
  }

  @Test
  void aViewInSqlTravelsToo() {
    SPARK.sql(
        "CREATE OR REPLACE TEMPORARY VIEW travelled USING deltaSharing OPTIONS (path '%s', versionAsOf 1)"
            .formatted(share.path("history")));
    assertThat(Rows.of(SPARK.table("travelled"))).isEqualTo(ROWS.get(1L));
  }

  @Test
  void aSchemaThatChangesIsToldAndOneOfThePastStays() {
    String table = directory.resolve("changing").toString();
    SPARK.range(3).write().format("delta").save(table);
    try (TestShare changing = TestShare.withHistory(directory, List.of("changing"))) {
      Dataset<Row> current = changing.read("changing");
      Dataset<Row> past = changing.read("changing", Map.of("versionAsOf", "0"));
      SPARK.sql("ALTER TABLE delta.`" + table + "` ADD COLUMN name STRING");
      SPARK.sql("INSERT INTO delta.`" + table + "` VALUES (7, 'x')");
      Throwable e = catchThrowable(current::collectAsList);
      assertThat(e)
          .isInstanceOf(SharingException.class)
          .hasMessage(
              "Reading share.schema.changing failed: its schema or partitioning changed after the DataFrame was"
                  + " defined. Define the DataFrame again (call load() once more).");
      // A second try of the same plan must not read what the first one refused.
      assertThat(catchThrowable(current::collectAsList)).hasMessage(e.getMessage());
      assertThat(past.columns()).containsExactly("id");
      assertThat(past.collectAsList()).hasSize(3);
      assertThat(past.filter("id > 0").count()).isEqualTo(2);
      assertThat(changing.read("changing").collectAsList()).hasSize(4);
    }
  }

  @Test
  void aVersionBeforeAFeatureThatIsNotReadIsRead() {
    String table = directory.resolve("mapped_later").toString();
    SPARK.range(3).write().format("delta").save(table);
    SPARK.sql(
        "ALTER TABLE delta.`%s` SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name', 'delta.minReaderVersion' = '2', 'delta.minWriterVersion' = '5')"
            .formatted(table));
    try (TestShare mapped = TestShare.withHistory(directory, List.of("mapped_later"))) {
      assertThat(mapped.read("mapped_later", Map.of("versionAsOf", "0")).count()).isEqualTo(3);
    }
  }

  @Test
  void aTimestampReadStaysAtTheVersionThatItStoodFor() throws IOException {
    Path table = directory.resolve("rewound");
    for (int v = 0; v < 2; v++) {
      SPARK.range(v, v + 1).write().format("delta").mode("append").save(table.toString());
    }
    setCommitTimes(table);
    try (TestShare rewound = TestShare.withHistory(directory, List.of("rewound"))) {
      Dataset<Row> past = rewound.read("rewound", Map.of("timestampAsOf", FIRST.toString()));
      // Somebody copies the table: the commits' times change, its versions do not.
      Files.setLastModifiedTime(
          table.resolve("_delta_log/%020d.json".formatted(1)),
          FileTime.from(FIRST.minusSeconds(60)));
      Files.setLastModifiedTime(
          table.resolve("_delta_log/%020d.json".formatted(0)),
          FileTime.from(FIRST.minusSeconds(120)));
      assertThat(past.count()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "versionAsOf | 11 | Cannot read version 11 of share.schema.history: its latest version is 10",
        "timestampAsOf | 2024-03-10 06:56:59 | the time is before the first or after the latest commit",
        "timestampAsOf | 2024-03-10 07:07:01 | the time is before the first or after the latest commit",
      })
  void whatIsOutsideTheHistoryIsRefusedAsByDeltaLake(String option, String value, String reason) {
    Throwable e = read(share, "history", Map.of(option, value));
    assertThat(e).isInstanceOf(SharingServerException.class);
    assertThat(((SharingServerException) e).status()).isEqualTo(400);
    assertThat(e.getMessage())
        .startsWith("Metadata of share.schema.history as of ")
        .contains(reason)
        .endsWith(
            "If it is the version or the timestamp: choose another with 'versionAsOf' or 'timestampAsOf', or ask"
                + " the provider to share the table's history.");
    assertThat(catchThrowable(() -> expected(option, value).collectAsList())).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"versionAsOf, 1", "timestampAsOf, 2024-03-10 07:00:00"})
  void aHistoryThatIsNotSharedIsToldAsSuch(String option, String value) {
    try (TestShare latestOnly = TestShare.of(directory, List.of("history"))) {
      assertThat(read(latestOnly, "history", Map.of(option, value)))
          .isInstanceOf(SharingServerException.class)
          .hasMessageContaining("share.schema.history: its history is not shared")
          .hasMessageContaining("ask the provider to share the table's history.");
      assertThat(latestOnly.takeRequests()).isEqualTo(Map.of("metadata", 1));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "versionAsOf | -1 | it must be integer ≥ 0",
        "versionAsOf | two | it must be integer ≥ 0",
        "timestampAsOf | soon | it must be timestamp such as 2024-01-31, 2024-01-31 12:34:56.789 or",
        "timestampAsOf | '' | it must be timestamp such as",
        "timestampAsOf | 2024-02-30 | it must be timestamp such as",
      })
  void aValueThatIsNoneIsRefusedBeforeAnythingIsAsked(String option, String value, String allowed) {
    share.takeRequests();
    assertThat(read(share, "history", Map.of(option, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Option '" + option + "' has the value '" + value + "': " + allowed);
    assertThat(share.takeRequests()).isEmpty();
  }

  @Test
  void bothOptionsExcludeEachOther() {
    share.takeRequests();
    assertThat(read(share, "history", Map.of("versionAsOf", "1", "timestampAsOf", "2024-03-10")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Options 'versionAsOf' and 'timestampAsOf' exclude each other. Give one of them.");
    assertThat(share.takeRequests()).isEmpty();
  }

  @Test
  void aSessionDoesNotTravel() {
    String conf = "spark.datasource.deltaSharing.versionAsOf";
    SPARK.conf().set(conf, "1");
    try {
      assertThat(read(share, "history", Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("The session conf '" + conf + "' is refused");
    } finally {
      SPARK.conf().unset(conf);
    }
  }
}
