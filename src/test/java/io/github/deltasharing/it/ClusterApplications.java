/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Submits applications to a standalone cluster of two workers, in client and in cluster mode, and
 * looks at what they leave. Stateless but for the cluster.
 */
final class ClusterApplications {
  private static final Duration LONGEST = Duration.ofMinutes(6);
  private static final Pattern DRIVER = Pattern.compile("submitted as (driver-[0-9-]+)");
  private static final Pattern UI = Pattern.compile("service 'SparkUI' on port (\\d+)");
  private static final Pattern OPENS = Pattern.compile("OPENS=\"([^\"]+)\"");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SparkDistribution spark;
  private final StandaloneCluster cluster;
  private final String canary;

  /**
   * For a cluster.
   *
   * @param canary a text that executors are started with: whoever looks for secrets finds it
   */
  ClusterApplications(SparkDistribution spark, StandaloneCluster cluster, String canary) {
    this.spark = spark;
    this.cluster = cluster;
    this.canary = canary;
  }

  /** What {@code spark-submit} and {@code spark-sql} take, up to the program. */
  List<String> arguments(Map<String, String> confs, String... more) {
    List<String> all = new ArrayList<>(List.of("--master", cluster.url()));
    Map.of(
            "spark.executor.cores",
            "1",
            "spark.cores.max",
            "2",
            "spark.sql.files.maxPartitionBytes",
            "64k",
            "spark.sql.files.openCostInBytes",
            "1k",
            "spark.executor.extraJavaOptions",
            SparkDistribution.QUICK_START + " -Dcluster.canary=" + canary)
        .forEach((name, value) -> all.addAll(List.of("--conf", name + "=" + value)));
    confs.forEach((name, value) -> all.addAll(List.of("--conf", name + "=" + value)));
    all.addAll(List.of(more));
    return spark.submit(all);
  }

  /** The same in cluster mode, with the options of Java 17 that docs/cluster.md names. */
  List<String> clusterMode(Map<String, String> confs, String... more) throws IOException {
    Matcher opens = OPENS.matcher(Files.readString(Path.of("docs", "cluster.md")));
    if (!opens.find()) {
      throw new IOException("no OPENS in docs/cluster.md");
    }
    List<String> all = new ArrayList<>();
    all.addAll(List.of("--deploy-mode", "cluster", "--driver-java-options"));
    all.add(opens.group(1) + " " + SparkDistribution.QUICK_START);
    all.addAll(List.of(more));
    return arguments(confs, all.toArray(String[]::new));
  }

  /** Starts an application in client mode. */
  RunningProcess start(String name, List<String> arguments) throws IOException {
    return spark.start(name, "spark-submit", arguments, Map.of());
  }

  /**
   * Submits in cluster mode.
   *
   * @return the driver's id; {@code spark-submit} has ended with 0
   */
  String submitDriver(String name, List<String> arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    SparkDistribution.Finished submit = spark.run(name, "spark-submit", arguments, environment);
    Matcher id = DRIVER.matcher(submit.output());
    if (submit.exit() != 0 || !id.find()) {
      throw new IOException(submit.exit() + ": " + submit.output());
    }
    return id.group(1);
  }

  /** A driver in cluster mode that has ended, and what it wrote. */
  record EndedDriver(String state, String output, String errors) {}

  /** Waits until a driver has ended. */
  EndedDriver end(String driver) throws IOException, InterruptedException {
    long end = System.nanoTime() + LONGEST.toNanos();
    String state = cluster.driverState(driver);
    while (state.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(200);
      state = cluster.driverState(driver);
    }
    return new EndedDriver(state, settled(driver, "stdout"), settled(driver, "stderr"));
  }

  /** A worker copies what a driver writes; the last of it may come after the driver's end. */
  private String settled(String driver, String stream) throws IOException, InterruptedException {
    String before;
    String now = cluster.driverOutput(driver, stream);
    do {
      before = now;
      Thread.sleep(300);
      now = cluster.driverOutput(driver, stream);
    } while (!now.equals(before));
    return now;
  }

  /** The REST API of a driver's UI below {@code applications/<id>}, kept in a file too. */
  JsonNode rest(RunningProcess application, String path) throws IOException, InterruptedException {
    String api = "http://127.0.0.1:" + application.await(UI, LONGEST) + "/api/v1/applications";
    String id = JSON.readTree(URI.create(api).toURL()).path(0).path("id").asText();
    try (InputStream in = URI.create(api + "/" + id + "/" + path).toURL().openStream()) {
      byte[] answer = in.readAllBytes();
      Path kept = Files.createDirectories(spark.scratch().resolve("rest"));
      Files.write(kept.resolve(path.replaceAll("\\W", "_")), answer);
      return JSON.readTree(answer);
    }
  }

  /** The events of a kind that an application in client mode has logged. */
  List<JsonNode> events(RunningProcess application, String event)
      throws IOException, InterruptedException {
    String id = application.await(Pattern.compile("with app ID (app-[0-9-]+)"), LONGEST);
    List<JsonNode> found = new ArrayList<>();
    Path log = spark.scratch().resolve("events").resolve(id);
    for (String line : Files.readAllLines(log, StandardCharsets.UTF_8)) {
      if (line.startsWith("{\"Event\":\"SparkListener" + event + "\"")) {
        found.add(JSON.readTree(line));
      }
    }
    return found;
  }
}
