package io.github.deltasharing.examples;

import static org.apache.spark.sql.functions.col;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What changed in a shared table since a version: how many rows of each type in each commit. Run it
 * with {@code spark-submit --jars <connector jar> --class
 * io.github.deltasharing.examples.ReadChanges <jar> <profile>#<share>.<schema>.<table> <version>}.
 */
public final class ReadChanges {
  private ReadChanges() {}

  /**
   * Reads the changes.
   *
   * @param args the table's path, {@code <profile>#<share>.<schema>.<table>}, and the first version
   */
  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("usage: ReadChanges <profile>#<share>.<schema>.<table> <version>");
      System.exit(2);
    }
    SparkSession spark = SparkSession.builder().appName("read changes").getOrCreate();
    summary(spark, args[0], Long.parseLong(args[1])).show(100, false);
    spark.stop();
  }

  /** Rows of each type in each commit from a version on, in their order. */
  public static Dataset<Row> summary(SparkSession spark, String path, long startingVersion) {
    return spark
        .read()
        .format("deltaSharing")
        .option("readChangeFeed", "true")
        .option("startingVersion", startingVersion)
        .load(path)
        .groupBy(col("_commit_version"), col("_commit_timestamp"), col("_change_type"))
        .count()
        .orderBy(col("_commit_version"), col("_change_type"));
  }
}
