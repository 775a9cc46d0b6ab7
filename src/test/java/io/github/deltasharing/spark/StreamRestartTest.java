/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.ChangeHistories;
import io.github.deltasharing.testing.StreamRuns;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a checkpoint says is all that a stream needs to go on, and to do a batch again. */
class StreamRestartTest {
  @TempDir static Path directory;
  static TestShare share;
  private static final List<String> TABLES = List.of("plain", "vectors", "mapped");

  @BeforeAll
  static void writeAndShare() {
    StreamRuns.interpret(true);
    TABLES.forEach(name -> ChangeHistories.copy(name, directory));
    TestSpark.session()
        .sql("CREATE TABLE %s (k BIGINT, v STRING, p INT) USING delta".formatted(sql("adds")));
    insert(0, 30, 4);
    insert(30, 60, 3);
    insert(60, 70, 1);
    share = TestShare.withHistory(directory, List.of("plain", "vectors", "mapped", "adds"));
  }

  private static String sql(String table) {
    return "delta.`" + directory.resolve(table) + "`";
  }

  /** Adds rows in some files. */
  private static void insert(long from, long to, int files) {
    TestSpark.session()
        .range(from, to, 1, files)
        .selectExpr("id AS k", "concat('v', id) AS v", "int(id % 2) AS p")
        .write()
        .format("delta")
        .mode("append")
        .save(directory.resolve("adds").toString());
  }

  @AfterAll
  static void stop() {
    share.close();
    StreamRuns.interpret(false);
  }

  static List<Arguments> reads() {
    return List.of(
        Arguments.of(
            "vectors",
            Map.of("startingVersion", "0", "ignoreChanges", "true", "maxFilesPerTrigger", "4"),
            List.of(0, 1, 4)),
        Arguments.of(
            "plain",
            Map.of("readChangeFeed", "true", "startingVersion", "2", "maxFilesPerTrigger", "1"),
            List.of(0, 1)));
  }

  @ParameterizedTest
  @MethodSource("reads")
  void aBatchIsDoneAgainAsItWasAlthoughTheTableMovedOn(
      String table, Map<String, String> options, List<Integer> batches) throws Exception {
    checkAgain(table, options, batches);
  }

  static List<Arguments> manyReads() {
    List<Arguments> cases = new ArrayList<>();
    for (String table : TABLES) {
      for (Map<String, String> options :
          List.of(
              Map.of("maxFilesPerTrigger", "1"),
              Map.of("startingVersion", "0", "ignoreChanges", "true", "maxFilesPerTrigger", "1"),
              Map.of("readChangeFeed", "true", "startingVersion", "0", "maxFilesPerTrigger", "2"),
              Map.of("readChangeFeed", "true", "maxBytesPerTrigger", "2k"))) {
        cases.add(Arguments.of(table, options));
      }
    }
    return cases;
  }

  @Tag("nightly")
  @ParameterizedTest
  @MethodSource("manyReads")
  void everyBatchIsDoneAgainAsItWas(String table, Map<String, String> options) throws Exception {
    checkAgain(table, options, null);
  }

  /**
   * @param which batches are done again; null for all
   */
  private static void checkAgain(String table, Map<String, String> options, List<Integer> which)
      throws Exception {
    Path checkpoint = newCheckpoint();
    List<List<String>> batches = run(table, options, checkpoint);
    TestSpark.session().sql("INSERT INTO " + sql(table) + " VALUES (1000, 'later', 'a', 1, 1)");
    for (int batch = 0; batch < batches.size(); batch++) {
      if (which != null && !which.contains(batch)) {
        continue;
      }
      List<List<String>> again = run(table, options, upTo(batch, checkpoint));
      assertThat(again.get(0)).isEqualTo(batches.get(batch));
      List<String> expected = rows(batches.subList(batch, batches.size()));
      List<String> rows = rows(again);
      assertThat(rows).hasSize(expected.size() + 1).containsAll(expected);
      assertThat(rows).filteredOn(row -> row.contains("String:later")).isNotEmpty();
    }
    if (which != null) {
      assertThat(batches).hasSizeGreaterThan(which.get(which.size() - 1));
    }
  }

  private static List<String> rows(List<List<String>> batches) {
    return batches.stream().flatMap(List::stream).sorted().toList();
  }

