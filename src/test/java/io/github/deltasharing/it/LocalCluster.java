/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Sessions for tests whose executors have JVMs of their own, with the packaged connector; and the
 * one, before them or beside, that writes the tables.
 */
final class LocalCluster {
  private LocalCluster() {}

  /** A session of two executors, which know neither this project's classes nor Delta Lake. */
  static SparkSession start(Map<String, String> conf) throws IOException {
    // What executors are started from: with these two Spark takes a directory for a distribution.
    Path sparkHome = Files.createDirectories(home());
    Files.createDirectories(sparkHome.resolve("jars"));
    Files.writeString(sparkHome.resolve("RELEASE"), "");
    SparkSession.Builder builder =
        builder("local-cluster[2,1,1024]")
            .appName("local-cluster")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.sql.files.maxPartitionBytes", "64k")
            .config("spark.sql.files.openCostInBytes", "1k")
            // As --jars does: executors get it after Spark's RPC was started there.
            .config("spark.jars", System.getProperty("connector.jar"))
            .config("spark.executor.extraClassPath", executorClassPath());
    conf.forEach(builder::config);
    return builder.getOrCreate();
  }

  /**
   * Where the workers have the directories and logs of their executors: {@code work/<app>/<id>}.
   */
  static Path home() {
    return Path.of(System.getenv("SPARK_HOME"));
  }

  /**
   * Writes a table of 20,000 rows in 12 files or more with Delta Lake, and hands it to {@code use}.
   */
  static <T> T write(Path table, ReadWritten<T> use) {
    SparkSession writer = withDeltaLake();
    try {
      writer
          .range(0, 20_000, 1, 12)
          .selectExpr("id", "sha2(string(id), 256) AS hash", "id % 3 AS p")
          .write()
          .format("delta")
          .partitionBy("p")
          .option("delta.enableChangeDataFeed", "true")
          .save(table.toString());
      return use.read(writer);
    } finally {
      writer.stop();
    }
  }

  /** A session of this JVM alone, with Delta Lake, to write tables and to say what is in them. */
  static SparkSession withDeltaLake() {
    return builder("local[2]")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .getOrCreate();
  }

  /** What is wanted of the table while Delta Lake is there. */
  @FunctionalInterface
  interface ReadWritten<T> {
    T read(SparkSession withDeltaLake);
  }

  private static SparkSession.Builder builder(String master) {
    return SparkSession.builder()
        .master(master)
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC");
  }

  /** What the test has, less this project's classes and jars and Delta Lake. */
  private static String executorClassPath() {
    List<String> entries =
        Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
    return entries.stream()
        .filter(entry -> !entry.endsWith("target" + File.separator + "classes"))
        .filter(entry -> !entry.contains(File.separator + "delta-"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
