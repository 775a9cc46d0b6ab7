/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.storage.StorageUse;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.ScanNodes;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests that the option {@code cacheMemory} saves, and the rows that it must not change. */
class CacheTest {
  private static final Map<String, String> CACHED = Map.of("cacheMemory", "64m");

  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void writeAndShare() {
    write("five", "overwrite", 0, 100);
    write("wide", "overwrite", 0, 25_000);
    share = TestShare.withHistory(directory, List.of("five", "wide", "changing"));
  }

  private static void write(String table, String mode, long from, long to) {
    TestSpark.session()
        .range(from, to, 1, 5)
        .selectExpr(
            "id", "id % 7 AS k", "sha2(string(id), 512) AS pad", "sha2(string(-id), 512) AS pad2")
        .write()
        .format("delta")
        .mode(mode)
        .option("compression", "none")
        .option("delta.enableDeletionVectors", "true")
        .option("delta.enableChangeDataFeed", "true")
        .save(directory.resolve(table).toString());
  }

  @AfterAll
  static void stop() {
    share.close();
    StorageUse.clearCache();
  }

  @BeforeEach
  void forget() {
    StorageUse.clearCache();
    share.takeRequests();
  }

  private static Dataset<Row> read(String table) {
    Dataset<Row> read = share.read(table, CACHED);
    share.takeRequests();
    return read;
  }

  private static List<String> expected(String table) {
    return Rows.of(delta(table));
  }

  private static Dataset<Row> delta(String table) {
    return TestSpark.session().read().format("delta").load(directory.resolve(table).toString());
  }

  /** All that is in the table, in one row. */
  private static List<String> sums(Dataset<Row> table) {
    return Rows.of(
        table.selectExpr(
            "count(*)", "sum(id)", "sum(k)", "bit_xor(xxhash64(pad))", "bit_xor(xxhash64(pad2))"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"64m", "0"})
  void aSecondScanOfSmallFilesAsksTheStoreNothing(String prefetchMemory) {
    Map<String, String> options = Map.of("cacheMemory", "1m", "prefetchMemory", prefetchMemory);
    List<String> rows = Rows.of(share.read("five", options));
    assertThat(rows).isEqualTo(expected("five"));
    assertThat(share.takeRequests()).containsEntry("file", 5);
    Dataset<Row> again = share.read("five", options).selectExpr("*");
    assertThat(Rows.of(again)).isEqualTo(rows);
    assertThat(share.takeRequests()).isEqualTo(Map.of("metadata", 1, "query", 1));
    again.collectAsList();
    Map<String, Long> metrics = ScanNodes.metrics(again, "five");
    assertThat(metrics)
        .containsEntry("storeRequests", 0L)
        .containsEntry("bytesFetched", 0L)
        .containsEntry("bytesWasted", 0L)
        .containsEntry("filesRead", 5L);
    assertThat(metrics.get("bytesFromCache")).isGreaterThanOrEqualTo(metrics.get("bytesNeeded"));
  }

  @Test
  void footersAndChunksOfLargerFilesAreKeptToo() {
    Rows.of(read("wide").selectExpr("sum(id)"));
    assertThat(share.takeRequests()).isEqualTo(Map.of("query", 1, "file", 10));
    Rows.of(read("wide").selectExpr("sum(id)"));
    assertThat(share.takeRequests()).isEqualTo(Map.of("query", 1));
    // Another column: its chunks, no footers.
    Dataset<Row> other = read("wide").selectExpr("bit_xor(xxhash64(pad))");
    assertThat(other.collectAsList()).hasSize(1);
    assertThat(share.takeRequests()).isEqualTo(Map.of("query", 1, "file", 5));
    assertThat(ScanNodes.metrics(other, "wide")).containsEntry("bytesFromCache", 5L * (64 << 10));
  }

  @Test
  void withoutTheOptionNothingIsKept() {
    for (int i = 0; i < 2; i++) {
      share.read("five").collectAsList();
      assertThat(share.takeRequests()).containsEntry("file", 5);
    }
    assertThat(StorageUse.cachedBytes()).isZero();
  }

  @Test
  void aTableThatChangesGivesItsNewRows() {
    SparkSession spark = TestSpark.session();
    write("changing", "overwrite", 0, 100);
    assertThat(Rows.of(read("changing"))).isEqualTo(expected("changing"));
    write("changing", "append", 200, 210);
    share.takeRequests();
    assertThat(Rows.of(read("changing"))).isEqualTo(expected("changing")).hasSize(110);
    assertThat(share.takeRequests()).as("the new files").isEqualTo(Map.of("query", 1, "file", 5));
    spark.sql("DELETE FROM delta.`" + directory.resolve("changing") + "` WHERE id % 5 = 1");
    assertThat(Rows.of(read("changing"))).isEqualTo(expected("changing")).hasSize(88);
    write("changing", "overwrite", 50, 150);
    assertThat(Rows.of(read("changing"))).isEqualTo(expected("changing")).hasSize(100);
  }

  @Test
  void changesAreKeptAsRowsAre() {
    Map<String, String> options =
        Map.of("cacheMemory", "4m", "readChangeFeed", "true", "startingVersion", "0");
    List<String> rows = Rows.of(share.read("five", options));
    assertThat(share.takeRequests()).containsEntry("file", 5);
    assertThat(Rows.of(share.read("five", options))).isEqualTo(rows).hasSize(100);
    assertThat(share.takeRequests()).doesNotContainKey("file");
  }

  @Test
  void itHoldsNoMoreThanItMay() {
    List<String> expected = sums(delta("wide"));
    for (String memory : List.of("3m", "500k", "1")) {
      for (int i = 0; i < 2; i++) {
        assertThat(sums(share.read("wide", Map.of("cacheMemory", memory)))).isEqualTo(expected);
      }
    }
    assertThat(StorageUse.cachedBytes()).isLessThanOrEqualTo(500 << 10);
    share.read("wide", Map.of("cacheMemory", "3m")).selectExpr("sum(k)").collectAsList();
    assertThat(StorageUse.cachedBytes()).isBetween(1L, 3L << 20);
  }

  @Test
  void anotherServersTableIsNotTakenForThisOne() {
    Rows.of(read("five"));
    try (TestShare other = TestShare.of(directory, List.of("five"))) {
      Rows.of(other.read("five", CACHED));
      assertThat(other.takeRequests().get("file")).isPositive();
      Rows.of(other.read("five", CACHED));
      assertThat(other.takeRequests()).doesNotContainKey("file");
    }
  }

  @Test
  void queriesAtTheSameTimeShareIt() throws Exception {
    List<String> expected = sums(delta("wide"));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<String>>> results = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        Map<String, String> options =
            Map.of("cacheMemory", i % 2 == 0 ? "64m" : "4m", "prefetchMemory", "2m");
        results.add(threads.submit(() -> sums(share.read("wide", options))));
      }
      for (Future<List<String>> result : results) {
        assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
