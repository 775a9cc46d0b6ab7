/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.it.IcebergTables.Read;
import io.github.deltasharing.server.SharingServer;
import io.github.deltasharing.server.config.ShareConfigReader;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Iceberg tables with files that Iceberg has not written, which have no field ids and lack the
 * partition columns, against what Iceberg's own Spark reader reads.
 */
class MigratedIcebergIT {
  private static final Path SCRIPTS = Path.of("src", "test", "resources", "iceberg-migrated");
  private static final String[] TABLES = {
    "added", "added_nested", "added_plain", "added_widened", "migrated", "snapshotted", "written"
  };

  @TempDir static Path directory;

  private static IcebergTables tables;
  private static SharingServer server;
  private static Path profile;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    // Iceberg's files do not say which calendar old dates are of: theirs is Spark's own.
    TestSpark.session().conf().set("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED");
    tables = IcebergTables.write(directory, SCRIPTS, 5);
    String shared =
        Stream.of(TABLES)
            .map(
                "{name: '%1$s', location: 'iceberg://lake/db/%1$s', historyShared: true}"
                    ::formatted)
            .collect(Collectors.joining(", "));
    Path config =
        Files.writeString(
            directory.resolve("share.yaml"),
            """
            version: 1
            port: 0
            authorization: {bearerToken: %s}
            evaluatePredicateHints: true
            evaluateJsonPredicateHintsV2: true
            catalogs: [{name: lake, type: hadoop, warehouse: warehouse}]
            shares: [{name: share, schemas: [{name: schema, tables: [%s]}]}]
            """
                .formatted(TestShare.CANARY, shared));
    server = SharingServer.start(ShareConfigReader.read(config).build());
    profile = directory.resolve("profile.share");
    TestShare.writeProfile(profile, server.uri().toString(), TestShare.CANARY);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  static String[] tables() {
    return TABLES.clone();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void everySnapshotHasIcebergsRows(String table) throws IOException {
    for (Map.Entry<String, Read> expected : tables.reads(table).entrySet()) {
      Read read = expected.getValue();
      for (String format : List.of("delta", "auto")) {
        DataFrameReader reader = reader().option("responseFormat", format);
        if (!expected.getKey().isEmpty()) {
          reader.option("versionAsOf", read.version());
        }
        assertSame(reader, table, read);
      }
    }
  }

  @Test
  void parquetFormatHasWhatTakesNoTableFeature() throws IOException {
    for (String table : List.of("added_plain", "migrated")) {
      for (Read read : tables.reads(table).values()) {
        assertSame(
            reader().option("responseFormat", "parquet").option("versionAsOf", read.version()),
            table,
            read);
      }
    }
    Read imported = IcebergSteps.of(tables.reads("added")).versions().get(0);
    assertSame(
        reader().option("responseFormat", "parquet").option("versionAsOf", 1), "added", imported);
    for (Map.Entry<String, String> refused :
        Map.of(
                "added", "deletionVectors",
                "added_widened", "timestampNtz, typeWidening",
                "written", "timestampNtz")
            .entrySet()) {
      assertThatThrownBy(
              () ->
                  load(reader().option("responseFormat", "parquet"), refused.getKey())
                      .collectAsList())
          .hasMessageContaining("in parquet format")
          .hasMessageContaining(refused.getValue())
          .hasMessageNotContaining("columnMapping");
    }
  }

  @ParameterizedTest
  @CsvSource({"parquet, added_plain migrated", "delta, added_plain migrated snapshotted added"})
  void thePythonClientReadsTheSameRows(String format, String names) throws Exception {
    IcebergPython.assertReadsTheSame(
        directory.resolve("python.log"), profile, format, List.of(names.split(" ")));
  }

  /** By partition values, by metrics, and by what is pushed to readers of files. */
  @ParameterizedTest
  @MethodSource("tables")
  void filtersFindTheSameRowsWhereverTheyAreEvaluated(String table) {
    IcebergFilters.assertSame(
        load(reader(), table), table, values -> values.stream().distinct().limit(3).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"added", "added_plain", "migrated", "snapshotted", "written"})
  void changesLeadFromEachSnapshotToTheNext(String table) throws IOException {
    List<String> rows = List.of();
    List<Read> versions = IcebergSteps.of(tables.reads(table)).versions();
    Read last = versions.get(versions.size() - 1);
    for (Read after : versions) {
      Dataset<Row> changes = changes(table, after.version(), after.version());
      rows =
          IcebergSteps.applied(
              rows, IcebergSteps.rows(changes, "delete"), IcebergSteps.rows(changes, "insert"));
      assertThat(rows).as(table + " " + after.version()).hasSameSizeAs(after.rows());
      // All changes have the newest schema.
      if (after.schema().equals(last.schema())) {
        assertThat(rows).as(table + " " + after.version()).isEqualTo(after.rows());
      }
    }
    Dataset<Row> whole = changes(table, 1, last.version());
    assertThat(
            IcebergSteps.applied(
                IcebergSteps.rows(whole, "insert"), IcebergSteps.rows(whole, "delete"), List.of()))
        .isEqualTo(last.rows());
  }

  /** As upstream's connector does, which makes a Delta log of the response. */
  @ParameterizedTest
  @ValueSource(strings = {"added_plain", "migrated", "snapshotted"})
  void deltaLakeReadsTheSameChanges(String table) throws Exception {
    DeltaLogOfChanges log =
        DeltaLogOfChanges.write(
            DeltaLogOfChanges.response(server.uri(), table),
            directory.resolve("warehouse/db").resolve(table),
            directory.resolve("delta").resolve(table));
    Dataset<Row> ours = changes(table, 1, log.versions().get(log.versions().size() - 1));
    assertThat(Rows.of(log.changes())).isEqualTo(Rows.of(ours.drop("_commit_timestamp")));
  }

  private static Dataset<Row> changes(String table, long from, long to) {
    return load(
        reader()
            .option("readChangeFeed", "true")
            .option("startingVersion", from)
            .option("endingVersion", to),
        table);
  }

  private static DataFrameReader reader() {
    return TestSpark.session().read().format("deltaSharing");
  }

  private static Dataset<Row> load(DataFrameReader reader, String table) {
    return reader.load(profile + "#share.schema." + table);
  }

  private static void assertSame(DataFrameReader reader, String table, Read expected) {
    Dataset<Row> actual = load(reader, table);
    assertThat(actual.schema().simpleString()).as(table).isEqualTo(expected.schema());
    assertThat(Rows.of(actual)).as(table).isEqualTo(expected.rows());
  }
}
