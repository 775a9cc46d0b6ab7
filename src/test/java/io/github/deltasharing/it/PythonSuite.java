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
 * Runs a suite of {@code src/test/python} in one process, against the server jar with the tables of
 * {@link PythonTables}; each of its checks is a test.
 */
final class PythonSuite {
  private static final Duration LONGEST = Duration.ofMinutes(6);
  private static final ObjectMapper JSON = new ObjectMapper();

  private PythonSuite() {}

  /**
   * The checks of a suite, as tests; after them, that all of it ran and that no secret was printed.
   *
   * @param script its file in {@code src/test/python}
   * @param scratch a directory of its own
   */
  static Stream<DynamicTest> run(PythonEnvironment python, String script, Path scratch)
      throws IOException, InterruptedException {
    Path tables = Files.createDirectories(scratch.resolve("tables"));
    List<String> names = PythonTables.write(tables);
    TestSpark.session().stop(); // Memory and cores for what follows.
    Path profile = scratch.resolve("config.share");
    Path results = scratch.resolve("results.json");
    String output;
    String token;
    int exit;
    try (ServerJar server = ServerJar.start(tables, names, scratch, profile)) {
      token = server.token();
      List<String> command =
          List.of(
              python.python().toString(),
              Path.of("src", "test", "python", script).toAbsolutePath().toString(),
              "--profile=" + profile,
              "--tables=" + tables,
              "--scratch=" + Files.createDirectories(scratch.resolve("suite")),
              "--connector=" + System.getProperty("connector.jar"),
              "--results=" + results);
      try (RunningProcess suite =
          RunningProcess.start(builder(command, scratch), scratch.resolve("suite.log"))) {
        exit = suite.end(LONGEST);
        output = suite.output();
      }
    }
    List<DynamicTest> tests = checks(results, output);
    tests.add(
        DynamicTest.dynamicTest(
            "all of " + script,
            () -> {
              assertThat(exit).as(output).isZero();
              assertThat(output).doesNotContain(token, "signature=");
            }));
    return tests.stream();
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
