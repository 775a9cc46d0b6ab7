/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.StreamChild;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** A stream that is killed again and again while its table grows: each row comes once. */
class StreamCrashTest {
  @TempDir Path directory;

  @Test
  void killedAFewTimesEachRowComesOnce(TestReporter reporter) throws Exception {
    check(3, reporter);
  }

  @Tag("nightly")
  @Test
  void killedFiftyTimesEachRowComesOnce(TestReporter reporter) throws Exception {
    check(50, reporter);
  }

  private void check(int kills, TestReporter reporter) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    SparkSession spark = TestSpark.session();
    Path table = directory.resolve("source");
    append(spark, table, 0, 6);
    AtomicInteger lives = new AtomicInteger(1);
    AtomicBoolean done = new AtomicBoolean();
    Thread writer = new Thread(() -> write(spark, table, lives, done), "writer");
    writer.start();
    Path checkpoint = directory.resolve("checkpoint");
    Path sink = directory.resolve("sink");
    Path log = directory.resolve("child.log");
    try (TestShare share = TestShare.withHistory(directory, List.of("source"))) {
      String[] follow = {share.path("source"), checkpoint.toString(), sink.toString(), "follow"};
      for (int kill = 0; kill < kills; kill++) {
        int before = batches(checkpoint);
        Process child = StreamChild.start(log, follow);
        // It is killed while it works, and now and then before it has begun.
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        while (kill % 10 != 9 && batches(checkpoint) == before && System.nanoTime() < deadline) {
          assertThat(child.isAlive()).as("seed %d, see %s", seed, log).isTrue();
          Thread.sleep(20);
        }
        Thread.sleep(random.nextInt(1_500));
        child.destroyForcibly().waitFor();
        lives.incrementAndGet();
      }
      done.set(true);
      writer.join();
      follow[3] = "finish";
      Process last = StreamChild.start(log, follow);
      assertThat(last.waitFor(300, TimeUnit.SECONDS)).isTrue();
      assertThat(last.exitValue()).as("%s", Files.readString(log)).isZero();
    } finally {
      done.set(true);
      writer.join();
    }
    List<Long> rows = ids(spark.read().parquet(sink.toString()));
    assertThat(rows)
        .as("seed %d", seed)
        .isEqualTo(ids(spark.read().format("delta").load(table.toString())));
    assertThat(rows).doesNotHaveDuplicates().hasSizeGreaterThan(10 * kills);
    int batches = batches(checkpoint);
    assertThat(batches).isGreaterThan(kills);
    reporter.publishEntry(
        Map.of("kills", "" + kills, "rows", "" + rows.size(), "batches", "" + batches));
  }

  private static List<Long> ids(Dataset<?> rows) {
    return rows.select("id").as(Encoders.LONG()).collectAsList().stream().sorted().toList();
  }

  private static void append(SparkSession spark, Path table, long first, int files) {
    spark
        .range(first, first + 10, 1, files)
        .toDF()
        .write()
        .format("delta")
        .mode(SaveMode.Append)
        .save(table.toString());
  }

  /** A life of the stream is not enough to read what is written meanwhile, but nearly. */
  private static void write(
      SparkSession spark, Path table, AtomicInteger lives, AtomicBoolean done) {
    long commits = 0;
    while (!done.get()) {
      if (commits < 10L * lives.get()) {
        commits++;
        append(spark, table, commits * 10, 1 + (int) (commits % 3));
      } else {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }

  /** How many batches were planned, by the last one's number. */
  private static int batches(Path checkpoint) throws IOException {
    Path offsets = checkpoint.resolve("offsets");
    if (!Files.exists(offsets)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(offsets)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .mapToInt(name -> Integer.parseInt(name) + 1)
          .max()
          .orElse(0);
    }
  }
}
