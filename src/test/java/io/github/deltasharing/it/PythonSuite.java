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

/** Runs a suite of {@code src/test/python}, in one process. */
final class PythonSuite {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PythonSuite() {}

  /**
   * The checks of a suite, as tests; after them, that it came to its end and that no secret was
   * printed.
   *
   * @param options the suite's own
   * @param secrets what its output must not have
   */
  static Stream<DynamicTest> run(
      PythonEnvironment python,
      String name,
      List<String> options,
      Path scratch,
      Duration longest,
      String... secrets)
      throws IOException, InterruptedException {
    Path results = scratch.resolve("results.json");
    List<String> command = new ArrayList<>();
    command.add(python.python().toString());
    command.add(Path.of("src", "test", "python", name + ".py").toAbsolutePath().toString());
    command.addAll(options);
    command.add("--results=" + results);
    int exit;
    String output;
    try (RunningProcess suite =
        RunningProcess.start(builder(command, scratch), scratch.resolve("suite.log"))) {
      exit = suite.end(longest);
      output = suite.output();
    }
    List<DynamicTest> tests = checks(results, output);
    tests.add(
        DynamicTest.dynamicTest(
            "all of " + name,
            () -> {
              assertThat(exit).as(output).isZero();
              assertThat(output).doesNotContain(secrets);
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
