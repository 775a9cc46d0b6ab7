/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.testing.StoreRelay;
import io.github.deltasharing.testing.TableCopies;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Tables written by Delta Lake, served by the built server jar in a JVM of its own, and the rows
 * that Delta Lake reads from them, for {@code src/test/python/recipient_checks.py}. Close it after
 * use.
 */
final class ServedOrders implements AutoCloseable {
  /** How long the URLs of the second profile live. */
  static final int SHORT_LIFE_SECONDS = 2;

  private static final List<String> TABLES = List.of("orders", "items", "slow");

  /** Commits that {@code growing} does not have yet. */
  private static final String LATER = "later";

  private final Path directory;
  private final ServerJar server;
  private final ServerJar shortLived;
  private final Map<String, Object> expected;

  private ServedOrders(
      Path directory, Map<String, Object> expected, ServerJar server, ServerJar shortLived) {
    this.directory = directory;
    this.expected = expected;
    this.server = server;
    this.shortLived = shortLived;
  }

  static ServedOrders in(Path directory) throws IOException {
    Path tables = directory.resolve("tables");
    SparkSession spark = LocalCluster.withDeltaLake();
    Map<String, Object> expected;
    try {
      write(spark, tables);
      copyFirstVersions(tables);
      expected = expected(spark, tables);
    } finally {
      spark.stop();
    }
    new ObjectMapper().writeValue(directory.resolve("expected.json").toFile(), expected);
    Path life = Files.createDirectories(directory.resolve("short"));
    ServerJar server =
        ServerJar.start(tables, TABLES, directory, directory.resolve("config.share"));
    try {
      return new ServedOrders(
          directory,
          expected,
          server,
          ServerJar.start(
              tables,
              List.of("orders", "items", "slow", "growing"),
              life,
              life.resolve("config.share"),
              "preSignedUrlTimeoutSeconds: " + SHORT_LIFE_SECONDS + "\n"));
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private static void write(SparkSession spark, Path tables) {
    String orders = "delta.`" + tables.resolve("orders") + "`";
    spark.sql(
        "CREATE TABLE "
            + orders
            + " (id BIGINT, country STRING, amount DECIMAL(12,2), day DATE, sold_at TIMESTAMP,"
            + " tags ARRAY<STRING>, buyer STRUCT<name: STRING, city: STRING>) USING delta"
            + " PARTITIONED BY (country) TBLPROPERTIES (delta.enableChangeDataFeed = true,"
            + " delta.enableDeletionVectors = true)");
    for (int batch = 0; batch < 2; batch++) {
      spark.sql(
          "INSERT INTO "
              + orders
              + " SELECT id, element_at(array('DE', 'FR', 'JP', NULL), int(id % 4) + 1),"
              + " CAST(id * 3.17 AS DECIMAL(12,2)), date_add(DATE'2024-01-01', int(id % 90)),"
              + " timestamp_seconds(1700000000 + id * 61), array('t' || (id % 7), 'u'),"
              + " IF(id % 11 = 0, NULL, named_struct('name', 'n' || id, 'city', 'c' || (id % 5)))"
              + " FROM range("
              + batch * 1_000
              + ", "
              + (batch + 1) * 1_000
              + ", 1, 2)");
    }
    spark.sql("UPDATE " + orders + " SET amount = amount + 1 WHERE id % 50 = 3");
    spark.sql("DELETE FROM " + orders + " WHERE id % 97 = 5");
    spark.sql(
        "CREATE TABLE delta.`"
            + tables.resolve("items")
            + "` USING delta TBLPROPERTIES (delta.columnMapping.mode = 'name') AS"
            + " SELECT id AS `order id`, id % 3 AS pieces FROM range(0, 4000, 2)");
    spark
        .range(0, 4_000, 1, 8)
        .selectExpr("id", "sha2(string(id), 256) AS hash")
        .write()
        .format("delta")
        .save(tables.resolve("slow").toString());
  }

  /** A copy of {@code orders} as it was at version 1. */
  private static void copyFirstVersions(Path tables) throws IOException {
    TableCopies.copy(tables.resolve("orders"), tables.resolve("growing"));
    Path log = tables.resolve("growing").resolve("_delta_log");
    Files.createDirectories(tables.resolve(LATER));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(log, "*{2,3,4}.{json,crc}")) {
      for (Path file : files) {
        Files.move(file, tables.resolve(LATER).resolve(file.getFileName()));
      }
    }
  }

  /** What Delta Lake reads, each row as JSON. */
  private static Map<String, Object> expected(SparkSession spark, Path tables) {
    String orders = tables.resolve("orders").toString();
    Dataset<Row> latest = spark.read().format("delta").load(orders);
    Dataset<Row> items = spark.read().format("delta").load(tables.resolve("items").toString());
    Map<String, Object> expected = new TreeMap<>();
    expected.put("schema", latest.schema().simpleString());
    expected.put("latest", ClusterJob.rows(latest));
    expected.put(
        "version 1",
        ClusterJob.rows(spark.read().format("delta").option("versionAsOf", 1).load(orders)));
    Dataset<Row> changes =
        spark
            .read()
            .format("delta")
            .option("readChangeFeed", "true")
            .option("startingVersion", 2)
            .option("endingVersion", 4)
            .load(orders);
    expected.put("changes", ClusterJob.rows(changes));
    // What a stream of changes brings that began at version 1: the times of commits left out.
    expected.put(
        "followed",
        ClusterJob.rows(
            spark
                .read()
                .format("delta")
                .option("versionAsOf", 1)
                .load(orders)
                .selectExpr("*", "'insert' AS _change_type", "1L AS _commit_version")
                .unionByName(changes.drop("_commit_timestamp"))));
    expected.put(
        "filtered", ClusterJob.rows(latest.where("country = 'DE' AND amount > 500 AND id < 900")));
    expected.put("nulls", ClusterJob.rows(latest.where("country IS NULL AND buyer.city = 'c2'")));
    expected.put(
        "by country",
        ClusterJob.rows(
            latest.groupBy("country").agg(Map.of("amount", "sum")).toDF("country", "amount")));
    expected.put(
        "joined",
        ClusterJob.rows(
            latest
                .join(items, latest.col("id").equalTo(items.col("order id")))
                .groupBy("pieces")
                .count()));
    expected.put(
        "slow",
        ClusterJob.rows(spark.read().format("delta").load(tables.resolve("slow").toString())));
    return expected;
  }

  Path profile() {
    return directory.resolve("config.share");
  }

  /** The path of a table. */
  String path(String table) {
    return profile() + "#share.schema." + table;
  }

  /** The rows that Delta Lake reads, each as JSON. */
  List<String> rows(String read) {
    return ((List<?>) expected.get(read)).stream().map(String.class::cast).toList();
  }

  /** How many rows Delta Lake reads. */
  int count(String read) {
    return rows(read).size();
  }

  /** Rows without a country. */
  int withoutCountry() {
    return (int) rows("latest").stream().filter(row -> !row.contains("\"country\"")).count();
  }

  /** Rows that the last version deleted. */
  int deleted() {
    return (int) rows("changes").stream().filter(row -> row.contains("\"delete\"")).count();
  }

  /** How many data files a table's directory has. */
  int files(String table) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("tables").resolve(table))) {
      return (int) files.filter(file -> file.toString().endsWith(".parquet")).count();
    }
  }

  /** {@code growing} gets the commits that it has not. */
  void grow() throws IOException {
    Path tables = directory.resolve("tables");
    Path log = tables.resolve("growing").resolve("_delta_log");
    try (Stream<Path> files = Files.list(tables.resolve(LATER))) {
      for (Path file : files.sorted().toList()) {
        Files.move(file, log.resolve(file.getFileName()));
      }
    }
  }

  /**
   * A relay in front of the server whose URLs live shortly; that one alone serves {@code growing}.
   *
   * @param profile where to write a profile for it
   */
  StoreRelay relay(Path profile) throws IOException {
    StoreRelay relay = new StoreRelay(URI.create(shortLived.endpoint()));
    ServerJar.writeProfile(profile, relay.endpoint(), shortLived.token());
    return relay;
  }

  /** What the checks compare with. */
  List<String> checkArguments() {
    return List.of(
        "--profile",
        profile().toString(),
        "--short-lived",
        directory.resolve("short").resolve("config.share").toString(),
        "--expected",
        directory.resolve("expected.json").toString());
  }

  /** Texts that must be in no output: tokens, signatures. */
  List<String> secrets() {
    return List.of(server.token(), shortLived.token(), "signature=");
  }

  /** How often the server whose URLs live shortly was asked for files since it started. */
  int shortLivedQueries() throws IOException {
    return shortLived.log().split("endpoint=query ", -1).length - 1;
  }

  @Override
  public void close() {
    server.close();
    shortLived.close();
  }
}
