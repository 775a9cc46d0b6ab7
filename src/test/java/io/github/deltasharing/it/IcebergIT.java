/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables that Iceberg has written, shared by the server and read by the connector, against what
 * Iceberg's own Spark reader reads: of the head, of branches and tags, of every older snapshot.
 */
class IcebergIT {
  /** Versions of the table {@code changes} that copy rows: an UPDATE, and an INSERT OVERWRITE. */
  private static final List<Integer> COPIED = List.of(5);

  @TempDir static Path directory;

  private static IcebergTables tables;
  private static SharingServer server;
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

  /** Files are left out by Iceberg's metrics, and rows by what is pushed to readers of files. */
  @ParameterizedTest
  @ValueSource(strings = {"types", "transforms", "evolved", "swapped", "deletes_v2"})
  void filtersFindTheSameRowsWhereverTheyAreEvaluated(String table) {
    Dataset<Row> shared = reader().load(profile + "#share.schema." + table);
    List<Row> rows = shared.collectAsList();
    Dataset<Row> local = TestSpark.session().createDataFrame(rows, shared.schema());
    for (StructField field : shared.schema().fields()) {
      if (field.dataType() instanceof AtomicType && field.dataType() != DataTypes.BinaryType) {
        Object value = rows.get(rows.size() / 2 - 1).getAs(field.name());
        Column column = functions.col(field.name());
        for (Column filter :
            List.of(column.eqNullSafe(value), column.gt(value), column.leq(value))) {
          assertThat(Rows.of(shared.filter(filter)))
              .as("%s: %s", table, filter)
              .isEqualTo(Rows.of(local.filter(filter)));
        }
      }
    }
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
      List<String> deleted = rows(changes, "delete");
      List<String> inserted = rows(changes, "insert");
      String step = table + " to " + after.version();
      assertThat(IcebergSteps.applied(rows, deleted, inserted)).as(step).isEqualTo(after.rows());
      if (!(table.equals("changes") && COPIED.contains((int) after.version()))) {
        assertThat(deleted).as(step).isEqualTo(IcebergSteps.without(rows, after.rows()));
        assertThat(inserted).as(step).isEqualTo(IcebergSteps.without(after.rows(), rows));
      }
    }
    Dataset<Row> whole = changes(table, 1, versions.get(versions.size() - 1).version());
    assertThat(whole.select("_commit_version").distinct().count()).isGreaterThan(1);
    List<String> inserted = new java.util.ArrayList<>(all);
    inserted.addAll(rows(whole, "insert"));
    assertThat(IcebergSteps.applied(inserted, rows(whole, "delete"), List.of()))
        .isEqualTo(versions.get(versions.size() - 1).rows());
  }

  private static Dataset<Row> changes(String table, long from, long to) {
    return reader()
        .option("readChangeFeed", "true")
        .option("startingVersion", from)
        .option("endingVersion", to)
        .load(profile + "#share.schema." + table);
  }

  private static List<String> rows(Dataset<Row> changes, String type) {
    return Rows.of(
        changes
            .filter(functions.col("_change_type").equalTo(type))
            .drop("_change_type", "_commit_version", "_commit_timestamp"));
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
