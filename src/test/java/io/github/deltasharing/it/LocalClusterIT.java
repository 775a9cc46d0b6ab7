/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestProxy;
import io.github.deltasharing.testing.TestShare;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executors in JVMs of their own, with the packaged connector and without Delta Lake, read in
 * parallel. That no secret is there: {@link CanaryIT}.
 */
class LocalClusterIT {
  private static final String TABLE = "sales";
  private static final int URL_LIFE_SECONDS = 2;

  @TempDir static Path directory;
  static TestShare share;
  static TestShare shortLived;
  static List<String> expected;
  static SparkSession spark;

  @BeforeAll
  static void start() throws IOException {
    expected =
        LocalCluster.write(
            directory.resolve(TABLE),
            withDeltaLake ->
                Rows.of(
                    withDeltaLake
                        .read()
                        .format("delta")
                        .load(directory.resolve(TABLE).toString())));
    share = TestShare.of(directory, List.of(TABLE));
    shortLived =
        TestShare.of(
            directory,
            List.of(TABLE),
            config -> config.preSignedUrlTimeoutSeconds(URL_LIFE_SECONDS));
    spark = LocalCluster.start(Map.of());
  }

  @AfterAll
  static void stop() {
    spark.stop();
    share.close();
    shortLived.close();
  }

  private static Dataset<Row> read() {
    return spark.read().format("deltaSharing").load(share.path(TABLE));
  }

  @Test
  void executorsInOtherProcessesReadInParallelWhatDeltaLakeReads() {
    assertThat(Rows.of(read())).isEqualTo(expected);

    assertThat(executorsThatRead()).containsExactly("0", "1");
  }

  private static TreeSet<String> executorsThatRead() {
    return new TreeSet<>(
        read().mapPartitions(new ExecutorTasks.Ids(), Encoders.STRING()).collectAsList());
  }

  @Test
  @Timeout(120)
  void executorsGetNewUrlsFromTheDriverWhileAScanOutlivesThem() {
    long start = System.currentTimeMillis();
    List<String> rows = Rows.of(slowly(shortLived));
    long seconds = (System.currentTimeMillis() - start) / 1_000;
    assertThat(rows).isEqualTo(expected);
    assertThat(seconds).isGreaterThan(URL_LIFE_SECONDS);
    assertThat(shortLived.takeRequests().get("query") - 1)
        .as("renewals in %d s", seconds)
        .isBetween(1, (int) seconds);
  }

  /**
   * Takes 4 seconds or more on two executors. Read-ahead would have all of the small files before
   * the first URL dies.
   */
  private static Dataset<Row> slowly(TestShare from) {
    return spark
        .read()
        .format("deltaSharing")
        .option("prefetchMemory", "0")
        .load(from.path(TABLE))
        .filter(new ExecutorTasks.Slowly(100, 40));
  }

  /** The name of the sharing server's host, and of its files', is known to the proxy alone. */
  @Test
  void executorsGoThroughTheDriversProxy() {
    String password = "password";
    int port = share.server().uri().getPort();
    Path profile = directory.resolve("proxied.share");
    TestShare.writeProfile(
        profile, "http://sharing.invalid" + share.server().uri().getPath(), TestShare.CANARY);
    try (TestProxy proxy = new TestProxy(Map.of("sharing.invalid:80", port), "ada:" + password)) {
      Dataset<Row> read =
          spark
              .read()
              .format("deltaSharing")
              .option("proxyHost", "127.0.0.1")
              .option("proxyPort", proxy.port())
              .option("proxyUser", "ada")
              .option("proxyPassword", password)
              .option("allowPlainHttp", "true")
              .load(profile + "#share.schema." + TABLE);
      assertThat(Rows.of(read)).isEqualTo(expected);
      assertThat(proxy.requests())
          .anyMatch(request -> request.contains("/query"))
          .anyMatch(request -> request.startsWith("GET http://sharing.invalid/"));
    }
  }
}
