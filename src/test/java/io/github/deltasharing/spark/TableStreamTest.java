/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.testing.ChangeHistories;
import io.github.deltasharing.testing.ReferenceServer;
import io.github.deltasharing.testing.ReferenceServer.Release;
import io.github.deltasharing.testing.StreamRuns;
import io.github.deltasharing.testing.TestShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of tables and of their changes read what Delta Lake's own streams read. */
class TableStreamTest {
  private static final Map<String, String> FEED = Map.of("readChangeFeed", "true");
  private static final Map<String, String> COMMITS =
      Map.of("startingVersion", "0", "ignoreChanges", "true");

  @TempDir static Path directory;
  static TestShare share;
  static ReferenceServer kernel;
  static ReferenceServer standalone;
  private static final Map<String, List<String>> EXPECTED = new HashMap<>();

  @BeforeAll
  static void writeAndShare() {
    StreamRuns.interpret(true);
    ChangeHistories.NAMES.forEach(name -> ChangeHistories.copy(name, directory));
    share = TestShare.withHistory(directory, ChangeHistories.NAMES);
    kernel = new ReferenceServer(share, Release.V1_4);
    standalone = new ReferenceServer(share, Release.V1_0);
  }

  @AfterAll
  static void stop() {
    kernel.close();
    standalone.close();
    share.close();
    StreamRuns.interpret(false);
  }

  private static List<Map<String, String>> reads() {
    return List.of(
        Map.of(),
        COMMITS,
        Map.of("startingVersion", "0", "skipChangeCommits", "true"),
        FEED,
        with(FEED, "startingVersion", "0"),
        with(FEED, "startingVersion", "3"));
  }

  static List<Arguments> streams() {
    List<Arguments> cases = new ArrayList<>();
    for (String table : List.of("plain", "vectors", "mapped")) {
      reads().forEach(read -> cases.add(Arguments.of(table, read)));
    }
    cases.add(Arguments.of("nested", with(reads().get(4), "maxFilesPerTrigger", "2")));
    cases.add(Arguments.of("vectors", with(reads().get(4), "maxFilesPerTrigger", "2")));
    cases.add(Arguments.of("plain", with(reads().get(4), "maxBytesPerTrigger", "2k")));
    return cases;
  }

  @ParameterizedTest
  @MethodSource("streams")
  void readsWhatDeltaLakeReads(String table, Map<String, String> options) throws Exception {
    StreamRuns.Run run = check(table, options);
    if (!unlimited(options).equals(options)) {
      assertThat(run.batches()).hasSizeGreaterThan(1);
    }
  }

  static List<Arguments> referenceStreams() {
    List<Arguments> cases = new ArrayList<>();
    for (Release release : Release.values()) {
      reads().forEach(read -> cases.add(Arguments.of("plain", read, release)));
    }
    cases.add(
        Arguments.of("nested", with(reads().get(1), "maxFilesPerTrigger", "2"), Release.V1_4));
    cases.add(
        Arguments.of("nested", with(reads().get(3), "maxFilesPerTrigger", "2"), Release.V1_4));
    // The snapshot of a table with reader features is read by Kernel.
    cases.add(Arguments.of("vectors", Map.of(), Release.V1_4));
    cases.add(Arguments.of("mapped", Map.of(), Release.V1_4));
    return cases;
  }

  @ParameterizedTest
  @MethodSource("referenceStreams")
  void readsTheSameFromTheReferenceServer(
      String table, Map<String, String> options, Release release) throws Exception {
    Dataset<Row> stream = StreamRuns.shared(server(release), table, options);
    if (options.containsKey("readChangeFeed")) {
      stream = stream.withColumn("_commit_timestamp", timestamp(stream));
    }
    assertThat(StreamRuns.availableNow(stream, checkpoint()).rows())
        .isNotEmpty()
        .isEqualTo(expected(table, unlimited(options)));
  }

  private static ReferenceServer server(Release release) {
    return release == Release.V1_4 ? kernel : standalone;
  }

  /** Commits of a table with reader features are not read by it, which is said. */
  @ParameterizedTest
  @ValueSource(strings = {"vectors", "mapped"})
  void commitsThatTheReferenceServerCannotReadAreSaid(String table) {
    for (Map<String, String> read : List.of(COMMITS, FEED, with(FEED, "startingVersion", "0"))) {
      Throwable failure =
          catchThrowable(
              () -> StreamRuns.availableNow(StreamRuns.shared(kernel, table, read), checkpoint()));
      assertThat(failure)
          .as(read.toString())
          .hasStackTraceContaining("share.schema." + table)
          .hasStackTraceContaining("is too new");
    }
  }

