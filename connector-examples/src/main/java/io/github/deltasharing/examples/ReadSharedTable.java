/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The shortest job of a recipient: reads a shared table and says what came. Run it with {@code
 * spark-submit --jars <connector jar> --class io.github.deltasharing.examples.ReadSharedTable <jar>
 * <profile>#<share>.<schema>.<table>}.
 */
public final class ReadSharedTable {
  private ReadSharedTable() {}

  /**
   * Reads a table.
   *
   * @param args its path, {@code <profile>#<share>.<schema>.<table>}
   */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("usage: ReadSharedTable <profile>#<share>.<schema>.<table>");
      System.exit(2);
    }
    SparkSession spark = SparkSession.builder().appName("read a shared table").getOrCreate();
    Dataset<Row> table = spark.read().format("deltaSharing").load(args[0]);
    table.printSchema();
    table.show(20, false);
    System.out.println(table.count() + " rows");
    spark.stop();
  }
}
