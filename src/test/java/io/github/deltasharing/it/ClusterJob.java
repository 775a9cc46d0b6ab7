/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What tests submit to a cluster: {@code ClusterJob <directory> <step>...}. A step is {@code
 * <name>=<SQL>}, whose rows go as JSON to the file {@code <directory>/<name>}; {@code idle}, which
 * waits until no executor is left; or {@code stay}, which waits for the file {@code
 * <directory>/end}. It is compiled with the cluster's jars alone.
 */
public final class ClusterJob {
  private static final long LONGEST_MILLIS = 90_000;

  private ClusterJob() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory = Files.createDirectories(Path.of(args[0]));
    SparkSession spark = SparkSession.builder().appName("cluster job").getOrCreate();
    for (String step : Arrays.asList(args).subList(1, args.length)) {
      long end = System.currentTimeMillis() + LONGEST_MILLIS;
      switch (step) {
        case "idle" -> {
          // The driver is one of them.
          while (spark.sparkContext().statusTracker().getExecutorInfos().length > 1) {
            pause(end, step);
          }
        }
        case "stay" -> {
          write(directory.resolve("stays"), List.of());
          while (!Files.exists(directory.resolve("end"))) {
            pause(end, step);
          }
        }
        default -> {
          int sql = step.indexOf('=') + 1;
          Dataset<Row> rows = spark.sql(step.substring(sql));
          write(directory.resolve(step.substring(0, sql - 1)), rows(rows));
        }
      }
    }
    spark.stop();
  }

  private static void pause(long end, String step) throws InterruptedException {
    if (System.currentTimeMillis() > end) {
      throw new IllegalStateException("waited too long: " + step);
    }
    Thread.sleep(100);
  }

  /** Whole or not at all. */
  private static void write(Path file, List<String> lines) throws IOException {
    Path part = Files.write(file.resolveSibling(file.getFileName() + ".part"), lines);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The rows as JSON, sorted. */
  static List<String> rows(Dataset<Row> data) {
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
}
