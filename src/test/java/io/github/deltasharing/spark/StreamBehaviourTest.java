/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.streaming.PollingClock;
import io.github.deltasharing.testing.StreamRuns;
import io.github.deltasharing.testing.TableCopies;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How streams behave: what they ask, what they say of themselves, how they fail. */
class StreamBehaviourTest {
  private static final int MANY = 500;
  private static final List<String> TABLES =
      List.of(
          "plain",
          "grown",
          "failing",
          "widened",
          "upgraded",
          "recreated",
          "vacuumed",
          "cleaned",
          "later");

  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void writeAndShare() throws IOException {
    StreamRuns.interpret(true);
    create("plain");
    for (String copy : TABLES.subList(1, TABLES.size())) {
      TableCopies.copy(directory.resolve("plain"), directory.resolve(copy));
    }
    many();
    List<String> all = new ArrayList<>(TABLES);
    all.add("many");
    share = TestShare.withHistory(directory, all);
  }

  @AfterAll
  static void stop() {
    share.close();
    StreamRuns.interpret(false);
  }

  private static String sql(String name) {
    return "delta.`" + directory.resolve(name) + "`";
  }

  /** Version 0, and 1 with two files. */
  private static void create(String name) {
    SparkSession spark = TestSpark.session();
    spark.sql("CREATE TABLE %s (k BIGINT, v STRING, p INT) USING delta".formatted(sql(name)));
    insert(name, 0, 20, 2);
  }

  /** Adds rows to a table in some files. */
  private static void insert(String table, long from, long to, int files) {
    TestSpark.session()
        .range(from, to, 1, files)
        .selectExpr("id AS k", "concat('v', id) AS v", "int(id % 2) AS p")
        .write()
        .format("delta")
        .mode("append")
        .save(directory.resolve(table).toString());
  }

  /** A table of 500 commits with a file each. */
  private static void many() throws IOException {
    SparkSession spark = TestSpark.session();
    Path table = directory.resolve("many");
    spark.range(0, 1, 1, 1).write().format("delta").save(table.toString());
    Path file;
    try (Stream<Path> files = Files.list(table)) {
      file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    for (int version = 1; version <= MANY; version++) {
      Files.copy(file, table.resolve("f" + version + ".parquet"));
      Files.writeString(
          table.resolve("_delta_log/%020d.json".formatted(version)),
          "{\"add\":{\"path\":\"f%d.parquet\",\"partitionValues\":{},\"size\":%d,\"modificationTime\":%d,\"dataChange\":true}}\n"
              .formatted(version, Files.size(file), 1_700_000_000_000L + version));
    }
  }

  private static StreamRuns.Run run(String table, Map<String, String> options, Path checkpoint)
      throws Exception {
    return StreamRuns.availableNow(StreamRuns.shared(share, table, options), checkpoint);
  }

  private static Path newCheckpoint() {
    return directory.resolve("checkpoint-" + UUID.randomUUID());
  }

  @Test
  void aStreamOverManyVersionsAsksForSomeAtATime() throws Exception {
    share.takeRequests();
    StreamRuns.Run run =
        run(
            "many",
            Map.of("startingVersion", "1", "maxVersionsPerRpc", "10", "maxFilesPerTrigger", "130"),
            newCheckpoint());
    assertThat(run.rows()).hasSize(MANY);
    assertThat(run.batches()).extracting(List::size).containsExactly(130, 130, 130, 110);
    assertThat(share.takeRequests())
        .containsEntry("query", 50)
        .containsEntry("metadata", 1)
        .containsEntry("version", 1);
  }

  @Test
  void newVersionsAreSeenWhenTheIntervalIsOverAndProgressSaysWhatWaits() throws Exception {
    AtomicLong clock = new AtomicLong(1_000_000);
    PollingClock.set(clock::get);
    List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());
    StreamingQuery query =
        StreamRuns.start(
            StreamRuns.shared(share, "grown", Map.of("maxFilesPerTrigger", "1")),
            newCheckpoint(),
            Trigger.ProcessingTime(0),
            batches);
    try {
      query.processAllAvailable();
      assertThat(batches).hasSize(2);
      Map<String, String> first = query.recentProgress()[0].sources()[0].metrics();
      assertThat(first)
          .containsEntry("serverVersion", "1")
          .containsEntry("numVersionsOutstanding", "1")
          .containsEntry("numFilesOutstanding", "1")
          .containsEntry("batchFiles", "1")
          .containsEntry("lastPollAgeMs", "0");
      assertThat(Long.parseLong(first.get("numBytesOutstanding"))).isPositive();
      insert("grown", 20, 30, 1);
      query.processAllAvailable();
      assertThat(batches).hasSize(2);
      clock.addAndGet(30_000);
      query.processAllAvailable();
      assertThat(batches).hasSize(3);
      assertThat(batches.get(2)).hasSize(10);
      assertThat(query.lastProgress().sources()[0].endOffset()).contains("\"tableVersion\":3");
      assertThat(query.lastProgress().sources()[0].latestOffset()).contains("\"tableVersion\":3");
      assertThat(query.lastProgress().sources()[0].numInputRows()).isEqualTo(10);
    } finally {
      query.stop();
      PollingClock.set(null);
    }
  }

