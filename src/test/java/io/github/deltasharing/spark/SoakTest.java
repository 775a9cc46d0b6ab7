/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.listing.UrlRefreshEndpoint;
import io.github.deltasharing.storage.StorageUse;
import io.github.deltasharing.storage.prefetch.PrefetchUse;
import io.github.deltasharing.testing.FaultyServer;
import io.github.deltasharing.testing.ProcessUse;
import io.github.deltasharing.testing.RandomFaults;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
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
 * Scans with random faults, one after another: each gives the right rows or one of our errors, and
 * none leaves anything behind. The faults of a scan are drawn from the seed that a failure names;
 * which request a fault strikes is up to the threads.
 */
class SoakTest {
  private static final long SEED = Long.getLong("soak.seed", 20_261_121);

  private static final int CONNECTIONS = 8;
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** The driver's own connections: of queries, and of the refresh of URLs. */
  private static final int DRIVER_CONNECTIONS = 4;

  /** What Spark still holds of the last queries. */
  private static final int PLANS_HELD = 30;

  /** A leak of 16 KiB a scan would be 32 MB of 2,000 scans. */
  private static final long HEAP_SLACK = 24L << 20;

  /** Both servers' and the proxy's ends of the connections, which come and go. */
  private static final int SOCKET_SLACK = 4 * CONNECTIONS;

  @TempDir static Path directory;
  static TestShare share;
  static FaultyServer server;
  private static List<String> everything;
  private static List<String> someRows;
  private static final Set<Object> LIVE_IDS = new HashSet<>();

  private enum End {
    RIGHT,
    FAILED,
    CANCELLED
  }

  @BeforeAll
  static void writeAndShare() {
    SparkSession spark = TestSpark.session();
    String path = directory.resolve("t").toString();
    // Twenty small files, which come whole, and two that are read in ranges.
    write(spark, path, 0, 1_000, 20);
    write(spark, path, 1_000, 13_000, 2);
    spark.sql("DELETE FROM delta.`" + path + "` WHERE id >= 900 AND id % 7 = 3");
    Dataset<Row> table = spark.read().format("delta").load(path);
    everything = Rows.of(sums(table));
    someRows = Rows.of(sums(table.filter("id % 3 = 1")));
    table.select("id").collectAsList().forEach(row -> LIVE_IDS.add(row.get(0)));
    share = TestShare.of(directory, List.of("t"));
    server = new FaultyServer(share);
    // The first query takes a server longer than the scans below wait for an answer.
    assertThat(Rows.of(sums(share.read("t")))).isEqualTo(everything);
  }