  /** As it is when batch {@code batch} was planned and did not end. */
  private static Path upTo(int batch, Path checkpoint) throws IOException {
    Path copy = newCheckpoint();
    try (Stream<Path> files = Files.walk(checkpoint)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        String kind = checkpoint.relativize(file).getName(0).toString();
        boolean numbered = kind.equals("offsets") || kind.equals("commits");
        int last = kind.equals("offsets") ? batch : batch - 1;
        if (name.startsWith(".") || (numbered && Integer.parseInt(name) > last)) {
          continue;
        }
        Path target = copy.resolve(checkpoint.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    return copy;
  }

  @ParameterizedTest(name = "{0} at version {1}, file {2}, snapshot {3}")
  @CsvSource({
    "parquet-format, 1, 0, false, 30",
    "parquet-format, 1, 2, false, 30",
    "parquet-format, 2, -1, false, 40",
    "parquet-format, 3, 4, true, 0",
    "parquet-format, 4, -1, false, 0",
    "delta-format, 1, 0, false, 30",
    "delta-format, 2, -1, false, 40",
    "delta-format, 4, -1, false, 0"
  })
  void goesOnFromUpstreamsCheckpoints(
      String form, long version, long index, boolean snapshot, int atLeast) throws Exception {
    String responseFormat = form.equals("parquet-format") ? "parquet" : "delta";
    Map<String, String> from =
        snapshot
            ? Map.of("responseFormat", responseFormat)
            : Map.of("responseFormat", responseFormat, "startingVersion", "" + version);
    // What the whole version, or snapshot, and all after it hold, file by file.
    List<List<String>> all =
        version > 3
            ? List.of()
            : run("adds", with(from, "maxFilesPerTrigger", "1"), newCheckpoint());
    List<String> expected = new ArrayList<>();
    all.subList((int) Math.min(all.size(), index + 1), all.size()).forEach(expected::addAll);
    expected.sort(null);
    List<String> rows = new ArrayList<>();
    run("adds", Map.of(), upstream(form, version, index, snapshot)).forEach(rows::addAll);
    rows.sort(null);
    assertThat(rows).isEqualTo(expected).hasSizeGreaterThanOrEqualTo(atLeast > 0 ? 10 : 0);
  }

  @Test
  void theMidstOfASnapshotThatWasCountedByTimesIsRefused() throws Exception {
    Path checkpoint = upstream("delta-format", 3, 2, true);
    assertThatThrownBy(() -> run("adds", Map.of(), checkpoint))
        .hasMessageContaining("share.schema.adds")
        .hasMessageContaining("counted by their times")
        .hasMessageContaining("new checkpoint");
  }

  @Test
  void aCheckpointOfAnotherTableIsRefused() throws Exception {
    Path checkpoint = newCheckpoint();
    run("adds", Map.of(), checkpoint);
    assertThatThrownBy(() -> run("plain", Map.of(), checkpoint))
        .hasMessageContaining("share.schema.plain")
        .hasMessageContaining("recreated")
        .hasMessageContaining("new checkpoint directory");
  }

  @Test
  void aCheckpointBeyondAVersionsFilesIsRefused() throws Exception {
    Path checkpoint = upstream("parquet-format", 3, 7, false);
    assertThatThrownBy(() -> run("adds", Map.of(), checkpoint))
        .hasMessageContaining("behind file 7 of version 3, which has 1 files");
  }

  private static Path upstream(String form, long version, long index, boolean snapshot)
      throws IOException {
    Path checkpoint = newCheckpoint();
    Path source = Path.of("src/test/resources/checkpoints", form);
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = checkpoint.resolve(source.relativize(file).toString());
        Files.createDirectories(target.getParent());
        String text =
            Files.readString(file)
                .replace("TABLE_ID", tableId())
                .replace("VERSION", "" + version)
                .replace("INDEX", "" + index)
                .replace("SNAPSHOT", "" + snapshot);
        Files.writeString(target, text);
      }
    }
    return checkpoint;
  }

  private static String tableId() {
    return TestSpark.session()
        .sql("DESCRIBE DETAIL " + sql("adds"))
        .select("id")
        .head()
        .getString(0);
  }

  private static List<List<String>> run(String table, Map<String, String> options, Path checkpoint)
      throws Exception {
    Dataset<Row> stream = StreamRuns.shared(share, table, options);
    return StreamRuns.availableNow(stream, checkpoint).batches();
  }

  private static Map<String, String> with(Map<String, String> options, String name, String value) {
    Map<String, String> more = new HashMap<>(options);
    more.put(name, value);
    return more;
  }

  private static Path newCheckpoint() {
    return directory.resolve("checkpoint-" + UUID.randomUUID());
  }
}
