/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.TestSpark;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Hints over Delta Lake's own statistics: every file that Spark finds a matching row in is kept.
 */
class ServerHintsTest {
  private static final Map<String, Dataset<Row>> ROWS = new HashMap<>();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "plain|id < 30|2",
        "plain|id = 99|1",
        "plain|NOT (id = 10)|4",
        "plain|id <> 10|4",
        "plain|id < 10 OR id > 90|2",
        "plain|id IS NULL|0",
        "plain|name IS NULL|4",
        "plain|name = 'name-13'|1",
        "plain|score <= 1.5|1",
        "plain|score > 20.0|4",
        "plain|day >= '2024-04-01'|1",
        "plain|nested.n = 60|1",
        "plain|id < 10 AND nonsense(1)|4",
        "parts|country = 'a b'|1",
        "parts|country IS NULL|1",
        "parts|country IS NULL OR day IS NULL|3",
        "parts|NOT (country = 'a b')|6",
        "parts|day > '2024-01-05'|2",
        "parts|day IS NOT NULL AND country < 'b'|3",
      })
  void sqlHintsKeepEveryMatchingFile(String table, String sql, int expected) {
    ShareConfig config = ServerTables.config().evaluatePredicateHints(true).build();
    Set<String> kept = kept(config, table, body -> "{\"predicateHints\":[\"" + sql + "\"]}");
    assertThat(kept).hasSize(expected);
    if (!sql.contains("nonsense")) {
      assertThat(kept).containsAll(matching(table, sql));
    }
  }

  @Test
  void switchesDecideWhatIsEvaluated() {
    String byPartition = hint("equal", "country", "string", "a b");
    String byStatistics = hint("lessThan", "id", "int", "3");
    assertThat(partsKept(true, true, byPartition)).isEqualTo(1);
    assertThat(partsKept(true, false, byPartition)).isEqualTo(1);
    assertThat(partsKept(false, false, byPartition)).isEqualTo(8);
    assertThat(partsKept(true, true, byStatistics)).isEqualTo(2);
    assertThat(partsKept(true, false, byStatistics)).isEqualTo(8);
    // SQL hints are off by default.
    assertThat(
            kept(
                ServerTables.config().build(),
                "parts",
                body -> "{\"predicateHints\":[\"country = 'a b'\"]}"))
        .hasSize(8);
    assertThat(partsKept(true, true, "{\"jsonPredicateHints\":\"nonsense\"}")).isEqualTo(8);
  }

  private static int partsKept(boolean partition, boolean statistics, String body) {
    ShareConfig config =
        ServerTables.config()
            .evaluateJsonPredicateHints(partition)
            .evaluateJsonPredicateHintsV2(statistics)
            .build();
    return kept(config, "parts", ignored -> body).size();
  }

  private static String hint(String op, String column, String type, String value) {
    String predicate =
        ("{\"op\":\"%s\",\"children\":[{\"op\":\"column\",\"name\":\"%s\",\"valueType\":\"%s\"},"
                + "{\"op\":\"literal\",\"value\":\"%s\",\"valueType\":\"%s\"}]}")
            .formatted(op, column, type, value, type);
    return ServerClient.MAPPER.createObjectNode().put("jsonPredicateHints", predicate).toString();
  }

  private static Set<String> kept(ShareConfig config, String table, UnaryOperator<String> body) {
    Set<String> names = new HashSet<>();
    try (SharingServer server = SharingServer.start(config)) {
      var response = new ServerClient(server).query("sales." + table, body.apply(""));
      for (JsonNode file : ServerClient.actions(response, "file")) {
        names.add(fileName(URI.create(file.path("url").asText()).getPath()));
      }
    }
    return names;
  }

  private static Set<String> matching(String table, String sql) {
    List<Row> rows = rows(table).where(sql).select("file").collectAsList();
    Set<String> names = new HashSet<>();
    rows.forEach(row -> names.add(fileName(row.getString(0))));
    return names;
  }

  /** The table's rows with the files they are in, read once. */
  private static Dataset<Row> rows(String table) {
    return ROWS.computeIfAbsent(
        table,
        name -> {
          Dataset<Row> read =
              TestSpark.session()
                  .read()
                  .format("delta")
                  .load(ServerTables.directory(name).toString())
                  .selectExpr("*", "input_file_name() AS file");
          return TestSpark.session().createDataFrame(read.collectAsList(), read.schema());
        });
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
