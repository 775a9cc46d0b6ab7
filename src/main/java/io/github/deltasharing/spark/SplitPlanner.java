/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileScanTask;
import io.github.deltasharing.read.SharingInputPartition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;

/**
 * Cuts large files and packs small ones into partitions of about one size, by the session's own
 * rules for files ({@code spark.sql.files.maxPartitionBytes}, {@code openCostInBytes}, {@code
 * minPartitionNum}). Immutable.
 */
final class SplitPlanner {
  /**
   * The cost of opening a file, in bytes, where the session does not set it. Less than Spark's own
   * 4 MiB: a task's files are fetched many at a time, so that the first of them is what it waits
   * for; with 4 MiB it waited again every 32 small files.
   */
  static final long OPEN_COST_BYTES = 1 << 20;

  private static final String OPEN_COST = "spark.sql.files.openCostInBytes";

  private final long maxPartitionBytes;
  private final long leastPartitionBytes;
  private final long openCostBytes;
  private final int minPartitions;

  /**
   * @param leastPartitionBytes no smaller partitions for the sake of parallelism
   */
  SplitPlanner(
      long maxPartitionBytes, long leastPartitionBytes, long openCostBytes, int minPartitions) {
    this.maxPartitionBytes = maxPartitionBytes;
    this.leastPartitionBytes = leastPartitionBytes;
    this.openCostBytes = openCostBytes;
    this.minPartitions = Math.max(1, minPartitions);
  }

  /** By the rules of this session. */
  static SplitPlanner of(SparkSession spark) {
    SQLConf conf = SQLConf.get();
    int parallelism =
        Integer.parseInt(
            conf.getConfString(
                "spark.sql.files.minPartitionNum",
                conf.getConfString(
                    "spark.sql.leafNodeDefaultParallelism",
                    String.valueOf(spark.sparkContext().defaultParallelism()))));
    long least = conf.filesOpenCostInBytes();
    return new SplitPlanner(
        conf.filesMaxPartitionBytes(),
        least,
        conf.contains(OPEN_COST) ? least : OPEN_COST_BYTES,
        parallelism);
  }

  /** Partitions that together cover every byte of every file once. */
  List<SharingInputPartition> plan(List<FileScanTask> files) {
    long total = 0;
    for (FileScanTask file : files) {
      total += file.length() + openCostBytes;
    }
    long target =
        Math.max(
            1, Math.min(maxPartitionBytes, Math.max(leastPartitionBytes, total / minPartitions)));
    List<FileScanTask> splits = new ArrayList<>(files.size());
    for (FileScanTask file : files) {
      cut(file, target, splits);
    }
    splits.sort(Comparator.comparingLong(FileScanTask::length).reversed());
    return pack(splits, target);
  }

  private static void cut(FileScanTask file, long target, List<FileScanTask> out) {
    long end = file.start() + file.length();
    for (long start = file.start(); start < end; start += target) {
      out.add(file.part(start, Math.min(target, end - start)));
    }
  }

  private List<SharingInputPartition> pack(List<FileScanTask> splits, long target) {
    List<SharingInputPartition> partitions = new ArrayList<>();
    List<FileScanTask> open = new ArrayList<>();
    long size = 0;
    for (FileScanTask split : splits) {
      if (!open.isEmpty() && size + split.length() > target) {
        partitions.add(new SharingInputPartition(open));
        open.clear();
        size = 0;
      }
      open.add(split);
      size += split.length() + openCostBytes;
    }
    if (!open.isEmpty()) {
      partitions.add(new SharingInputPartition(open));
    }
    return partitions;
  }
}
