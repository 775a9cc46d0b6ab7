/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.PythonEnvironment;
import io.github.deltasharing.testing.StoreRelay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * A provider, a cluster of two workers, and the programs that a recipient submits to it. Close it
 * after use.
 */
final class ClusterFixture implements AutoCloseable {
  static final Duration LONGEST = Duration.ofMinutes(6);
  static final Path CONNECTOR = Path.of(System.getProperty("connector.jar"));
  static final String EXAMPLES = "io.github.deltasharing.examples.";

  /** In its order of closing. */
  private final List<AutoCloseable> running = new ArrayList<>();

  private final ServedOrders orders;
  private final StoreRelay store;
  private final Path late;
  private final Path scratch;
  private final SparkDistribution spark;
  private final StandaloneCluster cluster;
  private final ClusterApplications applications;
  private final String examples;

  /**
   * Starts all.
   *
   * @param canary see {@link ClusterApplications}
   */
  ClusterFixture(Path directory, String canary) throws Exception {
    PythonEnvironment environment = PythonEnvironment.of("spark-3.5");
    try {
      orders = ServedOrders.in(directory);
      running.add(orders);
      late = directory.resolve("late.share");
      store = orders.relay(late);
      running.add(0, store);
      scratch = directory.resolve("cluster");
      spark = SparkDistribution.of(environment, environment, scratch);
      cluster = StandaloneCluster.of(spark, 2, 3);
      running.add(0, cluster);
      applications = new ClusterApplications(spark, cluster, canary);
      Path job = Path.of("src/test/java", ClusterJob.class.getName().replace('.', '/') + ".java");
      examples = ExamplesJar.of(spark, scratch, job).toString();
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  /** Served tables, and what Delta Lake reads from them. */
  ServedOrders orders() {
    return orders;
  }

  /** Before a server whose URLs live shortly, with the profile {@link #late}. */
  StoreRelay store() {
    return store;
  }

  Path late() {
    return late;
  }

  /** All that programs write is below it, and no profile. */
  Path scratch() {
    return scratch;
  }

  StandaloneCluster cluster() {
    return cluster;
  }

  ClusterApplications applications() {
    return applications;
  }

  /** An example, with the connector by {@code --jars}, for {@code spark-submit}. */
  String[] example(String name, String... arguments) {
    return program(List.of("--jars", CONNECTOR.toString()), EXAMPLES + name, arguments);
  }

  /** The same for {@link ClusterJob}. */
  String[] job(Path results, String... steps) {
    String[] arguments =
        Stream.concat(Stream.of(results.toString()), Stream.of(steps)).toArray(String[]::new);
    return program(List.of("--jars", CONNECTOR.toString()), ClusterJob.class.getName(), arguments);
  }

  /** A program of the examples' jar. */
  String[] program(List<String> options, String main, String... arguments) {
    return Stream.of(options, List.of("--class", main, examples), List.of(arguments))
        .flatMap(List::stream)
        .toArray(String[]::new);
  }

  /** Settings of a catalog. */
  static Map<String, String> catalog(String name, Path profile) {
    String key = "spark.sql.catalog." + name;
    return new TreeMap<>(
        Map.of(
            key,
            "io.github.deltasharing.catalog.SharingCatalog",
            key + ".profile",
            profile.toString()));
  }

  /** All at once: the cluster has them wait for each other where it must. */
  static void together(Check... all) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(all.length);
    try {
      List<Future<?>> started = new ArrayList<>();
      for (Check check : all) {
        started.add(
            threads.submit(
                () -> {
                  check.run();
                  return null;
                }));
      }
      for (Future<?> one : started) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** A part of a test that waits for a cluster most of its time. */
  interface Check {
    void run() throws Exception;
  }

  /** Runs a program in cluster mode to its end. */
  ClusterApplications.EndedDriver drive(
      String name, Map<String, String> confs, Map<String, String> environment, String... program)
      throws Exception {
    List<String> arguments = applications.clusterMode(confs, program);
    return applications.end(applications.submitDriver(name, arguments, environment));
  }

  /** Runs a program in client mode to its end, and returns its output. */
  String run(String name, Map<String, String> confs, String... program) throws Exception {
    try (RunningProcess process =
        applications.start(name, applications.arguments(confs, program))) {
      assertThat(process.end(LONGEST)).as(process.output()).isZero();
      return process.output();
    }
  }

  /** Runs {@code spark-sql} with a catalog of the share. */
  SparkDistribution.Finished sql(String name, String... more) throws Exception {
    return spark.run(
        name, "spark-sql", applications.arguments(catalog("shared", orders.profile()), more));
  }

  /** Waits for a file that a program writes. */
  static void awaitFile(RunningProcess process, Path file) throws Exception {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!Files.exists(file)) {
      if (!process.isRunning() || System.nanoTime() > end) {
        throw new IOException("no " + file + ": " + process.output());
      }
      Thread.sleep(100);
    }
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable one : running) {
      one.close();
    }
  }
}
