/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.it.IcebergTables.Read;
import io.github.deltasharing.server.ProviderServer;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.ShownRows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables that Iceberg has written, shared by the server and read by the connector, against what
 * Iceberg's own Spark reader reads: of the head, of branches and tags, of every older snapshot.
 */
class IcebergIT {
  /** Versions of the table {@code changes} that copy rows: by UPDATE. */
  private static final List<Integer> COPIED = List.of(3, 6);

  private static final List<String> PLAIN =
      List.of("ancient", "changes", "empty", "many", "plain_v1", "refs", "upgraded");

  @TempDir static Path directory;

  private static IcebergTables tables;
  private static ProviderServer server;
  private static Path profile;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    // Iceberg's files do not say which calendar old dates are of: theirs is Spark's own.
    TestSpark.session().conf().set("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED");
    tables = IcebergTables.write(directory);
    StringBuilder yaml =
        new StringBuilder(
            """
            version: 1
            port: 0
            data: data
            authorization:
              bearerToken: %s
            evaluatePredicateHints: true
            evaluateJsonPredicateHintsV2: true
            catalogs:
              - {name: lake, type: hadoop, warehouse: warehouse}
            shares:
              - name: share
                schemas:
                  - name: schema
                    tables:
            """
                .formatted(TestShare.CANARY));
    for (String table : IcebergTables.names()) {
      for (String ref : tables.reads(table).keySet()) {
        if (!ref.matches("\\d+")) {
          yaml.append(
              "          - {name: '%s', location: 'iceberg://lake/db/%s%s', historyShared: true}%n"
                  .formatted(name(table, ref), table, ref.isEmpty() ? "" : "?ref=" + ref));
        }
      }
    }
    Path config = Files.writeString(directory.resolve("share.yaml"), yaml);
    server = ProviderServer.of(directory, new MovableClock(), ShareConfig.read(config));
    profile = directory.resolve("profile.share");
    TestShare.writeProfile(profile, server.uri().toString(), TestShare.CANARY);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static String name(String table, String ref) {
    return ref.isEmpty() ? table : table + "_" + ref;
  }

