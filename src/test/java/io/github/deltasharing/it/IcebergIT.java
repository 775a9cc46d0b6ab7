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

  private static DataFrameReader reader() {
    return TestSpark.session().read().format("deltaSharing");
  }

  private static void assertSame(DataFrameReader reader, String table, Read expected) {
    Dataset<Row> actual = reader.load(profile + "#share.schema." + table);
    assertThat(actual.schema().simpleString()).as(table).isEqualTo(expected.schema());
    assertThat(Rows.of(actual)).as(table).isEqualTo(expected.rows());
  }
}
