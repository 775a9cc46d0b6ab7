/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.deltasharing.testing.StoreRelay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built connector jar on a real standalone cluster: applications in client and in cluster mode,
 * and what happens to clusters. Rows are compared with what Delta Lake reads.
 */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {
  private static final String CANARY = "canary-" + UUID.randomUUID();

  @TempDir static Path directory;
  static ClusterFixture fixture;
  static ServedOrders orders;
  static ClusterResults results;
  static Path scratch;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        Files.isDirectory(Path.of("/proc", "self")),
        "SKIPPED: needs Linux, for hosts 127.0.0.1, 127.0.0.2, … and to know processes");
    fixture = new ClusterFixture(directory, CANARY);
    orders = fixture.orders();
    results = new ClusterResults(orders);
    scratch = fixture.scratch();
  }

  @AfterAll
  static void stop() throws Exception {
    if (fixture != null) {
      fixture.close();
    }
  }

  @Test
  @Order(1)
  void clusterMode() throws Exception {
    String path = orders.path("orders");
    Path sql = scratch.resolve("catalog-results");
    ClusterFixture.together(
        () -> {
          ClusterApplications.EndedDriver driver =
              fixture.drive(
                  "cluster-batch",
                  Map.of(),
                  Map.of("DELTA_SHARING_CONFIG", Files.readString(orders.profile())),
                  fixture.example("ReadSharedTable", "env:DELTA_SHARING_CONFIG#share.schema.slow"));
          assertThat(driver.state()).as(driver.errors()).isEqualTo("FINISHED");
          results.assertShown(driver.output());
        },
        () -> {
          ClusterApplications.EndedDriver driver =
              fixture.drive(
                  "cluster-changes",
                  Map.of(),
                  Map.of(),
                  fixture.example("ReadChanges", path, "2", "4"));
          assertThat(driver.state()).as(driver.errors()).isEqualTo("FINISHED");
          results.assertCounted(driver.output());
        },
        () -> {
          String table = "shared.share.schema.orders";
          String[] steps = {
            "latest=SELECT * FROM " + table,
            "version 1=SELECT * FROM " + table + " VERSION AS OF 1",
            "changes=SELECT * FROM " + table + ".changes WHERE _commit_version BETWEEN 2 AND 4",
            "by country=SELECT country, sum(amount) AS amount FROM " + table + " GROUP BY country"
          };
          ClusterApplications.EndedDriver driver =
              fixture.drive(
                  "cluster-catalog",
                  ClusterFixture.catalog("shared", orders.profile()),
                  Map.of(),
                  fixture.job(sql, steps));
          assertThat(driver.state()).as(driver.errors()).isEqualTo("FINISHED");
          results.assertFiles(sql, "latest", "version 1", "changes", "by country");
        },
        () -> {
          // spark-submit ends with 0, which submitDriver asserts.
          ClusterApplications.EndedDriver driver =
              fixture.drive(
                  "cluster-failing",
                  Map.of(),
                  Map.of(),
                  fixture.example("ReadSharedTable", "nowhere.share#share.schema.slow"));
          assertThat(driver.state()).isEqualTo("FAILED");
          assertThat(driver.output()).doesNotContain(" rows");
          assertThat(driver.errors())
              .contains(
                  "The profile nowhere.share does not exist",
                  "in cluster mode that runs on a node of the cluster");
        });
  }

  @Test
  @Order(2)
  void clientMode() throws Exception {
    String path = orders.path("orders");
    Path archive = scratch.resolve("client-archive");
    ClusterFixture.together(
        () -> {
          LocalRepository repository = LocalRepository.in(scratch, ClusterFixture.CONNECTOR);
          List<String> packages = List.of("--packages", repository.coordinates());
          results.assertShown(
              fixture.run(
                  "client-packages",
                  repository.confs(),
                  fixture.program(
                      packages, ClusterFixture.EXAMPLES + "ReadSharedTable", orders.path("slow"))));
        },
        () -> {
          results.assertCounted(
              fixture.run(
                  "client-changes", Map.of(), fixture.example("ReadChanges", path, "2", "4")));
        },
        () -> {
          String checkpoint = scratch.resolve("client-checkpoint").toString();
          assertThat(
                  fixture.run(
                      "client-stream",
                      Map.of(),
                      fixture.example("NightlyChanges", path, archive.toString(), checkpoint)))
              .contains(orders.count("latest") + " changed rows are new");
        },
        () -> {
          catalogBySparkSql();
        });
    assertThat(
            ClusterResults.archived(
                archive, "_change_type", "_commit_version", "_commit_timestamp"))
        .isEqualTo(orders.rows("latest"));
  }

  private static void catalogBySparkSql() throws Exception {
    SparkDistribution.Finished sql =
        fixture.sql(
            "client-sql",
            "--jars",
            ClusterFixture.CONNECTOR.toString(),
            "-d",
            "share=share",
            "-d",
            "schema=schema",
            "-d",
            "table=orders",
            "-f",
            Path.of("connector-examples", "sql", "catalog.sql").toAbsolutePath().toString());
    assertThat(sql.exit()).as(sql.output()).isZero();
    assertThat(sql.output()).contains("\n" + orders.count("latest") + "\n");
  }

  /** In cluster mode and supervised: the worker starts the driver again. */
  @Test
  @Order(3)
  void aDriverKilledInTheMiddleOfAStreamGoesOn() throws Exception {
    Path archive = scratch.resolve("supervised-archive");
    Path checkpoint = scratch.resolve("supervised-checkpoint");
    List<String> arguments = new ArrayList<>(List.of("--supervise"));
    arguments.addAll(
        List.of(
            fixture.example(
                "NightlyChanges",
                fixture.late() + "#share.schema.growing",
                archive.toString(),
                checkpoint.toString())));
    String driver;
    // Two files a batch: the third batch is begun.
    try (StoreRelay.Hold hold = fixture.store().hold(5, Integer.MAX_VALUE)) {
      driver =
          fixture
              .applications()
              .submitDriver(
                  "supervised",
                  fixture
                      .applications()
                      .clusterMode(
                          Map.of("spark.datasource.deltaSharing.maxFilesPerTrigger", "2"),
                          arguments.toArray(String[]::new)),
                  Map.of());
      hold.await(1, ClusterFixture.LONGEST);
      assertThat(checkpoint.resolve("commits").resolve("1")).exists();
      assertThat(checkpoint.resolve("offsets").resolve("2")).exists();
      assertThat(checkpoint.resolve("commits").resolve("2")).doesNotExist();
      ProcessHandle running = fixture.cluster().driver();
      orders.grow();
      assertThat(running.destroyForcibly()).isTrue();
      running.onExit().get();
    }
    ClusterApplications.EndedDriver ended = fixture.applications().end(driver);
    assertThat(ended.state()).as(ended.errors()).isEqualTo("FINISHED");
    assertThat(
            Files.readString(scratch.resolve("worker1.log"))
                + Files.readString(scratch.resolve("worker2.log")))
        .contains("re-launching after");
    assertThat(ClusterResults.archived(archive, "_commit_timestamp"))
        .isEqualTo(orders.rows("followed"));
  }

  @Test
  @Order(4)
  void aWorkerKilledInTheMiddleOfAScanCostsNoRow() throws Exception {
    Path rows = scratch.resolve("killed-results");
    Map<String, String> confs = ClusterFixture.catalog("late", fixture.late());
    confs.put("spark.datasource.deltaSharing.prefetchMemory", "0");
    // A task has one request on its way: two that are held are those of two executors.
    StoreRelay.Hold hold = fixture.store().hold(2, Integer.MAX_VALUE);
    try (RunningProcess process =
        fixture
            .applications()
            .start(
                "killed",
                fixture
                    .applications()
                    .arguments(
                        confs, fixture.job(rows, "slow=SELECT * FROM late.share.schema.slow")))) {
      try (hold) {
        hold.await(2, ClusterFixture.LONGEST);
        fixture.cluster().killWorker("worker1");
        // A task that the other one runs instead.
        hold.await(1, ClusterFixture.LONGEST);
      }
      assertThat(process.end(ClusterFixture.LONGEST)).as(process.output()).isZero();
      results.assertFiles(rows, "slow");
      assertThat(fixture.applications().events(process, "TaskEnd"))
          .extracting(task -> task.path("Task End Reason").path("Reason").asText())
          .contains("ExecutorLostFailure", "Success");
    } finally {
      fixture.cluster().addWorker();
    }
  }

  /** The same application has its executors come and go, and a task that is too slow. */
  @Test
  @Order(5)
  void urlsEndExecutorsComeAndGoAndTasksAreSpeculated() throws Exception {
    Path rows = scratch.resolve("elastic-results");
    Map<String, String> confs = ClusterFixture.catalog("late", fixture.late());
    confs.put("spark.datasource.deltaSharing.prefetchMemory", "0");
    confs.put("spark.ui.enabled", "true");
    confs.put("spark.ui.port", "0");
    confs.put("spark.dynamicAllocation.enabled", "true");
    confs.put("spark.dynamicAllocation.shuffleTracking.enabled", "true");
    confs.put("spark.dynamicAllocation.maxExecutors", "2");
    confs.put("spark.dynamicAllocation.schedulerBacklogTimeout", "1s");
    confs.put("spark.dynamicAllocation.executorIdleTimeout", "2s");
    confs.put("spark.dynamicAllocation.shuffleTracking.timeout", "2s");
    confs.put("spark.speculation", "true");
    confs.put("spark.speculation.quantile", "0.5");
    confs.put("spark.speculation.minTaskRuntime", "3s");
    String table = "late.share.schema.";
    String[] steps = {
      "slow=SELECT * FROM " + table + "slow",
      "idle",
      "latest=SELECT * FROM " + table + "orders",
      "joined=SELECT pieces, count(*) AS count FROM %1$sorders JOIN %1$sitems ON id = `order id` GROUP BY pieces"
          .formatted(table),
      "stay"
    };
    int queries = orders.shortLivedQueries();
    fixture.store().hold(0, 0).close();
    // Four tasks after another on an executor.
    fixture.store().delay(Duration.ofMillis(700));
    try (RunningProcess process =
        fixture
            .applications()
            .start("elastic", fixture.applications().arguments(confs, fixture.job(rows, steps)))) {
      ClusterFixture.awaitFile(process, rows.resolve("slow"));
      assertThat(orders.shortLivedQueries() - queries).as("listings of 'slow'").isBetween(2, 9);
      fixture.store().delay(Duration.ZERO);
      try (StoreRelay.Hold hold = fixture.store().hold(0, 1)) {
        hold.await(1, ClusterFixture.LONGEST);
        ClusterFixture.awaitFile(process, rows.resolve("latest"));
      }
      ClusterFixture.awaitFile(process, rows.resolve("stays"));
      results.assertUi(fixture.applications(), process);
      Files.createFile(rows.resolve("end"));
      assertThat(process.end(ClusterFixture.LONGEST)).as(process.output()).isZero();
      results.assertFiles(rows, "slow", "latest", "joined");
      results.assertElastic(fixture.applications(), process);
    } finally {
      fixture.store().delay(Duration.ZERO);
    }
  }

  /** What all of the above wrote: output, event logs, workers' directories, the UI's answers. */
  @Test
  @Order(6)
  void nothingThatIsWrittenHasTokensOrSignatures() throws IOException {
    assertThat(fixture.store().signatures()).hasSizeGreaterThan(20);
    List<String> secrets = new ArrayList<>(orders.secrets());
    secrets.addAll(fixture.store().signatures());
    assertThat(filesWith(secrets)).isEmpty();
    assertThat(filesWith(List.of(CANARY)))
        .extracting(file -> scratch.relativize(file).getName(0).toString())
        .contains("events", "work", "rest");
  }

  private static List<Path> filesWith(List<String> texts) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(scratch)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (texts.stream().anyMatch(content::contains)) {
          found.add(file);
        }
      }
    }
    return found;
  }
}