  @Test
  void urlsThatDieWhileABatchRunsAreRenewed() throws Exception {
    try (TestShare brief =
        TestShare.of(
            directory,
            List.of(),
            config ->
                config
                    .preSignedUrlTimeoutSeconds(1)
                    .table(
                        new SharedTable(
                            "share",
                            "schema",
                            "plain",
                            directory.resolve("plain").toUri(),
                            "",
                            true,
                            0)))) {
      for (Map<String, String> options :
          List.of(Map.<String, String>of(), Map.of("startingVersion", "0"))) {
        List<Long> counts = Collections.synchronizedList(new ArrayList<>());
        StreamingQuery query =
            StreamRuns.shared(brief, "plain", options)
                .writeStream()
                .option("checkpointLocation", newCheckpoint().toString())
                .trigger(Trigger.AvailableNow())
                .foreachBatch(
                    (org.apache.spark.api.java.function.VoidFunction2<
                            org.apache.spark.sql.Dataset<org.apache.spark.sql.Row>, Long>)
                        (batch, id) -> {
                          // Planned now, read when the URLs are dead.
                          batch.queryExecution().executedPlan().execute();
                          Thread.sleep(2_500);
                          counts.add(batch.count());
                        })
                .start();
        query.awaitTermination();
        assertThat(counts).containsExactly(20L);
      }
    }
  }

