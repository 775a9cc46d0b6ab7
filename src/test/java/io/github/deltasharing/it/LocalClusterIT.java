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
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
 * parallel; and the recipient's token is nowhere but on the driver.
 */
class LocalClusterIT {
  private static final String TABLE = "sales";
  private static final int URL_LIFE_SECONDS = 2;

  /**
   * Something that does travel to executors, to show that the scan of their heaps finds what is
   * there.
   */
  private static final String CONTROL = "control-" + UUID.randomUUID();

  @TempDir static Path directory;
  static TestShare share;
  static TestShare shortLived;
  static List<String> expected;
  static SparkSession spark;

  @BeforeAll
  static void start() throws IOException {
    writeTable();
    share = TestShare.of(directory, List.of(TABLE));
    shortLived =
        TestShare.of(
            directory,
            List.of(TABLE),
            config -> config.preSignedUrlTimeoutSeconds(URL_LIFE_SECONDS));
    // What executors are started from: with these two Spark takes a directory for a distribution.
    Path sparkHome = Files.createDirectories(Path.of(System.getenv("SPARK_HOME")));
    Files.createDirectories(sparkHome.resolve("jars"));
    Files.writeString(sparkHome.resolve("RELEASE"), "");
    Files.createDirectories(directory.resolve("events"));
    spark =
        SparkSession.builder()
            .master("local-cluster[2,1,1024]")
            .appName("local-cluster")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.sql.files.maxPartitionBytes", "64k")
            .config("spark.sql.files.openCostInBytes", "1k")
            // As --jars does: executors get it after Spark's RPC was started there.
            .config("spark.jars", System.getProperty("connector.jar"))
            .config("spark.executor.extraClassPath", executorClassPath())
            .config("spark.executor.extraJavaOptions", "-Dlog4j2.level=DEBUG")
            .config("spark.hadoop.test.control", CONTROL)
            .config("spark.eventLog.enabled", "true")
            .config("spark.eventLog.dir", directory.resolve("events").toUri().toString())
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
    share.close();
    shortLived.close();
  }

  private static void writeTable() {
    SparkSession writer =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .getOrCreate();
    String path = directory.resolve(TABLE).toString();
    writer
        .range(0, 20_000, 1, 12)
        .selectExpr("id", "sha2(string(id), 256) AS hash", "id % 3 AS p")
        .write()
        .format("delta")
        .partitionBy("p")
        .save(path);
    expected = Rows.of(writer.read().format("delta").load(path));
    writer.stop();
  }

  /**
   * What the test has, less this project's classes and jars and Delta Lake: Spark and the test's
   * classes.
   */
  private static String executorClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("target" + File.separator + "classes"))
        .filter(entry -> !entry.contains(File.separator + "delta-"))
        .collect(Collectors.joining(File.pathSeparator));
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

  @Test
  void theTokenIsInNoExecutorsHeapLogPlanOrEventLog() throws IOException {
    Dataset<Row> joined = read().join(read().groupBy("p").count(), "p");
    assertThat(joined.count()).isEqualTo(20_000);
    assertThat(executorsThatRead()).containsExactly("0", "1");
    assertThat(slowly(shortLived).count()).isEqualTo(20_000);
    assertThat(shortLived.takeRequests().get("query")).as("renewed").isGreaterThan(1);
    String plan =
        joined.queryExecution().toString() + joined.queryExecution().executedPlan().treeString();
    assertThat(plan).doesNotContain(TestShare.CANARY).doesNotContain("signature");

    List<String> found =
        spark
            .createDataset(List.of(1, 2, 3, 4), Encoders.INT())
            .repartition(4)
            .mapPartitions(
                new ExecutorTasks.HeapScan(directory.toString(), TestShare.CANARY, CONTROL),
                Encoders.STRING())
            .collectAsList();
    assertThat(new TreeSet<>(found))
        .containsExactly(
            "executor 0: secret 0 times, control found",
            "executor 1: secret 0 times, control found");

    assertNowhereInLogs(TestShare.CANARY);
    assertNowhereInLogs("signature=");
  }

  private static void assertNowhereInLogs(String secret) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).filter(f -> isLog(f)).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(secret);
      }
    }
  }

  /** The name of the sharing server's host, and of its files', is known to the proxy alone. */
  @Test
  void executorsGoThroughTheDriversProxy() throws IOException {
    String password = "canary-of-proxy-" + UUID.randomUUID();
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
      assertThat(read.queryExecution().toString()).doesNotContain(password);
    }
    assertNowhereInLogs(password);
  }

  private static boolean isLog(Path file) {
    return file.startsWith(directory.resolve("events"))
        || file.endsWith("stderr")
        || file.endsWith("stdout");
  }
}
