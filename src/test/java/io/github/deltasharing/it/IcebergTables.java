/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Iceberg tables that Iceberg's own Spark runtime has written, with the rows that its reader reads.
 * It runs in a JVM of its own ({@code src/icebergtables}). Immutable.
 *
 * @param warehouse of a catalog of directories; the tables are in the namespace {@code db}
 */
record IcebergTables(Path warehouse) {
  private static final Path SCRIPTS = Path.of("src", "test", "resources", "iceberg");

  /**
   * What Iceberg reads.
   *
   * @param sequenceNumber of the snapshot; 0 in format version 1, and where there is none
   */
  record Read(String schema, List<String> rows, long sequenceNumber, long timestamp) {
    /** The version that the server gives the snapshot. */
    long version() {
      return sequenceNumber > 0 ? sequenceNumber : timestamp;
    }
  }

  /** Writes the tables of the SQL files in the tests' resources, below a directory. */
  static IcebergTables write(Path directory) throws IOException, InterruptedException {
    return write(directory, SCRIPTS, 5);
  }

  /**
   * Writes the tables of all SQL files in a directory, below another one.
   *
   * @param minutes how long that may take
   */
  static IcebergTables write(Path directory, Path scripts, int minutes)
      throws IOException, InterruptedException {
    Path warehouse = directory.resolve("warehouse");
    Path log = directory.resolve("iceberg.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-cp",
            classPath(false),
            "src/icebergtables/java/IcebergTablesMain.java",
            scripts.toString(),
            warehouse.toString()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(minutes, TimeUnit.MINUTES)).as("Iceberg is done").isTrue();
      assertThat(process.exitValue()).as(() -> text(log)).isZero();
    } finally {
      process.destroyForcibly();
    }
    return new IcebergTables(warehouse);
  }

  /** Those of this JVM that Spark needs. */
  static List<String> jvmOptions() {
    return java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-") || argument.startsWith("-XX:"))
        .toList();
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /**
   * This JVM's, with Iceberg's runtime instead of its library: they have classes of one name.
   *
   * @param aws with what it reads S3 by
   */
  static String classPath(boolean aws) throws IOException {
    Path jars = Path.of(System.getProperty("iceberg.jars", "target/iceberg"));
    String others =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(
                jar ->
                    !jar.matches(".*[/\\\\](iceberg|spark-catalyst_2\\.13|delta-s)[^/\\\\]*\\.jar"))
            .collect(Collectors.joining(File.pathSeparator));
    try (Stream<Path> runtime = Files.list(jars)) {
      return others
          + File.pathSeparator
          + runtime
              .map(Path::toString)
              .filter(jar -> aws || !jar.contains("iceberg-aws"))
              .collect(Collectors.joining(File.pathSeparator));
    }
  }

  /** The tables' names. */
  static List<String> names() {
    try (Stream<Path> scripts = Files.list(SCRIPTS)) {
      return scripts
          .map(script -> script.getFileName().toString().replaceFirst("\\.sql$", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The head without a name, branches and tags by their names, older snapshots by their ids. */
  Map<String, Read> reads(String table) throws IOException {
    return new ObjectMapper()
        .readValue(
            warehouse.resolveSibling(table + ".json").toFile(),
            new TypeReference<Map<String, Read>>() {});
  }
}
