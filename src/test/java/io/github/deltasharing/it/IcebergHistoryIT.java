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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongFunction;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of Iceberg tables: each of their snapshots has the rows that Iceberg's own Spark
 * reader finds. {@code -Dhistory.seed=N} begins with that seed, {@code -Dhistory.count=N} is how
 * many.
 */
@Tag("nightly")
class IcebergHistoryIT {
  private static final int COUNT = Integer.getInteger("history.count", 100);
  private static final long SEED =
      Long.getLong("history.seed", ThreadLocalRandom.current().nextInt(1_000_000_000));

  /** What is not found by names is refused by name; also in the midst of a response. */
  private static final String REFUSED =
      "(?s).*(is not found by name: it had another name|does not say whether it has the partition column).*";

  @Test
  void everySnapshotHasIcebergsRows(@TempDir Path directory) throws Exception {
    assertThat(served(directory, IcebergHistory::script, "")).isGreaterThan(3 * COUNT);
  }

  /** Tables whose first files have no field ids, and lack the partition columns. */
  @Test
  void everySnapshotOfFilesOfOthersHasIcebergsRowsOrIsRefused(@TempDir Path directory)
      throws Exception {
    assertThat(
            served(
                directory,
                seed -> IcebergHistory.script(seed, "spark_catalog.default.h" + seed),
                REFUSED))
        .isGreaterThan(2 * COUNT);
  }

  /**
   * Returns how many snapshots are served.
   *
   * @param refused what errors may match
   */
  private static int served(Path directory, LongFunction<String> script, String refused)
      throws Exception {
    TestSpark.session().conf().set("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED");
    Path scripts = Files.createDirectory(directory.resolve("scripts"));
    StringBuilder yaml =
        new StringBuilder(
            """
            version: 1
            port: 0
            authorization:
              bearerToken: %s
            catalogs:
              - {name: lake, type: hadoop, warehouse: warehouse}
            shares:
              - name: share
                schemas:
                  - name: schema
                    tables:
            """
                .formatted(TestShare.CANARY));
    for (int i = 0; i < COUNT; i++) {
      String name = "h" + (SEED + i);
      Files.writeString(scripts.resolve(name + ".sql"), script.apply(SEED + i));
      yaml.append(
          "          - {name: '%s', location: 'iceberg://lake/db/%s', historyShared: true}%n"
              .formatted(name, name));
    }
    IcebergTables tables = IcebergTables.write(directory, scripts, 60);
    Path config = Files.writeString(directory.resolve("share.yaml"), yaml);
    Path profile = directory.resolve("profile.share");
    List<String> wrong = new ArrayList<>();
    int snapshots = 0;
    int plain = 0;
    try (SharingServer server = SharingServer.start(ShareConfigReader.read(config).build())) {
      TestShare.writeProfile(profile, server.uri().toString(), TestShare.CANARY);
      for (int i = 0; i < COUNT; i++) {
        String name = "h" + (SEED + i);
        Map<String, Read> reads = tables.reads(name);
        boolean numbered = reads.get("").sequenceNumber() > 0;
        for (Map.Entry<String, Read> read : reads.entrySet()) {
          if (numbered && read.getValue().sequenceNumber() == 0) {
            // From before the table's upgrade: no version.
            continue;
          }
          String difference = difference(profile, name, read.getKey(), read.getValue(), "delta");
          String parquet = difference(profile, name, read.getKey(), read.getValue(), "parquet");
          if (!difference.isEmpty() && difference.matches(refused)) {
            assertThat(parquet).as(name).matches("(?s).*in parquet format.*|" + refused);
            continue;
          }
          snapshots++;
          if (!parquet.contains("in parquet format")) {
            plain++;
            difference += parquet;
          }
          if (!difference.isEmpty()) {
            wrong.add(
                name
                    + " "
                    + read.getKey()
                    + ": "
                    + difference
                    + "\n"
                    + Files.readString(scripts.resolve(name + ".sql")));
          }
        }
      }
    }
    System.out.printf(
        "seed %d: %d tables, %d snapshots, %d of them in parquet format too%n",
        SEED, COUNT, snapshots, plain);
    assertThat(wrong).isEmpty();
    return snapshots;
  }

  private static String difference(
      Path profile, String table, String key, Read expected, String format) {
    DataFrameReader reader =
        TestSpark.session().read().format("deltaSharing").option("responseFormat", format);
    if (!key.isEmpty()) {
      reader = reader.option("versionAsOf", expected.version());
    }
    try {
      Dataset<Row> actual = reader.load(profile + "#share.schema." + table);
      if (!actual.schema().simpleString().equals(expected.schema())) {
        return actual.schema().simpleString() + " is not " + expected.schema();
      }
      List<String> rows = Rows.of(actual);
      return rows.equals(expected.rows()) ? "" : rows + " are not " + expected.rows();
    } catch (Exception e) {
      return e.toString();
    }
  }
}
