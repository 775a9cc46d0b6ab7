/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Iceberg's own Spark runtime in a JVM of its own ({@code src/icebergtables}): it writes a table to
 * a store, and then reads by catalogs that it is told. Used by one thread, which closes it.
 */
final class IcebergSpark implements AutoCloseable {
  private static final String ANSWER = "> ";

  private final Process process;
  private final Path log;
  private final BufferedReader answers;

  /** The rows of a query, or what it failed with. */
  record Answer(List<String> rows, String error) {}

  private IcebergSpark(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts it; returns when the table is written, and what it has is in {@code expected-lake.json}.
   *
   * @param warehouse of its own catalog, in which the table is {@code db.t}
   */
  static IcebergSpark write(Path directory, String warehouse, Map<String, String> hadoop)
      throws IOException {
    Path log = directory.resolve("iceberg-spark.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(IcebergTables.jvmOptions());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-cp",
            IcebergTables.classPath(true),
            "src/icebergtables/java/IcebergStoreMain.java",
            warehouse,
            directory.toString()));
    hadoop.forEach((name, value) -> command.add(name + "=" + value));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    // Its S3 client looks for credentials and a region everywhere; what it needs comes by the
    // catalog.
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    IcebergSpark spark = new IcebergSpark(builder.start(), log);
    try {
      spark.answer();
      return spark;
    } catch (IOException | RuntimeException e) {
      spark.close();
      throw e;
    }
  }

  /** A REST catalog by a name. */
  void catalog(String name, String uri, String warehouse, String token) throws IOException {
    send("catalog", name, uri, warehouse, token);
    answer();
  }

  Answer query(String query) throws IOException {
    send("query", query);
    return new ObjectMapper().readValue(answer(), Answer.class);
  }

  private void send(String... words) throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).write(String.join("\t", words) + "\n");
    process.outputWriter(StandardCharsets.UTF_8).flush();
  }

  private String answer() throws IOException {
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith(ANSWER)) {
        return line.substring(ANSWER.length());
      }
    }
    throw new IOException("Iceberg's Spark has ended: " + log());
  }

  /** What it logged. */
  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
