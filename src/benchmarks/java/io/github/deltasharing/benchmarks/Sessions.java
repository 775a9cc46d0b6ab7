/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import org.apache.spark.sql.SparkSession;

/**
 * Spark as the benchmarks use it: as many cores as the system property {@code benchmark.cores} says
 * (2), no UI, local files read as they are, without Hadoop's checksums beside them, which would
 * make the yardstick slower.
 */
final class Sessions {
  private Sessions() {}

  static SparkSession.Builder builder() {
    return SparkSession.builder()
        .master("local[" + Integer.getInteger("benchmark.cores", 2) + "]")
        .appName("benchmarks")
        .config("spark.ui.enabled", "false")
        .config("spark.hadoop.fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.log.level", "ERROR");
  }
}
