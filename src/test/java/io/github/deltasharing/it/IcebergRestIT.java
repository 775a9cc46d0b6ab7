/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.PythonEnvironment;
import io.github.deltasharing.testing.TestShare;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Iceberg REST catalog of the server, by Iceberg's own catalog for Spark and by PyIceberg: a
 * table that Iceberg wrote and a Delta table with Iceberg metadata, in a store that checks
 * signatures, against what Iceberg and Delta Lake read of them without the server.
 */
class IcebergRestIT {
  @TempDir static Path directory;

  private static ServedIcebergCatalog served;
  private static IcebergSpark iceberg;

  @BeforeAll
  static void start() throws IOException {
    served = ServedIcebergCatalog.start(directory);
    iceberg = served.iceberg();
    iceberg.catalog("shared", served.uri(), "share", TestShare.CANARY);
  }

  @AfterAll
  static void stop() {
    if (served != null) {
      served.close();
    }
  }

  private static List<String> rows(String query) throws IOException {
    IcebergSpark.Answer answer = iceberg.query(query);
    assertThat(answer.error()).as(iceberg.log()).isEmpty();
    return answer.rows();
  }

  private static void same(String query, String ofItsWriter) throws IOException {
    List<String> expected = rows(ofItsWriter);
    assertThat(expected).isNotEmpty();
    assertThat(rows(query)).isEqualTo(expected);
  }

  @Test
  void sparksCatalogReadsWhatIcebergWrote() throws IOException {
    same("SELECT * FROM shared.schema.lake", "SELECT * FROM store.db.t");
    same("SELECT * FROM shared.schema.lake_newest", "SELECT * FROM store.db.t");
    same("SELECT * FROM shared.schema.lake_by_directory", "SELECT * FROM store.db.t");
    String filter = " WHERE name = 'n7' AND amount > 100 AND day < DATE'2024-02-10'";
    same(
        "SELECT id, person.birthday FROM shared.schema.lake" + filter,
        "SELECT id, person.birthday FROM store.db.t" + filter);
    same(
        "SELECT snapshot_id, operation FROM shared.schema.lake.snapshots",
        "SELECT snapshot_id, operation FROM store.db.t.snapshots");
    same(
        "SELECT file_path FROM shared.schema.lake.files", "SELECT file_path FROM store.db.t.files");
    assertThat(rows("SELECT * FROM shared.schema.lake_newest.snapshots")).hasSize(1);
    String first =
        rows("SELECT min_by(string(snapshot_id), committed_at) FROM store.db.t.snapshots")
            .get(0)
            .replaceAll("\\D", "");
    same(
        "SELECT * FROM shared.schema.lake VERSION AS OF " + first,
        "SELECT * FROM store.db.t VERSION AS OF " + first);
    assertThat(
            iceberg.query("SELECT * FROM shared.schema.lake_newest VERSION AS OF " + first).error())
        .contains("Cannot find snapshot");
  }

  @Test
  void sparksCatalogReadsDeltaTablesWithIcebergMetadata() throws IOException {
    List<String> deltaRows = served.deltaRows();
    assertThat(deltaRows).hasSize(791);
    assertThat(rows("SELECT * FROM shared.schema.delta")).isEqualTo(deltaRows);
    assertThat(rows("SELECT * FROM shared.schema.by_directory")).isEqualTo(deltaRows);
    assertThat(rows("SELECT count(*) FROM shared.schema.delta WHERE country = 'F R/ü'"))
        .hasSize(1)
        .first()
        .asString()
        .contains(":" + deltaRows.stream().filter(row -> row.contains("F R/ü")).count());
  }

  @Test
  void sparksCatalogListsAndIsRefused() throws IOException {
    assertThat(rows("SHOW TABLES IN shared.schema"))
        .hasSize(5)
        .noneMatch(row -> row.contains("plain"));
    for (String write :
        List.of(
            "INSERT INTO shared.schema.lake SELECT * FROM store.db.t",
            "DELETE FROM shared.schema.lake WHERE id = 1",
            "DROP TABLE shared.schema.lake",
            "CREATE NAMESPACE shared.mine",
            "ALTER TABLE shared.schema.lake SET TBLPROPERTIES ('a' = 'b')")) {
      assertThat(iceberg.query(write).error()).as(write).isNotEmpty();
    }
    same("SELECT count(*) FROM shared.schema.lake", "SELECT count(*) FROM store.db.t");
    assertThat(iceberg.query("SELECT * FROM shared.schema.plain").error())
        .contains("a Delta table without Iceberg metadata");
    assertThat(iceberg.log()).doesNotContain(ServedIcebergCatalog.SECRET);
  }

  @TestFactory
  Stream<DynamicTest> pyIceberg() throws IOException, InterruptedException {
    return served.suite(
        PythonEnvironment.over(PythonEnvironment.of("spark-3.5"), "iceberg"), "iceberg_suite");
  }
}
