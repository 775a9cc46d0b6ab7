/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A standalone cluster of a distribution: a master and workers, each a JVM on a loopback address of
 * its own, which to Spark are hosts. Its executors, and drivers in cluster mode, are JVMs below the
 * workers. Not thread-safe.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(6);
  private static final Pattern REGISTERED =
      Pattern.compile("(Successfully registered with master)");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SparkDistribution spark;
  private final int cores;
  private final RunningProcess master;
  private final String url;
  private final String page;

  /** By their names, which are those of their logs and, below {@code work}, directories. */
  private final Map<String, RunningProcess> workers = new TreeMap<>();

  private StandaloneCluster(SparkDistribution spark, int cores)
      throws IOException, InterruptedException {
    this.spark = spark;
    this.cores = cores;
    master =
        spark.start(
            "master",
            "spark-class",
            List.of(
                "org.apache.spark.deploy.master.Master",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--webui-port",
                "0"),
            Map.of());
    try {
      url = master.await(Pattern.compile("Starting Spark master at (spark://\\S*:\\d+)"), LONGEST);
      page = master.await(Pattern.compile("MasterWebUI.* started at (http://\\S+:\\d+)"), LONGEST);
    } catch (IOException | InterruptedException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts one.
   *
   * @param cores of each worker
   */
  static StandaloneCluster of(SparkDistribution spark, int workers, int cores)
      throws IOException, InterruptedException {
    StandaloneCluster cluster = new StandaloneCluster(spark, cores);
    try {
      for (int i = 0; i < workers; i++) {
        cluster.startWorker();
      }
      for (RunningProcess worker : cluster.workers.values()) {
        worker.await(REGISTERED, LONGEST);
      }
    } catch (IOException | InterruptedException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private RunningProcess startWorker() throws IOException {
    int number = workers.size() + 1;
    String host = "127.0.0." + number;
    String name = "worker" + number;
    RunningProcess worker =
        spark.start(
            name,
            "spark-class",
            List.of(
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                host,
                "--webui-port",
                "0",
                "--cores",
                Integer.toString(cores),
                "--memory",
                "4g",
                "--work-dir",
                work().resolve(name).toString(),
                url),
            Map.of("SPARK_LOCAL_IP", host));
    workers.put(name, worker);
    return worker;
  }

  /** One more. */
  void addWorker() throws IOException, InterruptedException {
    startWorker().await(REGISTERED, LONGEST);
  }

  /** For {@code --master}. */
  String url() {
    return url;
  }

  /** Where applications and drivers have their directories. */
  Path work() {
    return spark.scratch().resolve("work");
  }

  /** What the master's page knows, as {@code /json/} has it. */
  JsonNode state() throws IOException {
    return JSON.readTree(URI.create(page + "/json/").toURL());
  }

  /** The state of a driver that has ended, or an empty text. */
  String driverState(String driver) throws IOException {
    for (JsonNode ended : state().path("completeddrivers")) {
      if (ended.path("id").asText().equals(driver)) {
        return ended.path("state").asText();
      }
    }
    return "";
  }

  /** What a driver wrote: {@code stdout} or {@code stderr}. */
  String driverOutput(String driver, String stream) throws IOException {
    for (String name : workers.keySet()) {
      Path file = work().resolve(name).resolve(driver).resolve(stream);
      if (Files.exists(file)) {
        return Files.readString(file);
      }
    }
    throw new IOException("no directory of " + driver + " below " + work());
  }

  /** The only driver that runs below a worker. */
  ProcessHandle driver() throws IOException {
    for (RunningProcess worker : workers.values()) {
      for (ProcessHandle child : worker.descendants()) {
        if (isDriver(child)) {
          return child;
        }
      }
    }
    throw new IOException("no driver runs");
  }

  private static boolean isDriver(ProcessHandle process) throws IOException {
    // Java's own way to it ends at 4,096 bytes, which the class path fills.
    Path line = Path.of("/proc", Long.toString(process.pid()), "cmdline");
    return Files.exists(line)
        && Files.readString(line, StandardCharsets.ISO_8859_1)
            .contains("org.apache.spark.deploy.worker.DriverWrapper");
  }

  /** A worker dies with all that it started, as when a machine does. */
  void killWorker(String name) {
    workers.get(name).kill();
  }

  @Override
  public void close() {
    workers.values().forEach(RunningProcess::close);
    master.close();
  }
}
