package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileSlice;
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
   * What a file counts for besides its bytes, where the session does not say. Less than Spark's own
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

  /** Partitions that together hold every byte of every file once. */
  List<SharingInputPartition> plan(List<FileSlice> files) {
    long total = 0;
    for (FileSlice file : files) {
      total += file.length() + openCostBytes;
    }
    long target =
        Math.max(
            1, Math.min(maxPartitionBytes, Math.max(leastPartitionBytes, total / minPartitions)));
    List<FileSlice> slices = new ArrayList<>(files.size());
    for (FileSlice file : files) {
      cut(file, target, slices);
    }
    slices.sort(Comparator.comparingLong(FileSlice::length).reversed());
    return pack(slices, target);
  }

  private static void cut(FileSlice file, long target, List<FileSlice> out) {
    long end = file.start() + file.length();
    for (long start = file.start(); start < end; start += target) {
      out.add(file.part(start, Math.min(target, end - start)));
    }
  }

  private List<SharingInputPartition> pack(List<FileSlice> slices, long target) {
    List<SharingInputPartition> partitions = new ArrayList<>();
    List<FileSlice> open = new ArrayList<>();
    long size = 0;
    for (FileSlice slice : slices) {
      if (!open.isEmpty() && size + slice.length() > target) {
        partitions.add(new SharingInputPartition(open));
        open.clear();
        size = 0;
      }
      open.add(slice);
      size += slice.length() + openCostBytes;
    }
    if (!open.isEmpty()) {
      partitions.add(new SharingInputPartition(open));
    }
    return partitions;
  }
}