  /** Rows of a table do not tell their commit; where streams stood when they had read it does. */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "vectors"})
  void eachCommitHasTheRowsThatItHasInDeltaLake(String table) throws Exception {
    checkCommits(table);
  }

  static List<Arguments> manyStreams() {
    List<Arguments> cases = new ArrayList<>();
    for (String table : ChangeHistories.NAMES) {
      for (Map<String, String> read : reads()) {
        cases.add(Arguments.of(table, read));
        for (String limit : List.of("1", "2", "3")) {
          cases.add(Arguments.of(table, with(read, "maxFilesPerTrigger", limit)));
        }
        cases.add(Arguments.of(table, with(read, "maxBytesPerTrigger", "3k")));
      }
    }
    return cases;
  }

  /** Some of the streams have a single file, and so a single batch under any limit. */
  @Tag("nightly")
  @ParameterizedTest
  @MethodSource("manyStreams")
  void readsWhatDeltaLakeReadsUnderEveryLimit(String table, Map<String, String> options)
      throws Exception {
    check(table, options);
  }

  @Tag("nightly")
  @ParameterizedTest
  @ValueSource(strings = {"mapped", "by_id", "nested"})
  void eachCommitOfTheOthersToo(String table) throws Exception {
    checkCommits(table);
  }

  private static Map<String, String> unlimited(Map<String, String> options) {
    Map<String, String> unlimited = new HashMap<>(options);
    unlimited.keySet().removeIf(name -> name.startsWith("max"));
    return unlimited;
  }

  /** What Delta Lake's own stream reads, run once. */
  private static List<String> expected(String table, Map<String, String> options) throws Exception {
    String key = table + new TreeMap<>(options);
    if (!EXPECTED.containsKey(key)) {
      Dataset<Row> delta = StreamRuns.delta(directory.resolve(table), options);
      EXPECTED.put(key, StreamRuns.availableNow(delta, checkpoint()).rows());
    }
    return EXPECTED.get(key);
  }

  /** Returns the last of the runs, which are alike. */
  private static StreamRuns.Run check(String table, Map<String, String> options) throws Exception {
    Map<String, String> unlimited = unlimited(options);
    List<String> expected = expected(table, unlimited);
    StreamRuns.Run run = null;
    for (String format :
        ChangeHistories.DELTA_ONLY.contains(table)
            ? List.of("auto")
            : List.of("delta", "parquet")) {
      Map<String, String> ours = with(options, "responseFormat", format);
      Dataset<Row> stream = StreamRuns.shared(share, table, with(ours, "maxVersionsPerRpc", "5"));
      if (options.containsKey("readChangeFeed") && format.equals("parquet")) {
        stream = stream.withColumn("_commit_timestamp", timestamp(stream));
      }
      run = StreamRuns.availableNow(stream, checkpoint());
      assertThat(run.rows()).as(format).isNotEmpty().isEqualTo(expected);
    }
    return run;
  }

  private static void checkCommits(String table) throws Exception {
    Map<String, String> options = with(COMMITS, "maxFilesPerTrigger", "1");
    NavigableMap<Long, List<String>> delta =
        rowsUpToVersions(StreamRuns.delta(directory.resolve(table), options));
    NavigableMap<Long, List<String>> ours =
        rowsUpToVersions(StreamRuns.shared(share, table, options));
    assertThat(ours).hasSizeGreaterThan(3);
    delta.forEach((version, rows) -> assertThat(rows).isIn(around(ours, version)));
    ours.forEach((version, rows) -> assertThat(rows).isIn(around(delta, version)));
  }

  /** Where a stream passes over commits without rows, it stands before or behind them. */
  private static List<List<String>> around(NavigableMap<Long, List<String>> rows, long version) {
    return rows.containsKey(version)
        ? List.of(rows.get(version))
        : Stream.of(rows.floorEntry(version), rows.ceilingEntry(version))
            .filter(Objects::nonNull)
            .map(Map.Entry::getValue)
            .toList();
  }

  /** What a stream of a file a batch has read when it stands before a version, by that version. */
  private static NavigableMap<Long, List<String>> rowsUpToVersions(Dataset<Row> stream)
      throws Exception {
    Path checkpoint = checkpoint();
    StreamRuns.Run run = StreamRuns.availableNow(stream, checkpoint);
    NavigableMap<Long, List<String>> versions = new TreeMap<>();
    List<String> rows = new ArrayList<>();
    for (int batch = 0; batch < run.batches().size(); batch++) {
      rows.addAll(run.batches().get(batch));
      JsonNode end = endOf(checkpoint, batch);
      if (end.get("index").asLong() < 0) {
        JsonNode ours = end.path("tableVersion");
        long version = (ours.isMissingNode() ? end.get("reservoirVersion") : ours).asLong();
        versions.put(version, rows.stream().sorted().toList());
      }
    }
    return versions;
  }

  private static JsonNode endOf(Path checkpoint, int batch) throws IOException {
    List<String> lines = Files.readAllLines(checkpoint.resolve("offsets").resolve("" + batch));
    return new ObjectMapper().readTree(lines.get(lines.size() - 1));
  }

  private static Column timestamp(Dataset<Row> stream) {
    return functions.timestamp_millis(stream.col("_commit_timestamp"));
  }

  private static Map<String, String> with(Map<String, String> options, String name, String value) {
    Map<String, String> more = new HashMap<>(options);
    more.put(name, value);
    return more;
  }

  private static Path checkpoint() {
    return directory.resolve("checkpoint-" + UUID.randomUUID());
  }
}
