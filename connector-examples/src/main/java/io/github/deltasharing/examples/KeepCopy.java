/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Keeps a copy of a shared table in sync: first a snapshot, then what changes, for as long as it
 * runs. When it is started again, it goes on where its checkpoint stands. Run it with {@code
 * spark-submit --jars <connector jar> --class io.github.deltasharing.examples.KeepCopy <jar>
 * <profile>#<share>.<schema>.<table> parquet|delta <copy> <checkpoint> <key>[,<key>]}.
 */
public final class KeepCopy {
  private KeepCopy() {}

  /**
   * Follows the table until it is stopped.
   *
   * @param args the table's path; the copy's format, directory and checkpoint; the columns that
   *     identify a row
   */
  public static void main(String[] args) throws TimeoutException, StreamingQueryException {
    if (args.length != 5 || !List.of("parquet", "delta").contains(args[1])) {
      System.err.println(
          "usage: KeepCopy <profile>#<share>.<schema>.<table> parquet|delta <copy> <checkpoint> <key>[,<key>]");
      System.exit(2);
    }
    SparkSession spark = SparkSession.builder().appName("keep a copy").getOrCreate();
    List<String> keys = List.of(args[4].split(","));
    VoidFunction2<Dataset<Row>, Long> copy =
        args[1].equals("delta") ? new DeltaCopy(args[2], keys) : new ParquetCopy(args[2], keys);
    into(copy, args[3], changes(spark, args[0]))
        .trigger(Trigger.ProcessingTime("1 minute"))
        .start()
        .awaitTermination();
  }

  /** A stream of the table's rows, as inserts, and then of its changes. */
  public static Dataset<Row> changes(SparkSession spark, String path) {
    return spark.readStream().format("deltaSharing").option("readChangeFeed", "true").load(path);
  }

  /** Gives each batch to a copy. To be given a trigger and started. */
  public static DataStreamWriter<Row> into(
      VoidFunction2<Dataset<Row>, Long> copy, String checkpoint, Dataset<Row> changes) {
    return changes.writeStream().option("checkpointLocation", checkpoint).foreachBatch(copy);
  }
}
