/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.SparkSession;

/**
 * The Delta tables that are read, written once and kept. Values are hashes of the row's number:
 * every run writes the same, and they compress like data, not like zeros.
 */
final class BenchmarkTables {
  static final String WIDE = "wide";
  static final String NESTED = "nested";
  static final String MEDIUM_FILES = "medium_files";
  static final String SMALL_FILES = "small_files";
  static final String ORDERS = "orders";
  static final String ORDERS_DELETED = "orders_deleted";
  static final List<String> ALL =
      List.of(WIDE, NESTED, MEDIUM_FILES, SMALL_FILES, ORDERS, ORDERS_DELETED);

  private final Path directory;

  BenchmarkTables(Path directory) {
    this.directory = directory;
  }

  Path path(String table) {
    return directory.resolve(table);
  }

  /** Writes what is missing. */
  void write() throws IOException {
    // Counts up when the tables change.
    Path done = directory.resolve("written-2");
    if (Files.exists(done)) {
      return;
    }
    Files.createDirectories(directory);
    SparkSession spark =
        Sessions.builder()
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.databricks.delta.snapshotPartitions", "2")
            .getOrCreate();
    try {
      save(spark, WIDE, 2_240_000, 8, wideColumns());
      save(spark, NESTED, 1_200_000, 4, nestedColumns());
      save(spark, MEDIUM_FILES, 640_000, 80, wideColumns());
      save(spark, SMALL_FILES, 1_000_000, 1_000, orderColumns());
      save(spark, ORDERS, 3_000_000, 4, orderColumns());
      FileUtils.deleteDirectory(path(ORDERS_DELETED).toFile());
      copy(path(ORDERS), path(ORDERS_DELETED));
      String deleted = "delta.`" + path(ORDERS_DELETED).toUri() + "`";
      spark.sql(
          "ALTER TABLE " + deleted + " SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')");
      spark.sql("DELETE FROM " + deleted + " WHERE pmod(xxhash64(order_id, 'd'), 10) = 0");
    } finally {
      spark.stop();
    }
    Files.createFile(done);
  }

  private void save(SparkSession spark, String table, long rows, int files, List<String> columns)
      throws IOException {
    // The yardstick reads whatever is there.
    FileUtils.deleteDirectory(path(table).toFile());
    spark
        .range(0, rows, 1, files)
        .selectExpr(columns.toArray(String[]::new))
        .write()
        .format("delta")
        .mode("overwrite")
        .save(path(table).toString());
  }

  /** 60 columns of about 500 bytes a row together. */
  private static List<String> wideColumns() {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      columns.add("xxhash64(id, %1$d) AS long_%1$d".formatted(i));
      columns.add("xxhash64(id, 'd', %1$d) / 1e12 AS double_%1$d".formatted(i));
      columns.add("CAST(pmod(xxhash64(id, 'i', %1$d), 1000) AS INT) AS int_%1$d".formatted(i));
      columns.add(
          "IF(pmod(id, 13) = %1$d, NULL, substr(sha2(concat(id, '-', %1$d), 256), 1, 20)) AS text_%1$d"
              .formatted(i));
      columns.add(
          "date_add(DATE'2020-01-01', CAST(pmod(id * %1$d, 900) AS INT)) AS day_%1$d".formatted(i));
    }
    return columns;
  }

  private static List<String> nestedColumns() {
    return List.of(
        "id",
        "named_struct('a', xxhash64(id), 'b', substr(sha2(string(id), 256), 1, 16), "
            + "'c', named_struct('d', CAST(id % 100 AS INT))) AS s",
        "transform(sequence(1, CAST(1 + id % 5 AS INT)), x -> xxhash64(id, x)) AS l",
        "map('k', CAST(id % 1000 AS STRING), concat('k', id % 7), 'v') AS m",
        "IF(id % 3 = 0, NULL, repeat(substr(sha2(string(id), 256), 1, 8), 4)) AS t");
  }

  private static List<String> orderColumns() {
    return List.of(
        "id AS order_id",
        "pmod(xxhash64(id, 'c'), 100000) AS customer_id",
        "CAST(1 + pmod(xxhash64(id, 'q'), 20) AS INT) AS quantity",
        "CAST(pmod(xxhash64(id, 'p'), 1000000) / 100 AS DECIMAL(10, 2)) AS price",
        "timestamp_seconds(1700000000 + id * 7) AS ordered_at",
        "element_at(array('new', 'paid', 'sent', 'returned'), CAST(1 + pmod(id, 4) AS INT)) AS status",
        "xxhash64(id, 'w') / 1e15 AS weight",
        "IF(pmod(id, 9) = 0, NULL, substr(sha2(string(id), 256), 1, 24)) AS note");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      paths.forEach(
          path -> {
            try {
              Files.copy(path, to.resolve(from.relativize(path)));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
