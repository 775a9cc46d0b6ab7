/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .getOrCreate();
    Map<String, Object> expected;
    try {
      write(spark, tables);
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
              TABLES,
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

  /** What Delta Lake reads, each row as JSON. */
  private static Map<String, Object> expected(SparkSession spark, Path tables) {
    String orders = tables.resolve("orders").toString();
    Dataset<Row> latest = spark.read().format("delta").load(orders);
    Dataset<Row> items = spark.read().format("delta").load(tables.resolve("items").toString());
    Map<String, Object> expected = new TreeMap<>();
    expected.put("schema", latest.schema().simpleString());
    expected.put("latest", rows(latest));
    expected.put(
        "version 1", rows(spark.read().format("delta").option("versionAsOf", 1).load(orders)));
    expected.put(
        "changes",
        rows(
            spark
                .read()
                .format("delta")
                .option("readChangeFeed", "true")
                .option("startingVersion", 2)
                .option("endingVersion", 4)
                .load(orders)));
    expected.put("filtered", rows(latest.where("country = 'DE' AND amount > 500 AND id < 900")));
    expected.put("nulls", rows(latest.where("country IS NULL AND buyer.city = 'c2'")));
    expected.put(
        "by country",
        rows(latest.groupBy("country").agg(Map.of("amount", "sum")).toDF("country", "amount")));
    expected.put(
        "joined",
        rows(
            latest
                .join(items, latest.col("id").equalTo(items.col("order id")))
                .groupBy("pieces")
                .count()));
    expected.put(
        "slow", rows(spark.read().format("delta").load(tables.resolve("slow").toString())));
    return expected;
  }

  private static List<String> rows(Dataset<Row> data) {
    return data
        .selectExpr("to_json(struct(" + String.join(", ", plain(data.columns())) + "))")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  /** JSON of times differs between Spark's lines, their strings do not. */
  private static List<String> plain(String[] columns) {
    return Arrays.stream(columns)
        .map(
            name ->
                List.of("sold_at", "_commit_timestamp").contains(name)
                    ? "string(" + name + ") AS " + name
                    : "`" + name + "`")
        .toList();
  }

  Path profile() {
    return directory.resolve("config.share");
  }

  /** The path of a table. */
  String path(String table) {
    return profile() + "#share.schema." + table;
  }

  /** The rows that Delta Lake reads, each as JSON. */
  private List<String> rows(String read) {
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
