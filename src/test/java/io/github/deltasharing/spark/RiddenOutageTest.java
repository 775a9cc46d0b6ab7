/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.http.RetryPolicy;
import io.github.deltasharing.testing.FaultyServer;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs of 64 tasks whose server is out while they are planned, and whose store is out in the middle
 * of them, with the options as they are by default.
 */
@Timeout(300)
class RiddenOutageTest {
  private static final String TABLE = "files";
  private static final int TASKS = 64;

  /** Retries a second: docs/network.md names it. */
  private static final int PER_SECOND = 10;

  @TempDir static Path directory;
  static TestShare share;
  static FaultyServer server;
  static List<String> expected;

  /** Of the outage that goes on, or that has yet to begin. */
  private final ConcurrentLinkedQueue<Long> refusedAt = new ConcurrentLinkedQueue<>();

  private volatile long began;

  @BeforeAll
  static void start() {
    SparkSession spark = TestSpark.session();
    String path = directory.resolve(TABLE).toString();
    spark
        .range(0, 6_400, 1, TASKS)
        .selectExpr("id", "sha2(string(id), 256) AS hash")
        .write()
        .format("delta")
        .save(path);
    expected = Rows.of(spark.read().format("delta").load(path));
    share = TestShare.of(directory, List.of(TABLE));
    server = new FaultyServer(share);
    // Each file a task of its own.
    spark.conf().set("spark.sql.files.openCostInBytes", "128m");
  }

  @AfterAll
  static void stop() {
    TestSpark.session().conf().unset("spark.sql.files.openCostInBytes");
    server.close();
    share.close();
  }

  @Test
  void aJobOutlastsOutagesOfItsServerAndItsStore() {
    outlast(Duration.ofSeconds(4), Duration.ofSeconds(6));
  }

  @Test
  @Tag("nightly")
  void outagesOfAMinute() {
    outlast(Duration.ofMinutes(1), Duration.ofMinutes(1));
  }

  private void outlast(Duration ofServer, Duration ofStore) {
    Dataset<Row> read = TestSpark.session().read().format("deltaSharing").load(server.path(TABLE));
    try (LogCapture log = LogCapture.of(RetryPolicy.class, Level.WARN)) {
      server.spoil(
          (request, file) -> isOut(!isFile(request), ofServer),
          right -> StubAnswer.status(503),
          Integer.MAX_VALUE);
      assertThat(read.rdd().getNumPartitions()).isEqualTo(TASKS);
      assertRate("of the server");

      server.spoil(
          (request, file) -> isOut(file >= 10, ofStore),
          right -> StubAnswer.status(503),
          Integer.MAX_VALUE);
      assertThat(Rows.of(read)).isEqualTo(expected);
      assertRate("of the store");
      assertThat(log.lines()).as("warnings").hasSizeBetween(1, 2);
    }
  }

  private static boolean isFile(StubRequest request) {
    return request.header("Range") != null;
  }

  /** An outage begins with the first request that it is to meet. */
  private synchronized boolean isOut(boolean met, Duration outage) {
    long now = System.nanoTime();
    if (began == 0 && met) {
      began = now;
    }
    boolean out = began != 0 && met && now < began + outage.toNanos();
    if (out) {
      refusedAt.add(now);
    }
    return out;
  }

  private void assertRate(String which) {
    Map<Long, Integer> perSecond = new TreeMap<>();
    refusedAt.forEach(at -> perSecond.merge((at - began) / 1_000_000_000, 1, Integer::sum));
    assertThat(perSecond.entrySet())
        .as("requests in each second of the outage %s: %s", which, perSecond)
        .isNotEmpty()
        .filteredOn(second -> second.getKey() > 1)
        .allMatch(second -> second.getValue() <= PER_SECOND + 1);
    refusedAt.clear();
    began = 0;
  }
}
