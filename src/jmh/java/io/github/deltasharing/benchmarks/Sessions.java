package io.github.deltasharing.benchmarks;

import org.apache.spark.sql.SparkSession;

/** Spark as the benchmarks use it: two cores, no UI. */
final class Sessions {
  private Sessions() {}

  static SparkSession.Builder builder() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("benchmarks")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.log.level", "ERROR");
  }
}
