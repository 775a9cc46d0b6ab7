/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The built connector jar and the examples on real distributions of Spark, by their own programs:
 * {@code spark-submit} and {@code spark-sql}. The numbers are those of the tables as Delta Lake has
 * written them.
 */
@Tag("nightly")
class DistributionIT {
  private static final String CONNECTOR = System.getProperty("connector.jar");
  private static final Path EXAMPLES = Path.of("connector-examples").toAbsolutePath();

  @TempDir static Path directory;
  static ServedOrders orders;

  @BeforeAll
  static void start() throws IOException {
    orders = ServedOrders.in(directory);
  }

  @AfterAll
  static void stop() {
    orders.close();
  }

  private static SparkDistribution spark(String line, Path scratch)
      throws IOException, InterruptedException {
    PythonEnvironment environment = PythonEnvironment.of(line);
    return SparkDistribution.of(environment, environment, scratch);
  }

  private static SparkDistribution.Finished submit(
      SparkDistribution spark, String name, String master, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--master", master, "--jars", CONNECTOR));
    all.addAll(arguments);
    return spark.run(name, "spark-submit", spark.submit(all));
  }

  private static List<String> example(Path jar, String name, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of("--class", "io.github.deltasharing.examples." + name, jar.toString()));
    all.addAll(List.of(arguments));
    return all;
  }

  private static void assertSaid(SparkDistribution.Finished finished, String... texts) {
    assertThat(finished.output()).contains(texts).doesNotContain(orders.secrets());
    assertThat(finished.exit()).as(finished.output()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark-3.5", "spark-4"})
  void examplesAndSqlInOneJvm(String line, @TempDir Path scratch) throws Exception {
    SparkDistribution spark = spark(line, scratch);
    Path jar = ExamplesJar.of(spark, scratch);
    String path = orders.path("orders");
    assertSaid(
        submit(
            spark,
            "python",
            "local[2]",
            List.of(EXAMPLES.resolve("read_shared_table.py").toString(), path)),
        orders.count("latest") + " rows");
    assertThat(
            submit(spark, "changes", "local[2]", example(jar, "ReadChanges", path, "2", "4"))
                .output())
        .containsPattern("\\|3 +\\|[^|]+\\|update_preimage +\\|40 +\\|")
        .containsPattern("\\|4 +\\|[^|]+\\|delete +\\|" + orders.deleted() + " +\\|");
    String[] night = {
      path, scratch.resolve("archive").toString(), scratch.resolve("checkpoint").toString()
    };
    List<String> python =
        new ArrayList<>(List.of(EXAMPLES.resolve("nightly_changes.py").toString()));
    python.addAll(List.of(night));
    assertSaid(
        submit(spark, "nightly-python", "local[2]", python),
        orders.count("latest") + " changed rows are new");
    // The other language's goes on with its checkpoint.
    assertSaid(
        submit(spark, "nightly-java", "local[2]", example(jar, "NightlyChanges", night)),
        "0 changed rows are new");
    assertSql(spark, path);
  }

  /** A view, and a catalog, in {@code spark-sql}. */
  private static void assertSql(SparkDistribution spark, String path) throws Exception {
    SparkDistribution.Finished sql =
        spark.run(
            "sql",
            "spark-sql",
            spark.submit(
                List.of(
                    "--master",
                    "local[2]",
                    "--jars",
                    CONNECTOR,
                    "--conf",
                    "spark.sql.catalog.shared=io.github.deltasharing.catalog.SharingCatalog",
                    "--conf",
                    "spark.sql.catalog.shared.profile=" + orders.profile(),
                    "-e",
                    """
                    CREATE TEMPORARY VIEW orders USING deltaSharing OPTIONS (path '%s');
                    SELECT 'view', count(*), count(country) FROM orders;
                    SHOW TABLES IN shared.share.schema;
                    SELECT 'catalog', count(*), count(country) FROM shared.share.schema.orders;
                    SELECT 'before', count(*) FROM shared.share.schema.orders VERSION AS OF 1;
                    """
                        .formatted(path))));
    int rows = orders.count("latest");
    int countries = rows - orders.withoutCountry();
    assertSaid(
        sql,
        "view\t" + rows + "\t" + countries,
        "\norders\n",
        "catalog\t" + rows + "\t" + countries,
        "before\t" + orders.count("version 1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark-3.5", "spark-4"})
  void jobsOnAStandaloneCluster(String line, @TempDir Path scratch) throws Exception {
    SparkDistribution spark = spark(line, scratch);
    List<String> checks =
        List.of(
            "batch",
            "options",
            "filters",
            "aggregates_and_joins",
            "temporary_view",
            "catalog",
            "stream",
            "refreshed_urls",
            "errors");
    try (StandaloneCluster cluster = spark.cluster()) {
      List<String> job = new ArrayList<>();
      job.add(Path.of("src", "test", "python", "recipient_checks.py").toAbsolutePath().toString());
      job.addAll(orders.checkArguments());
      job.addAll(List.of("--scratch", scratch.resolve("checks").toString()));
      job.addAll(checks);
      SparkDistribution.Finished finished = submit(spark, "checks", cluster.url(), job);
      assertThat(finished.output().lines().filter(text -> text.startsWith("passed ")))
          .as(finished.output())
          .hasSameSizeAs(checks);
      assertThat(finished.exit()).isZero();
      assertThat(finished.output()).doesNotContain(orders.secrets());
      assertSaid(
          submit(
              spark,
              "java",
              cluster.url(),
              example(ExamplesJar.of(spark, scratch), "ReadSharedTable", orders.path("orders"))),
          "|-- amount: decimal(12,2)",
          orders.count("latest") + " rows");
    }
    assertNoSecrets(scratch);
  }

  /** Neither in event logs nor in executors' logs. */
  private static void assertNoSecrets(Path scratch) throws IOException {
    try (Stream<Path> files =
        Stream.concat(Files.walk(scratch.resolve("events")), Files.walk(scratch.resolve("work")))) {
      List<Path> logs =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.toString().endsWith(".jar"))
              .toList();
      assertThat(logs).hasSizeGreaterThan(3);
      for (Path log : logs) {
        assertThat(Files.readString(log, StandardCharsets.ISO_8859_1))
            .as(log.toString())
            .doesNotContain(orders.secrets());
      }
    }
  }
}
