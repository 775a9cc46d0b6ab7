/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import static org.apache.spark.sql.functions.col;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What changed in a shared table between two versions: how many rows of each type in each commit.
 * Run it with {@code spark-submit --jars <connector jar> --class
 * io.github.deltasharing.examples.ReadChanges <jar> <profile>#<share>.<schema>.<table> <first>
 * [<last>]}. Both versions are included; without a last one, it reads up to the latest.
 */
public final class ReadChanges {
  private ReadChanges() {}

  /**
   * Reads the changes.
   *
   * @param args the table's path, {@code <profile>#<share>.<schema>.<table>}, the first version,
   *     and, if it is not the latest, the last one
   */
  public static void main(String[] args) {
    if (args.length != 2 && args.length != 3) {
      System.err.println("usage: ReadChanges <profile>#<share>.<schema>.<table> <first> [<last>]");
      System.exit(2);
    }
    Map<String, String> range = new HashMap<>(Map.of("startingVersion", args[1]));
    if (args.length == 3) {
      range.put("endingVersion", args[2]);
    }
    SparkSession spark = SparkSession.builder().appName("read changes").getOrCreate();
    summary(changes(spark, args[0], range)).show(100, false);
    spark.stop();
  }

  /**
   * Every row that was inserted, updated or deleted.
   *
   * @param range {@code startingVersion} or {@code startingTimestamp}, and optionally {@code
   *     endingVersion} or {@code endingTimestamp}
   */
  public static Dataset<Row> changes(SparkSession spark, String path, Map<String, String> range) {
    return spark
        .read()
        .format("deltaSharing")
        .option("readChangeFeed", "true")
        .options(range)
        .load(path);
  }

  /** Rows of each type in each commit, in their order. */
  public static Dataset<Row> summary(Dataset<Row> changes) {
    return changes
        .groupBy(col("_commit_version"), col("_commit_timestamp"), col("_change_type"))
        .count()
        .orderBy(col("_commit_version"), col("_change_type"));
  }
}