  @Test
  void whatComesBeforeACommitThatFailsIsReadAndThenItFails() throws Exception {
    TestSpark.session().sql("DELETE FROM " + sql("failing"));
    Path checkpoint = newCheckpoint();
    Map<String, String> options = Map.of("startingVersion", "0");
    List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());
    StreamingQuery query =
        StreamRuns.start(
            StreamRuns.shared(share, "failing", options),
            checkpoint,
            Trigger.AvailableNow(),
            batches);
    assertThatThrownBy(query::awaitTermination)
        .hasMessageContaining("version 2 deleted rows")
        .hasMessageContaining("ignoreDeletes");
    assertThat(batches).hasSize(1);
    assertThat(batches.get(0)).hasSize(20);
    Map<String, String> cured = new HashMap<>(options);
    cured.put("ignoreDeletes", "true");
    assertThat(run("failing", cured, checkpoint).rows()).isEmpty();
  }

  @Test
  void aSchemaChangeFailsTheStreamAndARestartGoesOn() throws Exception {
    Path checkpoint = newCheckpoint();
    var before = StreamRuns.shared(share, "widened", Map.of("startingVersion", "0"));
    TestSpark.session().sql("ALTER TABLE " + sql("widened") + " ADD COLUMNS (w INT)");
    TestSpark.session().sql("INSERT INTO " + sql("widened") + " VALUES (100, 'x', 1, 7)");
    List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());
    StreamingQuery query = StreamRuns.start(before, checkpoint, Trigger.AvailableNow(), batches);
    assertThatThrownBy(query::awaitTermination)
        .hasMessageContaining("version 2")
        .hasMessageContaining("column w was added")
        .hasMessageContaining("Start the query again");
    assertThat(batches).hasSize(1);
    assertThat(run("widened", Map.of("startingVersion", "0"), checkpoint).rows())
        .containsExactly("{k=Long:100, v=String:x, p=Integer:1, w=Integer:7}");
  }

  @Test
  void aTableThatWasRecreatedFailsTheRestartedStream() throws Exception {
    Path checkpoint = newCheckpoint();
    run("recreated", Map.of(), checkpoint);
    TableCopies.delete(directory.resolve("recreated"));
    create("recreated");
    try (TestShare anew = TestShare.withHistory(directory, List.of("recreated"))) {
      assertThatThrownBy(
              () ->
                  StreamRuns.availableNow(
                      StreamRuns.shared(anew, "recreated", Map.of()), checkpoint))
          .hasMessageContaining("recreated")
          .hasMessageContaining("new checkpoint directory");
    }
  }

  @Test
  void filesThatWereVacuumedFailTheStream() throws Exception {
    try (Stream<Path> files = Files.list(directory.resolve("vacuumed"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        Files.delete(file);
      }
    }
    List<List<String>> batches = new ArrayList<>();
    StreamingQuery query =
        StreamRuns.start(
            StreamRuns.shared(share, "vacuumed", Map.of("startingVersion", "0")),
            newCheckpoint(),
            Trigger.AvailableNow(),
            batches);
    assertThatThrownBy(query::awaitTermination)
        .hasStackTraceContaining("share.schema.vacuumed")
        .hasStackTraceContaining("HTTP 404")
        .hasStackTraceContaining("VACUUM")
        .hasStackTraceContaining("later 'startingVersion'");
    assertThat(batches).isEmpty();
  }

  /** As when a log was cleaned up while the stream stood still. */
  @Test
  void historyThatIsGoneFailsTheRestartedStream() throws Exception {
    Path checkpoint = newCheckpoint();
    run("cleaned", Map.of("startingVersion", "0"), checkpoint);
    insert("cleaned", 20, 21, 1);
    insert("cleaned", 21, 22, 1);
    SharedTable later =
        new SharedTable(
            "share", "schema", "cleaned", directory.resolve("cleaned").toUri(), "", true, 3);
    try (TestShare since = TestShare.of(directory, List.of(), config -> config.table(later))) {
      List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());
      StreamingQuery query =
          StreamRuns.start(
              StreamRuns.shared(since, "cleaned", Map.of()),
              checkpoint,
              Trigger.AvailableNow(),
              batches);
      assertThatThrownBy(query::awaitTermination)
          .hasMessageContaining("share.schema.cleaned")
          .hasMessageContaining("refuses its versions 2 to 3")
          .hasMessageContaining("rows are lost to this stream")
          .hasMessageContaining("new checkpoint directory");
      assertThat(batches).isEmpty();
    }
  }

  /** Deletion vectors come to the table while it is followed. */
  @Test
  void aTableThatIsUpgradedIsGoneOnWith() throws Exception {
    Path checkpoint = newCheckpoint();
    Map<String, String> options = Map.of("ignoreChanges", "true");
    var stream = StreamRuns.shared(share, "upgraded", options);
    assertThat(StreamRuns.availableNow(stream, checkpoint).rows()).hasSize(20);
    SparkSession spark = TestSpark.session();
    spark.sql(
        "ALTER TABLE %s SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')"
            .formatted(sql("upgraded")));
    spark.sql("DELETE FROM " + sql("upgraded") + " WHERE k = 3");
    // The file comes again without that row; the stream was defined before the upgrade.
    List<String> rows = StreamRuns.availableNow(stream, checkpoint).rows();
    assertThat(rows).isNotEmpty().noneMatch(row -> row.contains("k=Long:3,"));
  }

  @Test
  void historyThatIsNotSharedFailsTheStreamByName() {
    try (TestShare none = TestShare.of(directory, List.of("plain"))) {
      assertThat(runOrFail(none, "plain", Map.of())) // A snapshot needs no history.
          .hasSize(20);
      assertThatThrownBy(() -> runOrFail(none, "plain", Map.of("startingVersion", "0")))
          .hasMessageContaining("share.schema.plain")
          .hasMessageContaining("versions 0 to 1")
          .hasMessageContaining("share it");
    }
  }

  private static List<String> runOrFail(TestShare from, String table, Map<String, String> options) {
    try {
      return StreamRuns.availableNow(StreamRuns.shared(from, table, options), newCheckpoint())
          .rows();
    } catch (org.apache.spark.sql.streaming.StreamingQueryException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "versionAsOf=0, Cannot time travel streams",
    "timestampAsOf=2100-01-01, as of 2100-01-01",
    "endingVersion=1, 'endingVersion' is not for streams",
    "endingTimestamp=2100-01-01, 'endingTimestamp' is not for streams",
    "startingVersion=2, the latest version of share.schema.plain is 1",
    "startingTimestamp=2100-01-01 failOnStartAfterLatest=true, no version was found for the option 'startingTimestamp'",
    "startingVersion=-1, integer ≥ 0",
    "startingVersion=soon, latest",
    "startingTimestamp=soon, 'startingTimestamp'",
    "startingVersion=0 startingTimestamp=2024-01-01, exclude each other",
    "maxFilesPerTrigger=0, 'maxFilesPerTrigger'",
    "maxBytesPerTrigger=many, size such as",
    "maxVersionsPerRpc=0, 'maxVersionsPerRpc'",
    "streaming.queryTableVersionIntervalSeconds=9, at least 10s",
    "readChangeFeed=true, to record changes",
    "readChangeFeed=true startingVersion=0, to record changes",
    "readChangeFeed=true versionAsOf=0, exclude each other"
  })
  void optionsThatCannotBeHonouredFailBeforeDataIsWritten(String given, String message) {
    Map<String, String> options = new HashMap<>();
    for (String option : given.split(" ")) {
      options.put(option.split("=")[0], option.split("=")[1]);
    }
    List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());
    assertThatThrownBy(
            () ->
                StreamRuns.start(
                        StreamRuns.shared(share, "plain", options),
                        newCheckpoint(),
                        Trigger.AvailableNow(),
                        batches)
                    .awaitTermination())
        .hasStackTraceContaining(message);
    assertThat(batches).isEmpty();
  }

  @Test
  void aSchemaAtReadTimeIsRefused() {
    assertThatThrownBy(
            () ->
                TestSpark.session()
                    .readStream()
                    .format("deltaSharing")
                    .schema("k BIGINT")
                    .load(share.path("plain")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("schema");
  }

  @Test
  void onceIsOneBatchWithoutLimitsUpToTheLatestVersion() throws Exception {
    var stream =
        StreamRuns.shared(
            share, "plain", Map.of("startingVersion", "0", "maxFilesPerTrigger", "1"));
    @SuppressWarnings("deprecation")
    StreamRuns.Run once = StreamRuns.run(stream, newCheckpoint(), Trigger.Once());
    assertThat(once.batches()).extracting(List::size).containsExactly(20);
    assertThat(StreamRuns.availableNow(stream, newCheckpoint()).batches())
        .extracting(List::size)
        .containsExactly(10, 10);
  }

  @Test
  void continuousProcessingIsNotOffered() {
    assertThatThrownBy(
            () ->
                StreamRuns.shared(share, "plain", Map.of())
                    .writeStream()
                    .format("noop")
                    .option("checkpointLocation", newCheckpoint().toString())
                    .trigger(Trigger.Continuous(1000))
                    .start()
                    .awaitTermination())
        .hasMessageContaining("continuous");
  }

  @Test
  void theHiddenColumnIsNoneOfAStream() {
    assertThatThrownBy(
            () ->
                StreamRuns.availableNow(
                    StreamRuns.shared(share, "plain", Map.of()).select("k", "_metadata"),
                    newCheckpoint()))
        .isInstanceOf(AnalysisException.class);
  }

  @Test
  void latestBeginsAfterWhatIsThereAndRemembersIt() throws Exception {
    Path checkpoint = newCheckpoint();
    Map<String, String> options = Map.of("startingVersion", "latest");
    assertThat(run("later", options, checkpoint).rows()).isEmpty();
    insert("later", 50, 53, 1);
    assertThat(run("later", options, checkpoint).rows()).hasSize(3);
  }
}
