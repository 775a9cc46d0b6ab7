/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.testing.PythonEnvironment;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs suites of {@code src/test/python}, each in one process, against the server jar with the
 * tables of {@link PythonTables}. Close it after use.
 */
final class PythonSuites implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(6);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final ServerJar server;

  private PythonSuites(Path directory, ServerJar server) {
    this.directory = directory;
    this.server = server;
  }

  /** Writes the tables and starts the server. */
  static PythonSuites start(Path directory) throws IOException {
    Path tables = Files.createDirectories(directory.resolve("tables"));
    List<String> names = PythonTables.write(tables);
    TestSpark.session().stop(); // Memory and cores for what follows.
    return new PythonSuites(
        directory, ServerJar.start(tables, names, directory, directory.resolve("config.share")));
  }

  /**
   * The checks of a suite, as tests; after them, that it came to its end and that no secret was
   * printed.
   */
  Stream<DynamicTest> run(PythonEnvironment python, String name)
      throws IOException, InterruptedException {
    Path scratch = Files.createDirectories(directory.resolve(name));
    Path results = scratch.resolve("results.json");
    List<String> command =
        List.of(
            python.python().toString(),
            Path.of("src", "test", "python", name + ".py").toAbsolutePath().toString(),
            "--profile=" + directory.resolve("config.share"),
            "--tables=" + directory.resolve("tables"),
            "--scratch=" + scratch,
            "--connector=" + System.getProperty("connector.jar"),
            "--results=" + results);
    int exit;
    String output;
    try (RunningProcess suite =
        RunningProcess.start(builder(command, scratch), scratch.resolve("suite.log"))) {
      exit = suite.end(LONGEST);
      output = suite.output();
    }
    List<DynamicTest> tests = checks(results, output);
    tests.add(
        DynamicTest.dynamicTest(
            "all of " + name,
            () -> {
              assertThat(exit).as(output).isZero();
              assertThat(output).doesNotContain(server.token(), "signature=");
            }));
    return tests.stream();
  }

  @Override
  public void close() {
    server.close();
  }

  private static ProcessBuilder builder(List<String> command, Path scratch) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(Files.createDirectories(scratch.resolve("work")).toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(key -> key.startsWith("SPARK_") || key.startsWith("PYSPARK_"));
    environment.put("PYSPARK_PYTHON", command.get(0));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("TZ", "UTC");
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    return builder;
  }

  /** A check that the suite did not come to has failed. */
  private static List<DynamicTest> checks(Path results, String output) throws IOException {
    assertThat(results).as(output).exists();
    List<String> lines = Files.readAllLines(results);
    Map<String, JsonNode> byName = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      JsonNode result = JSON.readTree(line);
      System.out.println(result.get("line").asText());
      byName.put(result.get("name").asText(), result);
    }
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode name : JSON.readTree(lines.get(0))) {
      JsonNode result = byName.get(name.asText());
      tests.add(
          DynamicTest.dynamicTest(
              name.asText(),
              () -> {
                assertThat(result).as(output).isNotNull();
                assertThat(result.get("problem").asText()).isEmpty();
              }));
    }
    assertThat(tests).isNotEmpty();
    return tests;
  }
}
