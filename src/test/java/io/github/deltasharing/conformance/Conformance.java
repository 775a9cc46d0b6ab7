/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What the checks of one JVM have in common: its Spark session, and the directory that the build
 * has filled.
 */
final class Conformance {
  private static final Path DIRECTORY = Path.of(System.getProperty("conformance.directory"));
  private static final Path SCRATCH = Path.of(System.getProperty("conformance.scratch"));

  private static SparkSession session;

  private Conformance() {}

  /** The session, {@code local[2]}, UTC, no UI, nothing configured that a user would not. */
  static synchronized SparkSession spark() {
    if (session == null) {
      session =
          SparkSession.builder()
              .master("local[2]")
              .appName("conformance")
              .config("spark.ui.enabled", "false")
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.sql.shuffle.partitions", "2")
              .config("spark.sql.session.timeZone", "UTC")
              .config("spark.sql.warehouse.dir", scratch("warehouse").toString())
              .getOrCreate();
      session.sparkContext().setLogLevel("WARN");
    }
    return session;
  }

  /** The profile file of the recipient. */
  static Path profile() {
    return profile("config.share");
  }

  /** One of the recipient's profile files. */
  static Path profile(String name) {
    return DIRECTORY.resolve(name);
  }

  /** Makes the share a catalog of the session, named "shared". */
  static void addCatalog() {
    spark().conf().set("spark.sql.catalog.shared", "io.github.deltasharing.catalog.SharingCatalog");
    spark().conf().set("spark.sql.catalog.shared.profile", profile().toString());
  }

  /** What {@code load()} takes for a table. */
  static String path(String table) {
    return profile() + "#share.schema." + table;
  }

  /** A shared table. */
  static Dataset<Row> load(String table, Map<String, String> options) {
    return spark().read().format("deltaSharing").options(options).load(path(table));
  }

  /** A directory or file of this JVM only, below one that was empty when it started. */
  static Path scratch(String name) {
    return SCRATCH.resolve(name);
  }

  /** What Delta Lake read. */
  static RenderedRows expected(String name) {
    return RenderedRows.read(DIRECTORY.resolve("expected").resolve(name));
  }

  /** Runs a query and compares its schema and rows with what Delta Lake read. */
  static void assertReads(Dataset<Row> query, String expected) {
    assertSame(RenderedRows.of(query), expected);
  }

  /** Compares with what Delta Lake read, and shows where the two part. */
  static void assertSame(RenderedRows actual, String expected) {
    List<String> is = actual.lines();
    List<String> should = expected(expected).lines();
    if (!is.equals(should)) {
      int at = 0;
      while (at < is.size() && at < should.size() && is.get(at).equals(should.get(at))) {
        at++;
      }
      throw new AssertionError(
          "expected %d rows, got %d; first difference in line %d: expected %s, got %s"
              .formatted(should.size() - 1, is.size() - 1, at, line(should, at), line(is, at)));
    }
  }

  private static String line(List<String> lines, int at) {
    return at < lines.size() ? lines.get(at) : "none";
  }

  /** Runs something under settings of the session, which it has as before afterwards. */
  static void under(Map<String, String> settings, Runnable run) {
    settings.forEach(spark().conf()::set);
    try {
      run.run();
    } finally {
      settings.keySet().forEach(spark().conf()::unset);
    }
  }
}
