package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.testing.ChangeHistories;
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
  private static final Map<String, List<String>> EXPECTED = new HashMap<>();

  @BeforeAll
  static void writeAndShare() {
    StreamRuns.interpret(true);
    ChangeHistories.NAMES.forEach(name -> ChangeHistories.copy(name, directory));
    share = TestShare.withHistory(directory, ChangeHistories.NAMES);
  }

  @AfterAll
  static void stop() {
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

  /** Returns the last of the runs, which are alike. */
  private static StreamRuns.Run check(String table, Map<String, String> options) throws Exception {
    Map<String, String> unlimited = unlimited(options);
    String key = table + unlimited;
    StreamRuns.Run run = null;
    if (!EXPECTED.containsKey(key)) {
      Dataset<Row> delta = StreamRuns.delta(directory.resolve(table), unlimited);
      EXPECTED.put(key, StreamRuns.availableNow(delta, checkpoint()).rows());
    }
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
      assertThat(run.rows()).as(format).isNotEmpty().isEqualTo(EXPECTED.get(key));
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
