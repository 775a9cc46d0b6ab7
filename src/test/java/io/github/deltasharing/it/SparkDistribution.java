/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import io.github.deltasharing.testing.PythonEnvironment;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A whole Spark as users have it, the one that the Python package {@code pyspark} brings: its
 * programs are started as a user does, with nothing of this build's Spark in their environment.
 */
final class SparkDistribution {
  private static final Duration LONGEST = Duration.ofMinutes(8);

  /** JVMs of a few seconds: less compiling. */
  static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private static final Pattern CONNECT_PORT =
      Pattern.compile("Spark Connect server started at: \\S*?:(\\d+)\\s");

  private static final Pattern THRIFT_PORT =
      Pattern.compile("ThriftBinaryCLIService on port (\\d+) with");

  private final Path home;
  private final Path python;
  private final Path scratch;

  private SparkDistribution(Path home, Path python, Path scratch) {
    this.home = home;
    this.python = python;
    this.scratch = scratch;
  }

  /**
   * A distribution.
   *
   * @param installed where {@code pyspark} is installed
   * @param python what its Python workers and drivers run on
   * @param scratch for logs and event logs
   */
  static SparkDistribution of(PythonEnvironment installed, PythonEnvironment python, Path scratch)
      throws IOException {
    Files.createDirectories(scratch.resolve("events"));
    Files.createDirectories(scratch.resolve("conf"));
    return new SparkDistribution(installed.packageDirectory("pyspark"), python.python(), scratch);
  }

  /** Its jars, as a class path. */
  String jars() throws IOException {
    try (Stream<Path> jars = Files.list(home.resolve("jars"))) {
      return jars.map(Path::toString)
          .filter(jar -> jar.endsWith(".jar"))
          .collect(Collectors.joining(File.pathSeparator));
    }
  }

  /** Where its logs are, and what else it writes. */
  Path scratch() {
    return scratch;
  }

  /** What a program wrote, and how it ended. */
  record Finished(int exit, String output) {}

  /** Runs {@code bin/spark-submit} or another program of the distribution to its end. */
  Finished run(String name, String program, List<String> arguments)
      throws IOException, InterruptedException {
    return run(name, program, arguments, Map.of());
  }

  /** The same with more in its environment. */
  Finished run(String name, String program, List<String> arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    try (RunningProcess process = start(name, program, arguments, environment)) {
      int exit = process.end(LONGEST);
      return new Finished(exit, process.output());
    }
  }

  /** A master and one worker, each a JVM. */
  StandaloneCluster cluster() throws IOException, InterruptedException {
    return StandaloneCluster.of(this, 1, 2);
  }

  /**
   * A Spark Connect server on a free port, with what {@code spark-submit} takes.
   *
   * @return the server; its address is {@link Server#address}
   */
  Server connectServer(String name, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(
        List.of(
            "--conf",
            "spark.connect.grpc.binding.port=0",
            "--conf",
            "spark.connect.grpc.binding.address=127.0.0.1",
            "--class",
            "org.apache.spark.sql.connect.service.SparkConnectServer",
            "spark-internal"));
    RunningProcess process = start(name, "spark-submit", submit(all), Map.of());
    try {
      return new Server(process, "sc://127.0.0.1:" + process.await(CONNECT_PORT, LONGEST));
    } catch (IOException | InterruptedException e) {
      process.close();
      throw e;
    }
  }

  /** A Spark Thrift Server on a free port, with what {@code spark-submit} takes. */
  Server thriftServer(String name, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(
        List.of(
            "--class",
            "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2",
            "spark-internal",
            "--hiveconf",
            "hive.server2.thrift.port=0",
            "--hiveconf",
            "hive.server2.thrift.bind.host=127.0.0.1"));
    RunningProcess process = start(name, "spark-submit", all, Map.of());
    try {
      return new Server(
          process, "jdbc:hive2://127.0.0.1:" + process.await(THRIFT_PORT, LONGEST) + "/default");
    } catch (IOException | InterruptedException e) {
      process.close();
      throw e;
    }
  }

  /** Settings of every job of the tests, before its own arguments. */
  List<String> submit(List<String> arguments) {
    List<String> all = new ArrayList<>();
    List.of(
            "spark.ui.enabled=false",
            "spark.ui.showConsoleProgress=false",
            "spark.driver.host=127.0.0.1",
            "spark.driver.bindAddress=127.0.0.1",
            "spark.driver.memory=1g",
            "spark.driver.extraJavaOptions=" + QUICK_START,
            "spark.executor.memory=640m",
            "spark.executor.extraJavaOptions=" + QUICK_START,
            "spark.sql.session.timeZone=UTC",
            "spark.sql.shuffle.partitions=2",
            "spark.eventLog.enabled=true",
            "spark.eventLog.dir=" + scratch.resolve("events").toUri())
        .forEach(conf -> all.addAll(List.of("--conf", conf)));
    all.addAll(arguments);
    return all;
  }

  /** Starts a program of the distribution, with its output in {@code <scratch>/<name>.log}. */
  RunningProcess start(
      String name, String program, List<String> arguments, Map<String, String> more)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin").resolve(program).toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(Files.createDirectories(scratch.resolve(name)).toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(key -> key.startsWith("SPARK_") || key.startsWith("PYSPARK_"));
    environment.put("SPARK_HOME", home.toString());
    environment.put("SPARK_CONF_DIR", scratch.resolve("conf").toString());
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_DAEMON_JAVA_OPTS", QUICK_START);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("PYSPARK_PYTHON", python.toString());
    environment.putAll(more);
    return RunningProcess.start(builder, scratch.resolve(name + ".log"));
  }

  /**
   * A server of Spark that runs.
   *
   * @param address what its clients connect to
   */
  record Server(RunningProcess process, String address) implements AutoCloseable {
    @Override
    public void close() {
      process.close();
    }
  }
}
