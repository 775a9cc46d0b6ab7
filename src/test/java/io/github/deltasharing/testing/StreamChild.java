/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import io.github.deltasharing.streaming.PollingClock;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/**
 * A program that copies a shared table into Parquet files as a stream, to be killed: {@code
 * StreamChild <path> <checkpoint> <sink> <follow or finish>}. Its clock for polling goes a thousand
 * times too fast.
 */
public final class StreamChild {
  private StreamChild() {}

  /** Starts it in a JVM of its own. */
  public static Process start(Path log, String... arguments) throws java.io.IOException {
    List<String> command =
        new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(StreamChild.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  public static void main(String[] args) throws Exception {
    PollingClock.set(() -> TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
    boolean finish = args[3].equals("finish");
    SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    spark
        .readStream()
        .format("deltaSharing")
        .option("maxFilesPerTrigger", finish ? "100" : "2")
        .load(args[0])
        .writeStream()
        .format("parquet")
        .option("checkpointLocation", args[1])
        .option("path", args[2])
        .trigger(finish ? Trigger.AvailableNow() : Trigger.ProcessingTime(0))
        .start()
        .awaitTermination();
    spark.stop();
  }
}
