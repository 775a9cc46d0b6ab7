/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Plans a scan of a table of very many files as Spark does it, from the question to the partitions
 * that the RDD keeps, with a predicate that each file's statistics decide on. In a process of its
 * own: what it shows is how much heap that takes.
 *
 * <p>Arguments: a directory for the profile, then {@code s3}, {@code azure} or {@code gcs}, then
 * {@code changes} to plan a read of the commit that added the files, not of the table. System
 * properties: {@code benchmark.files} and {@code benchmark.pairs}, how many files there are and how
 * often they are planned.
 */
public final class BigPlan {
  private static final long MIB = 1 << 20;

  private final SparkSession spark;
  private final int files;
  private final String table;
  private final Map<String, String> options;
  private Dataset<Row> plan;
  private RDD<?> rdd;

  private BigPlan(SparkSession spark, int files, String table, Map<String, String> options) {
    this.options = options;
    this.spark = spark;
    this.files = files;
    this.table = table;
  }

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]).toAbsolutePath().normalize();
    int files = Integer.getInteger("benchmark.files", 1_000_000);
    try (FileListServer server = new FileListServer(files, args.length > 1 ? args[1] : "s3")) {
      System.out.printf(
          "%,d files, an answer of %,d MiB, a heap of at most %,d MiB, %d cores%n",
          files,
          server.answerBytes() / MIB,
          Runtime.getRuntime().maxMemory() / MIB,
          Runtime.getRuntime().availableProcessors());
      SparkSession spark = Sessions.builder().getOrCreate();
      Map<String, String> options =
          List.of(args).contains("changes")
              ? Map.of("readChangeFeed", "true", "startingVersion", "1")
              : Map.of();
      BigPlan big =
          new BigPlan(spark, files, server.profile(directory) + "#share.schema.table", options);
      long before = usedAfterGc();
      System.out.printf("heap before: %,d MiB%n", before / MIB);
      int rounds = Integer.getInteger("benchmark.pairs", 7);
      for (int round = 0; round < rounds; round++) {
        big.forget();
        System.out.println((round == 0 ? "cold: " : "warm: ") + big.plan(before));
      }
      spark.stop();
    }
    System.exit(0);
  }

  private void forget() {
    plan = null;
    rdd = null;
  }

  private String plan(long before) {
    long gc = gcMillis();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long cpuBefore = threads.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    plan =
        spark
            .read()
            .format("deltaSharing")
            .options(options)
            .load(table)
            .where("id >= 0 and name >= 'a'");
    plan.queryExecution().optimizedPlan();
    double optimised = (System.nanoTime() - start) / 1e9;
    rdd = plan.queryExecution().toRdd();
    int partitions = rdd.getNumPartitions();
    double seconds = (System.nanoTime() - start) / 1e9;
    gc = gcMillis() - gc;
    double cpu = (threads.getCurrentThreadCpuTime() - cpuBefore) / 1e9;
    long used = usedAfterGc();
    return "%,.0f files/s (%.1f s, of them %.1f s before the physical plan, %.1f s of collections; %.1f s of CPU in the planning thread), %,d partitions, heap in use after GC %,d MiB, of them %,d MiB (%,d bytes a file) for the plan"
        .formatted(
            files / seconds,
            seconds,
            optimised,
            gc / 1e3,
            cpu,
            partitions,
            used / MIB,
            (used - before) / MIB,
            (used - before) / files);
  }

  private static long gcMillis() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .sum();
  }

  private static long usedAfterGc() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
