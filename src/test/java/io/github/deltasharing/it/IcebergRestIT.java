/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.server.SharingServer;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.PythonEnvironment;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import io.github.deltasharing.testing.UniformTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
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
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final String SECRET = "canary-secret-of-the-store";

  @TempDir static Path directory;

  private static IcebergSpark iceberg;
  private static SharingServer server;
  private static List<String> deltaRows;

  @BeforeAll
  static void start() throws IOException {
    S3Store store = S3Store.shared();
    String bucket = store.newBucket("rest");
    S3Store.Key key = store.newKeyOf(SECRET, bucket);
    Map<String, String> hadoop = S3Store.hadoop(store.endpoint(), key);
    Path tables = Files.createDirectories(directory.resolve("tables"));
    Map<String, Object> expected = new TreeMap<>(delta(tables.resolve("delta"), bucket));
    store.copy(tables.resolve("delta"), bucket, "delta/");
    iceberg = IcebergSpark.write(directory, "s3a://" + bucket + "/lake", hadoop);
    ObjectMapper mapper = new ObjectMapper();
    expected.putAll(
        mapper.readValue(
            directory.resolve("expected-lake.json").toFile(),
            new TypeReference<Map<String, Object>>() {}));
    mapper.writeValue(tables.resolve("expected.json").toFile(), expected);
    Path config = directory.resolve("share.yaml");
    Files.writeString(
        config,
        """
        authorization: {bearerToken: '%1$s'}
        port: 0
        icebergCatalog: true
        catalogs: [{name: lake, type: hadoop, warehouse: 's3a://%2$s/lake'}]
        storage:
        - prefix: s3a://%2$s
          hadoop: {%3$s}
          credentials: {type: static, accessKeyId: '%4$s', secretAccessKey: '%5$s', sessionToken: canary-session}
        shares:
        - name: share
          schemas:
          - name: schema
            tables:
            - {name: delta, location: 's3a://%2$s/delta'}
            - {name: by_directory, location: 's3a://%2$s/delta', historyShared: true, accessModes: [dir]}
            - {name: lake, location: 'iceberg://lake/db/t', historyShared: true}
            - {name: lake_newest, location: 'iceberg://lake/db/t'}
            - {name: plain, location: 's3a://%2$s/plain'}
        """
            .formatted(
                TestShare.CANARY,
                bucket,
                hadoop.entrySet().stream()
                    .map(pair -> pair.getKey() + ": '" + pair.getValue() + "'")
                    .collect(Collectors.joining(", ")),
                key.id(),
                key.secret()));
    server = SharingServer.start(ShareConfig.read(config));
    iceberg.catalog(
        "shared", server.uri().resolve("/iceberg").toString(), "share", TestShare.CANARY);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (iceberg != null) {
      iceberg.close();
    }
  }

  /** Written by Delta Lake, with the rules that it has for tables which Iceberg is to read. */
  private static Map<String, Object> delta(Path table, String bucket) throws IOException {
    SparkSession spark = TestSpark.session();
    spark.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    String name = "delta.`" + table + "`";
    spark.sql(
        "CREATE TABLE "
            + name
            + " (id BIGINT, country STRING, amount DECIMAL(12, 2), day DATE, sold_at TIMESTAMP, tags ARRAY<STRING>,"
            + " person STRUCT<name: STRING, price: DOUBLE>, props MAP<STRING, BIGINT>) USING delta PARTITIONED BY (country)"
            + " TBLPROPERTIES (delta.columnMapping.mode = 'name', delta.enableIcebergCompatV2 = true)");
    for (int batch = 0; batch < 2; batch++) {
      spark.sql(
          """
          INSERT INTO %s SELECT id, element_at(array('DE', 'F R/ü', 'JP', NULL), int(id %% 4) + 1),
            CAST(id * 3.17 AS DECIMAL(12,2)), date_add(DATE'2024-01-01', int(id %% 90)),
            timestamp_seconds(1700000000 + id * 61), array('a', NULL, concat('t', id %% 3)),
            IF(id %% 6 = 0, NULL, named_struct('name', concat('p', id), 'price', id / 7)), map(concat('k', id %% 3), id)
          FROM range(%d, %d, 1, 2)"""
              .formatted(name, batch * 400, (batch + 1) * 400));
    }
    spark.sql("DELETE FROM " + name + " WHERE id % 97 = 5");
    spark.sql("ALTER TABLE " + name + " RENAME COLUMN day TO `the day`");
    spark.conf().unset("spark.sql.parquet.outputTimestampType");
    UniformTable.of(table, "s3://" + bucket + "/delta");
    Dataset<Row> rows = spark.read().format("delta").load(table.toString());
    deltaRows = Rows.of(rows);
    // Neither knows Iceberg's metadata.
    spark.range(3).write().format("delta").save(table.resolveSibling("plain").toString());
    S3Store.shared().copy(table.resolveSibling("plain"), bucket, "plain/");
    return Map.of(
        "delta",
        JsonRows.of(rows),
        "delta filtered",
        JsonRows.of(rows.where("country = 'DE' AND amount > 500 AND id < 700")));
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
        .hasSize(4)
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
    assertThat(iceberg.log()).doesNotContain(SECRET);
  }

  @TestFactory
  Stream<DynamicTest> pyIceberg() throws IOException, InterruptedException {
    PythonEnvironment python = PythonEnvironment.over(PythonEnvironment.of("spark-3.5"), "iceberg");
    Path profile = directory.resolve("config.share");
    Files.writeString(
        profile,
        "{\"shareCredentialsVersion\": 1, \"endpoint\": \"%1$s\", \"icebergEndpoint\": \"%2$s\", \"bearerToken\": \"%3$s\"}"
            .formatted(server.uri(), server.uri().resolve("/iceberg"), TestShare.CANARY));
    Path scratch = Files.createDirectories(directory.resolve("pyiceberg"));
    return PythonSuite.run(
        python,
        "iceberg_suite",
        List.of(
            "--profile=" + profile,
            "--tables=" + directory.resolve("tables"),
            "--scratch=" + scratch,
            "--connector=none"),
        scratch,
        LONGEST,
        TestShare.CANARY,
        SECRET);
  }
}
