/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;

/**
 * A job for every night: adds what changed in a shared table since it last ran to an archive in
 * Parquet files, and ends. Run it with {@code spark-submit --jars <connector jar> --class
 * io.github.deltasharing.examples.NightlyChanges <jar> <profile>#<share>.<schema>.<table> <archive>
 * <checkpoint>}.
 */
public final class NightlyChanges {
  private NightlyChanges() {}

  /**
   * Runs once.
   *
   * @param args the table's path, {@code <profile>#<share>.<schema>.<table>}, the archive's
   *     directory, and that of the checkpoint
   */
  public static void main(String[] args) throws TimeoutException, StreamingQueryException {
    if (args.length != 3) {
      System.err.println(
          "usage: NightlyChanges <profile>#<share>.<schema>.<table> <archive> <checkpoint>");
      System.exit(2);
    }
    SparkSession spark = SparkSession.builder().appName("nightly changes").getOrCreate();
    System.out.println(archive(spark, args[0], args[1], args[2]) + " changed rows are new");
    spark.stop();
  }

  /**
   * Archives the changes since the last time: the first time a snapshot of the table, as inserts.
   * Where a night fails, the next one does what is missing, and nothing twice.
   *
   * @return how many rows came, counted over the last hundred batches, which is as many as Spark
   *     remembers
   */
  public static long archive(SparkSession spark, String path, String archive, String checkpoint)
      throws TimeoutException, StreamingQueryException {
    StreamingQuery query =
        spark
            .readStream()
            .format("deltaSharing")
            .option("readChangeFeed", "true")
            // In delta format _commit_timestamp is a timestamp on every night, whatever features
            // the provider gives to the table.
            .option("responseFormat", "delta")
            .load(path)
            .writeStream()
            .format("parquet")
            .option("path", archive)
            .option("checkpointLocation", checkpoint)
            .trigger(Trigger.AvailableNow())
            .start();
    query.awaitTermination();
    return Arrays.stream(query.recentProgress())
        .mapToLong(StreamingQueryProgress::numInputRows)
        .sum();
  }
}
