/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import io.github.deltasharing.examples.RetailTables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The tables of the quick start, {@code retail.sales.customers} and {@code retail.sales.orders},
 * served by the built server jar in a JVM of its own; and a session with Delta Lake, which says
 * what is in them. Close it after use.
 */
final class ServedRetail implements AutoCloseable {
  private final SparkSession spark;
  private final RetailTables tables;
  private final Path profile;
  private final ServerJar server;

  private ServedRetail(SparkSession spark, RetailTables tables, Path profile, ServerJar server) {
    this.spark = spark;
    this.tables = tables;
    this.profile = profile;
    this.server = server;
  }

  static ServedRetail in(Path directory) throws IOException {
    SparkSession spark = LocalCluster.withDeltaLake();
    try {
      RetailTables tables = new RetailTables(spark, directory.resolve("tables"));
      tables.write();
      Path profile = directory.resolve("config.share");
      List<String> names = List.of("customers", "orders");
      return new ServedRetail(
          spark,
          tables,
          profile,
          ServerJar.start(
              "retail", "sales", directory.resolve("tables"), names, directory, profile, ""));
    } catch (IOException | RuntimeException e) {
      spark.stop();
      throw e;
    }
  }

  /** What Delta Lake reads. */
  Dataset<Row> customers() {
    return spark.read().format("delta").load(tables.customers().toString());
  }

  /** What Delta Lake reads. */
  Dataset<Row> orders() {
    return spark.read().format("delta").load(tables.orders().toString());
  }

  /** How many rows Delta Lake reads of an older version. */
  long ordersAt(int version) {
    return spark
        .read()
        .format("delta")
        .option("versionAsOf", version)
        .load(tables.orders().toString())
        .count();
  }

  /** How many rows a version of {@code orders} updated or deleted, as its changes say. */
  long changed(int version) {
    return spark
        .read()
        .format("delta")
        .option("readChangeFeed", "true")
        .option("startingVersion", version)
        .option("endingVersion", version)
        .load(tables.orders().toString())
        .where("_change_type IN ('update_postimage', 'delete')")
        .count();
  }

  /**
   * Segment, customers, orders and revenue as Delta Lake reads them, of customers that are there.
   */
  List<Row> bySegment(String orders) {
    return orders()
        .where(orders)
        .join(customers(), "customer_id")
        .groupBy("segment")
        .agg(
            org.apache.spark.sql.functions.countDistinct("customer_id"),
            org.apache.spark.sql.functions.count("*"),
            org.apache.spark.sql.functions.expr("sum(quantity * unit_price)"))
        .orderBy("segment")
        .collectAsList();
  }

  Path profile() {
    return profile;
  }

  /** Texts that must be in no output. */
  List<String> secrets() {
    return List.of(server.token(), "signature=");
  }

  @Override
  public void close() {
    server.close();
    spark.stop();
  }
}
