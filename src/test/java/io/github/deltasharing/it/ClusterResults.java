/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** Compares what programs on a cluster show and write with what Delta Lake reads. Stateless. */
record ClusterResults(ServedOrders orders) {
  /** {@code ClusterJob} wrote what Delta Lake reads, into files of the reads' names. */
  void assertFiles(Path results, String... names) throws IOException {
    for (String name : names) {
      assertThat(Files.readAllLines(results.resolve(name))).as(name).isEqualTo(orders.rows(name));
    }
  }

  /** {@code ReadSharedTable} shows some rows of the table, and their number. */
  void assertShown(String output) {
    List<String> shown =
        Pattern.compile("\\|(\\d+) *\\|([0-9a-f]{64})\\|")
            .matcher(output)
            .results()
            .map(row -> "{\"id\":" + row.group(1) + ",\"hash\":\"" + row.group(2) + "\"}")
            .toList();
    assertThat(shown).hasSize(20).doesNotHaveDuplicates();
    assertThat(orders.rows("slow")).containsAll(shown);
    assertThat(output).contains("\n" + orders.count("slow") + " rows");
  }

  /** {@code ReadChanges} counts the rows of each kind in each commit. */
  void assertCounted(String output) {
    Map<String, Long> counted =
        Pattern.compile("\\|(\\d+) *\\|[0-9-]+ [0-9:.]+ *\\|(\\w+) *\\|(\\d+) *\\|")
            .matcher(output)
            .results()
            .collect(
                Collectors.toMap(
                    row -> row.group(1) + " " + row.group(2), row -> Long.valueOf(row.group(3))));
    assertThat(counted)
        .isEqualTo(
            orders.rows("changes").stream()
                .map(ClusterResults::versionAndType)
                .collect(Collectors.groupingBy(key -> key, Collectors.counting())));
  }

  private static String versionAndType(String row) {
    MatchResult found =
        Pattern.compile("\"_change_type\":\"(\\w+)\",\"_commit_version\":(\\d+)")
            .matcher(row)
            .results()
            .findFirst()
            .get();
    return found.group(2) + " " + found.group(1);
  }

  /** What is in an archive of {@code NightlyChanges}. */
  static List<String> archived(Path archive, String... without) {
    try (SparkSession session =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate()) {
      return ClusterJob.rows(session.read().parquet(archive.toString()).drop(without));
    }
  }

  /** The metrics of the first query, a scan of {@code slow}, as the UI has them. */
  void assertUi(ClusterApplications applications, RunningProcess process) throws Exception {
    JsonNode first = applications.rest(process, "sql?details=true&planDescription=true").path(0);
    Map<String, String> metrics = new TreeMap<>();
    for (JsonNode node : first.path("nodes")) {
      if (node.path("nodeName").asText().startsWith("BatchScan")) {
        node.path("metrics")
            .forEach(m -> metrics.put(m.path("name").asText(), m.path("value").asText()));
      }
    }
    assertThat(metrics)
        .containsEntry("number of file splits read", Integer.toString(orders.files("slow")))
        .containsEntry("number of output rows", "%,d".formatted(orders.count("slow")));
    assertThat(number(metrics.get("bytes fetched from the store")))
        .isGreaterThanOrEqualTo(number(metrics.get("bytes needed of the store")))
        .isGreaterThan(64L * orders.count("slow"));
    assertThat(number(metrics.get("URLs renewed by the driver"))).isPositive();
    for (String path : List.of("environment", "jobs", "stages?details=true", "allexecutors")) {
      applications.rest(process, path);
    }
  }

  private static long number(String metric) {
    return Long.parseLong(metric.replace(",", ""));
  }

  /** Executors went and others came; of two attempts of a task the second one counted. */
  void assertElastic(ClusterApplications applications, RunningProcess process) throws Exception {
    assertThat(applications.events(process, "ExecutorAdded")).hasSizeGreaterThan(2);
    assertThat(applications.events(process, "ExecutorRemoved"))
        .as("before the second query")
        .hasSizeGreaterThan(1);
    List<JsonNode> ended = applications.events(process, "TaskEnd");
    assertThat(ended)
        .as("the second attempt")
        .anyMatch(
            task ->
                task.path("Task Info").path("Speculative").asBoolean()
                    && task.path("Task End Reason").path("Reason").asText().equals("Success"));
    assertThat(ended)
        .as("the first attempt")
        .anyMatch(
            task ->
                !task.path("Task Info").path("Speculative").asBoolean()
                    && task.path("Task End Reason").path("Reason").asText().equals("TaskKilled"));
  }
}