  private static void write(SparkSession spark, String path, long from, long to, int files) {
    String[] columns = new String[5];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = "sha2(string(id + " + i * 1_000_000 + "), 512) AS c" + i;
    }
    columns[0] = "id";
    spark
        .range(from, to, 1, files)
        .selectExpr(columns)
        .write()
        .format("delta")
        .mode("append")
        .option("delta.enableDeletionVectors", "true")
        .option("compression", "none")
        .save(path);
  }

  @AfterAll
  static void stop() {
    StorageUse.clearCache();
    server.close();
    share.close();
  }

  @Test
  @Timeout(300)
  void aFewScansLeaveNothingBehind() throws Exception {
    soak(20, 60);
  }

  @Test
  @Tag("nightly")
  @Timeout(3_600)
  void manyScansLeaveNothingBehind() throws Exception {
    soak(100, Integer.getInteger("soak.scans", 2_000));
  }

  private static void soak(int warmUp, int scans) throws Exception {
    Map<End, Integer> ends = new EnumMap<>(End.class);
    ProcessUse before = null;
    for (int i = 0; i < scans; i++) {
      if (i == warmUp) {
        before = quiet();
      } else if (i % 100 == 0) {
        System.out.printf("after %d scans: %s, %s%n", i, ends, quiet());
      }
      End end = new Scan(SEED + i).run();
      ends.merge(end, 1, Integer::sum);
    }
    ProcessUse after = quiet();
    String what =
        "%s%nafter %d scans: %s%nafter %d: %s".formatted(ends, warmUp, before, scans, after);
    System.out.println(what);
    // Otherwise the scans show little.
    assertThat(ends.getOrDefault(End.RIGHT, 0)).as(what).isGreaterThan(scans / 4);
    assertThat(ends).as(what).containsKeys(End.values());

    assertThat(StorageUse.files()).as("open files").isZero();
    assertThat(UrlRefreshEndpoint.of(SparkEnv.get()).scans())
        .as("scans known")
        .isLessThanOrEqualTo(PLANS_HELD);
    assertThat(after.connections())
        .as("connections to the store, %s", what)
        .isLessThanOrEqualTo(CONNECTIONS + DRIVER_CONNECTIONS);
    assertThat(after.sockets())
        .as("sockets, %s", what)
        .isLessThanOrEqualTo(before.sockets() + SOCKET_SLACK);
    assertThat(after.threads())
        .as("threads, %s", what)
        .isLessThanOrEqualTo(CONNECTIONS + DRIVER_CONNECTIONS);
    assertThat(after.httpClients()).as("HTTP clients, %s", what).isEqualTo(before.httpClients());
    assertThat(after.httpWorkers())
        .as("threads of HTTP clients, %s", what)
        .isLessThanOrEqualTo(before.httpWorkers() + SOCKET_SLACK);
    assertThat(after.heapBytes())
        .as("heap, %s", what)
        .isLessThanOrEqualTo(before.heapBytes() + HEAP_SLACK);
  }

  /** What is held when nothing runs any more. */
  private static ProcessUse quiet() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (PrefetchUse.fetches() > 0) {
      assertThat(System.nanoTime()).as("fetches still run").isLessThan(deadline);
      Thread.sleep(5);
    }
    ProcessUse.now(server.port());
    // Drops the plans that the collection found to be unused from the registry.
    server.spoil((request, file) -> false, right -> right, 0);
    assertThat(Rows.of(sums(server.read("t", options(12, "256k", "0"))))).isEqualTo(everything);
    return ProcessUse.now(server.port());
  }

  private static Map<String, String> options(
      int numRetries, String prefetchMemory, String cacheMemory) {
    return Map.of(
        "timeout",
        TIMEOUT.toMillis() + "ms",
        "numRetries",
        Integer.toString(numRetries),
        "retrySleepInterval",
        "2ms",
        "maxConnections",
        Integer.toString(CONNECTIONS),
        "prefetchMemory",
        prefetchMemory,
        "cacheMemory",
        cacheMemory);
  }

  private static Dataset<Row> sums(Dataset<Row> table) {
    return table.selectExpr(
        "count(*)", "sum(id)", "bit_xor(xxhash64(c1))", "bit_xor(xxhash64(c2, c4))");
  }

  /** One scan, of a random kind, with random faults. */
  private static final class Scan {
    private final long seed;
    private final Random random;

    Scan(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      // Neighbouring seeds start alike.
      random.nextLong();
    }

    End run() throws Exception {
      double rate = new double[] {0, 0.05, 0.1, 0.4}[random.nextInt(4)];
      RandomFaults faults = new RandomFaults(random.nextLong(), rate, TIMEOUT.plusMillis(200));
      server.spoil((request, file) -> faults.strike(), faults::spoil, Integer.MAX_VALUE);
      share.takeRequests();
      FutureTask<List<Row>> query = new FutureTask<>(kind());
      Thread thread = new Thread(query, "soak-" + seed);
      thread.start();
      boolean cancelled = random.nextInt(3) == 0;
      if (cancelled) {
        Thread.sleep(random.nextInt(250));
        sparkContext().cancelJobGroup(group());
      }
      try {
        query.get(60, TimeUnit.SECONDS);
        return End.RIGHT;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof AssertionError wrong) {
          throw wrong;
        }
        if (cancelled && isCancelled(e)) {
          return End.CANCELLED;
        }
        assertThat(ours(e.getCause()))
            .as("scan with seed %d", seed)
            .isInstanceOf(SharingException.class)
            .hasMessageContaining("share.schema.t")
            .hasMessageNotContaining(TestShare.CANARY)
            .hasMessageNotContaining("signature");
        return End.FAILED;
      } finally {
        thread.join();
      }
    }

    private java.util.concurrent.Callable<List<Row>> kind() {
      Map<String, String> options =
          options(
              1 + random.nextInt(4),
              List.of("0", "256k", "8m").get(random.nextInt(3)),
              List.of("0", "0", "2m").get(random.nextInt(3)));
      int kind = random.nextInt(3);
      int limit = 1 + random.nextInt(300);
      return () -> {
        sparkContext().setJobGroup(group(), "a scan of the soak", true);
        Dataset<Row> table = server.read("t", options);
        switch (kind) {
          case 0 -> check(Rows.of(sums(table)), everything);
          case 1 -> check(Rows.of(sums(table.filter("id % 3 = 1"))), someRows);
          default -> checkLimit(table, limit);
        }
        return List.of();
      };
    }

    private void check(List<String> rows, List<String> expected) {
      assertThat(rows).as("rows of the scan with seed %d", seed).isEqualTo(expected);
    }

    /** Readers that are closed before their end. */
    private void checkLimit(Dataset<Row> table, int limit) {
      List<Row> rows =
          table
              .selectExpr("id", "c3 = sha2(string(id + 3000000), 512)")
              .limit(limit)
              .collectAsList();
      assertThat(rows).as("rows of the scan with seed %d", seed).hasSize(limit);
      assertThat(rows).allMatch(row -> LIVE_IDS.contains(row.get(0)) && row.getBoolean(1));
      assertThat(rows.stream().map(row -> row.get(0)).distinct()).hasSize(limit);
    }

    private String group() {
      return "soak-" + seed;
    }

    private static SparkContext sparkContext() {
      return TestSpark.session().sparkContext();
    }

    private static boolean isCancelled(Throwable failure) {
      for (Throwable t = failure; t != null; t = t.getCause()) {
        if (String.valueOf(t.getMessage()).contains("cancelled")) {
          return true;
        }
      }
      return false;
    }

    private static Throwable ours(Throwable failure) {
      for (Throwable t = failure; t != null; t = t.getCause()) {
        if (t instanceof SharingException) {
          return t;
        }
      }
      return failure;
    }
  }
}