  static List<String> tables() {
    return IcebergTables.names();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void everySnapshotHasIcebergsRows(String table) throws IOException {
    for (Map.Entry<String, Read> expected : tables.reads(table).entrySet()) {
      Read read = expected.getValue();
      boolean older = expected.getKey().matches("\\d+");
      String shared = older ? table : name(table, expected.getKey());
      if (older && read.sequenceNumber() == 0 && tables.reads(table).get("").sequenceNumber() > 0) {
        // From before the table's upgrade: no version.
        continue;
      }
      assertSame(older ? reader().option("versionAsOf", read.version()) : reader(), shared, read);
      if (!read.rows().isEmpty()) {
        assertSame(reader().option("versionAsOf", read.version()), shared, read);
      }
    }
  }

  /** All of a table's rows, or as many as are shown, by what the connector reads. */
  @ParameterizedTest
  @MethodSource("tables")
  void thePreviewHasTheSameRows(String table) {
    JsonNode preview =
        server.done("GET", "/shares/share/tables/schema/" + table + "/preview?maxResults=100", "");
    Dataset<Row> read = reader().load(profile + "#share.schema." + table);
    List<String> expected = new ArrayList<>(ShownRows.of(read));
    List<String> shown = new ArrayList<>();
    preview.path("rows").forEach(row -> shown.add(row.toString()));
    assertThat(shown).hasSize(Math.min(100, expected.size()));
    assertThat(preview.path("more").asBoolean()).isEqualTo(expected.size() > 100);
    List<String> rest = IcebergSteps.without(shown, expected);
    assertThat(rest).as(expected.toString()).isEmpty();
    assertThat(preview.path("columns"))
        .extracting(column -> column.path("name").asText())
        .containsExactly(read.schema().fieldNames());
  }

  /** Where it takes no table feature to read a table by the names of its columns. */
  @ParameterizedTest
  @MethodSource("tables")
  void parquetFormatHasTheSameRowsOrIsRefused(String table) throws IOException {
    DataFrameReader parquet = reader().option("responseFormat", "parquet");
    if (PLAIN.contains(table)) {
      assertSame(parquet, table, tables.reads(table).get(""));
    } else {
      assertThatThrownBy(() -> parquet.load(profile + "#share.schema." + table).collectAsList())
          .hasMessageContaining("in parquet format")
          .hasMessageContaining("columnMapping");
    }
  }

  /** Delta Sharing's own client, whose delta format goes through Delta Kernel in Rust. */
  @ParameterizedTest
  @CsvSource({
    "parquet, plain_v1 changes upgraded",
    "delta, plain_v1 changes upgraded deletes_v2 deletes_v3"
  })
  void thePythonClientReadsTheSameRows(String format, String names) throws Exception {
    IcebergPython.assertReadsTheSame(
        directory.resolve("python.log"), profile, format, List.of(names.split(" ")));
  }

  /** Files are left out by Iceberg's metrics, and rows by what is pushed to readers of files. */
  @ParameterizedTest
  @ValueSource(strings = {"types", "transforms", "evolved", "swapped", "deletes_v2"})
  void filtersFindTheSameRowsWhereverTheyAreEvaluated(String table) {
    IcebergFilters.assertSame(
        reader().load(profile + "#share.schema." + table),
        table,
        values -> Collections.singletonList(values.get(values.size() / 2 - 1)));
  }

  /** Copy-on-write deletes and inserts rows that did not change; all else is the difference. */
  @ParameterizedTest
  @ValueSource(strings = {"changes", "grows", "deletes_v2", "deletes_v3", "upgraded"})
  void changesLeadFromEachSnapshotToTheNext(String table) throws IOException {
    List<Read> versions = IcebergSteps.of(tables.reads(table)).versions();
    List<String> all = List.of();
    for (int i = 0; i < versions.size(); i++) {
      Read before = i == 0 ? null : versions.get(i - 1);
      Read after = versions.get(i);
      if (before == null && table.equals("upgraded")) {
        all =
            tables.reads(table).values().stream()
                .filter(r -> r.sequenceNumber() == 0)
                .findFirst()
                .orElseThrow()
                .rows();
      }
      List<String> rows = before == null ? all : before.rows();
      Dataset<Row> changes =
          changes(table, before == null ? 1 : before.version() + 1, after.version());
      List<String> deleted = IcebergSteps.rows(changes, "delete");
      List<String> inserted = IcebergSteps.rows(changes, "insert");
      String step = table + " to " + after.version();
      assertThat(IcebergSteps.applied(rows, deleted, inserted)).as(step).isEqualTo(after.rows());
      if (!(table.equals("changes") && COPIED.contains((int) after.version()))) {
        assertThat(deleted).as(step).isEqualTo(IcebergSteps.without(rows, after.rows()));
        assertThat(inserted).as(step).isEqualTo(IcebergSteps.without(after.rows(), rows));
      }
    }
    Dataset<Row> whole = changes(table, 1, versions.get(versions.size() - 1).version());
    List<String> inserted = new ArrayList<>(all);
    inserted.addAll(IcebergSteps.rows(whole, "insert"));
    assertThat(IcebergSteps.applied(inserted, IcebergSteps.rows(whole, "delete"), List.of()))
        .isEqualTo(versions.get(versions.size() - 1).rows());
  }

  @Test
  void addedColumnsAreReadOverAndOthersRefused() throws IOException {
    Dataset<Row> changes = changes("widened", 1, 3);
    assertThat(
            IcebergSteps.applied(
                IcebergSteps.rows(changes, "insert"),
                IcebergSteps.rows(changes, "delete"),
                List.of()))
        .isEqualTo(tables.reads("widened").get("").rows());
    assertThatThrownBy(() -> changes("evolved", 1, 3).collectAsList())
        .hasMessageContaining("share.schema.evolved")
        .hasMessageContaining("column id went from int to bigint");
    assertThatThrownBy(() -> changes("swapped", 1, 2).collectAsList())
        .hasMessageContaining("column a was dropped or renamed");
  }

  /** As upstream's connector does, which makes a Delta log of the response. */
  @ParameterizedTest
  @ValueSource(strings = {"changes", "deletes_v3"})
  void deltaLakeReadsTheSameChanges(String table) throws Exception {
    DeltaLogOfChanges log =
        DeltaLogOfChanges.write(
            DeltaLogOfChanges.response(server.uri(), table),
            directory.resolve("warehouse/db").resolve(table),
            directory.resolve("delta").resolve(table));
    Dataset<Row> ours = changes(table, 1, log.versions().get(log.versions().size() - 1));
    assertThat(Rows.of(log.changes())).isEqualTo(Rows.of(ours.drop("_commit_timestamp")));
  }

  /** As far as no rows are deleted in files. The time is a number there. */
  @Test
  void changesAreTheSameInParquetFormat() {
    DataFrameReader parquet = reader().option("responseFormat", "parquet");
    List<String> delta = Rows.of(changes("changes", 1, 3).drop("_commit_timestamp"));
    assertThat(delta).hasSizeGreaterThan(15);
    assertThat(Rows.of(changes(parquet, "changes", 1, 3).drop("_commit_timestamp")))
        .isEqualTo(delta);
  }

  /** The table grows between runs of the same streams, of its rows and of its changes. */
  @Test
  void streamsOfAGrowingTableReadEachRowOnce() throws Exception {
    Path metadata = directory.resolve("warehouse/db/grows/metadata");
    Path later = Files.createDirectory(directory.resolve("later"));
    List<Read> versions = IcebergSteps.of(tables.reads("grows")).versions();
    // v1 creates the table, v4 a branch, v5 is of that branch.
    Map<Integer, Read> states =
        Map.of(
            2,
            versions.get(0),
            3,
            versions.get(1),
            5,
            versions.get(1),
            6,
            versions.get(2),
            8,
            versions.get(4));
    try {
      for (int i = 3; i <= 8; i++) {
        move(i, metadata, later);
      }
      for (int i = 2; i <= 8; i++) {
        if (i > 2) {
          move(i, later, metadata);
        }
        if (states.containsKey(i)) {
          Dataset<Row> changes = copy("changes", Map.of("readChangeFeed", "true"));
          assertThat(
                  IcebergSteps.applied(
                      IcebergSteps.rows(changes, "insert"),
                      IcebergSteps.rows(changes, "delete"),
                      List.of()))
              .as("v" + i)
              .isEqualTo(states.get(i).rows());
        }
        if (states.containsKey(i) && i < 8) {
          assertThat(Rows.of(copy("rows", Map.of()))).isEqualTo(states.get(i).rows());
        }
      }
      assertThatThrownBy(() -> copy("rows", Map.of()))
          .hasStackTraceContaining("version 5")
          .hasStackTraceContaining("skipChangeCommits");
      List<String> all = IcebergSteps.without(versions.get(4).rows(), versions.get(3).rows());
      all.addAll(versions.get(2).rows());
      all.sort(null);
      assertThat(Rows.of(copy("rows", Map.of("skipChangeCommits", "true")))).isEqualTo(all);
    } finally {
      for (int i = 3; i <= 8; i++) {
        move(i, later, metadata);
      }
    }
  }

  private static void move(int version, Path from, Path to) throws IOException {
    String name = "v" + version + ".metadata.json";
    if (Files.exists(from.resolve(name))) {
      Files.move(from.resolve(name), to.resolve(name));
    }
  }

  /** Goes on with a stream up to the latest version; returns all that it has read. */
  private static Dataset<Row> copy(String name, Map<String, String> options) throws Exception {
    Path to = directory.resolve("copies").resolve(name);
    TestSpark.session()
        .readStream()
        .format("deltaSharing")
        .option("maxFilesPerTrigger", "2")
        .options(options)
        .load(profile + "#share.schema.grows")
        .writeStream()
        .option("checkpointLocation", to.resolve("checkpoint").toString())
        .trigger(Trigger.AvailableNow())
        .format("parquet")
        .start(to.resolve("rows").toString())
        .awaitTermination();
    return TestSpark.session().read().parquet(to.resolve("rows").toString());
  }

  private static Dataset<Row> changes(String table, long from, long to) {
    return changes(reader(), table, from, to);
  }

  private static Dataset<Row> changes(DataFrameReader reader, String table, long from, long to) {
    return reader
        .option("readChangeFeed", "true")
        .option("startingVersion", from)
        .option("endingVersion", to)
        .load(profile + "#share.schema." + table);
  }

  private static DataFrameReader reader() {
    return TestSpark.session().read().format("deltaSharing");
  }

  private static void assertSame(DataFrameReader reader, String table, Read expected) {
    Dataset<Row> actual = reader.load(profile + "#share.schema." + table);
    assertThat(actual.schema().simpleString()).as(table).isEqualTo(expected.schema());
    assertThat(Rows.of(actual)).as(table).isEqualTo(expected.rows());
  }
}
