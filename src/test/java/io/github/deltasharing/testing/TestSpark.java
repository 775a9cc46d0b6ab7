/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import org.apache.spark.sql.SparkSession;

/**
 * The one SparkSession of the test JVM. Delta Lake's extension and catalog are installed so that
 * tests can write tables and ask Delta Lake for the expected rows; tests of the connector without
 * them run in JVMs of their own.
 */
public final class TestSpark {
  private static SparkSession session;

  private TestSpark() {}

  /**
   * Returns the shared session, {@code local[2]}, UTC, two shuffle partitions, no UI. Never stop
   * it.
   */
  public static synchronized SparkSession session() {
    if (session == null) {
      session =
          SparkSession.builder()
              .master("local[2]")
              .appName("tests")
              .config("spark.ui.enabled", "false")
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.sql.shuffle.partitions", "2")
              .config("spark.sql.session.timeZone", "UTC")
              .config(
                  "spark.sql.warehouse.dir",
                  "target/spark-warehouse-" + ProcessHandle.current().pid())
              .config("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED")
              .config("spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED")
              .config("spark.databricks.delta.snapshotPartitions", "2")
              // Hadoop's local files start processes: for permissions, and a FileContext for links.
              .config("spark.hadoop.fs.file.impl", UnforkedFileSystem.class.getName())
              .config("spark.delta.logStore.file.impl", "io.delta.storage.LocalLogStore")
              .config(
                  "spark.sql.streaming.checkpointFileManagerClass",
                  "org.apache.spark.sql.execution.streaming.FileSystemBasedCheckpointFileManager")
              // What Spark keeps of queries that have run would grow all through the tests.
              .config("spark.sql.ui.retainedExecutions", "20")
              .config("spark.ui.retainedJobs", "20")
              .config("spark.ui.retainedStages", "20")
              .config("spark.ui.retainedTasks", "1000")
              .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
              .config(
                  "spark.sql.catalog.spark_catalog",
                  "org.apache.spark.sql.delta.catalog.DeltaCatalog")
              .getOrCreate();
    }
    return session;
  }
}
