/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

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
import org.junit.jupiter.api.DynamicTest;

/**
 * A server with the Iceberg REST catalog, over a store that checks signatures: a table that
 * Iceberg's Spark wrote and a Delta table with Iceberg metadata. What their writers read of them is
 * in {@code tables/expected.json}. Used by one thread, which closes it.
 */
final class ServedIcebergCatalog implements AutoCloseable {
  /** Of the store's long-lived key; no client may see it. */
  static final String SECRET = "canary-secret-of-the-store";

  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Path directory;
  private final IcebergSpark iceberg;
  private final SharingServer server;
  private final List<String> deltaRows;

  private ServedIcebergCatalog(
      Path directory, IcebergSpark iceberg, SharingServer server, List<String> deltaRows) {
    this.directory = directory;
    this.iceberg = iceberg;
    this.server = server;
    this.deltaRows = deltaRows;
  }

  /** Writes the tables, and starts Iceberg's Spark and the server, below a directory. */
  static ServedIcebergCatalog start(Path directory) throws IOException {
    S3Store store = S3Store.shared();
    String bucket = store.newBucket("rest");
    S3Store.Key key = store.newKeyOf(SECRET, bucket);
    Map<String, String> hadoop = S3Store.hadoop(store.endpoint(), key);
    Path tables = Files.createDirectories(directory.resolve("tables"));
    Dataset<Row> rows = delta(tables.resolve("delta"), bucket);
    store.copy(tables.resolve("delta"), bucket, "delta/");
    store.copy(tables.resolve("plain"), bucket, "plain/");
    Map<String, Object> expected = new TreeMap<>();
    expected.put("delta", JsonRows.of(rows));
    expected.put(
        "delta filtered", JsonRows.of(rows.where("country = 'DE' AND amount > 500 AND id < 700")));
    IcebergSpark iceberg = IcebergSpark.write(directory, "s3a://" + bucket + "/lake", hadoop);
    try {
      ObjectMapper mapper = new ObjectMapper();
      expected.putAll(
          mapper.readValue(
              directory.resolve("expected-lake.json").toFile(),
              new TypeReference<Map<String, Object>>() {}));
      mapper.writeValue(tables.resolve("expected.json").toFile(), expected);
      Path config = directory.resolve("share.yaml");
      Files.writeString(config, configuration(bucket, key, hadoop));
      SharingServer server = SharingServer.start(ShareConfig.read(config));
      return new ServedIcebergCatalog(directory, iceberg, server, Rows.of(rows));
    } catch (IOException | RuntimeException e) {
      iceberg.close();
      throw e;
    }
  }

  private static String configuration(String bucket, S3Store.Key key, Map<String, String> hadoop) {
    return """
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
            - {name: lake_by_directory, location: 'iceberg://lake/db/t', historyShared: true, accessModes: [url, dir]}
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
            key.secret());
  }

  /** Written by Delta Lake, with the rules that it has for tables which Iceberg is to read. */
  private static Dataset<Row> delta(Path table, String bucket) throws IOException {
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
    // Neither knows Iceberg's metadata.
    spark.range(3).write().format("delta").save(table.resolveSibling("plain").toString());
    return spark.read().format("delta").load(table.toString());
  }

  /** Where the catalog is. */
  String uri() {
    return server.uri().resolve("/iceberg").toString();
  }

  /** Iceberg's own Spark, which has written one of the tables as {@code store.db.t}. */
  IcebergSpark iceberg() {
    return iceberg;
  }

  /** What Delta Lake reads of the other one. */
  List<String> deltaRows() {
    return deltaRows;
  }

  /** Runs a suite of {@code src/test/python} with the tables. */
  Stream<DynamicTest> suite(PythonEnvironment python, String name)
      throws IOException, InterruptedException {
    Path profile = directory.resolve("config.share");
    Files.writeString(
        profile,
        "{\"shareCredentialsVersion\": 1, \"endpoint\": \"%1$s\", \"icebergEndpoint\": \"%2$s\", \"bearerToken\": \"%3$s\"}"
            .formatted(server.uri(), uri(), TestShare.CANARY));
    Path scratch = Files.createDirectories(directory.resolve(name));
    return PythonSuite.run(
        python,
        name,
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

  @Override
  public void close() {
    server.close();
    iceberg.close();
  }
}
