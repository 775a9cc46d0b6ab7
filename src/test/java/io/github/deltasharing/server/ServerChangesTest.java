/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.DELTA_ALL;
import static io.github.deltasharing.server.ServerClient.actions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.testing.TestSpark;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes in both dialects, against what Delta Lake reads in the same tables. */
class ServerChangesTest {
  static final String CAPABILITIES = "delta-sharing-capabilities";
  private static final String HISTORY =
      "&includeHistoricalMetadata=true&includeHistoricalProtocol=true";
  private static SharingServer server;
  private static ServerClient client;

  @BeforeAll
  static void start() {
    server = SharingServer.start(ChangeTables.config().build());
    client = new ServerClient(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "feed,0,12,true",
    "feed,3,3,true",
    "feed,5,11,true",
    "feed,0,12,false",
    "feed,6,8,false",
    "vectors,0,12,true",
    "vectors,4,4,true",
    "vectors,0,12,false",
    "vectors,3,6,false",
    "mapped,0,5,true",
    "mapped,0,5,false",
    "plain,0,3,false",
    "plain,1,2,false",
  })
  void servesWhatTheLogSays(String table, long start, long end, boolean feed) {
    List<String> expected = LoggedActions.expected(ChangeTables.directory(table), start, end, feed);
    assertThat(served(ask(table, start, end, feed, DELTA_ALL), true)).isEqualTo(expected);
    if (table.equals("feed") || table.equals("plain")) {
      HttpResponse<String> parquet = ask(table, start, end, feed, "responseformat=parquet,delta");
      assertThat(parquet.headers().firstValue(CAPABILITIES)).contains("responseformat=parquet");
      assertThat(served(parquet, false)).isEqualTo(expected);
    }
  }

  private static HttpResponse<String> ask(
      String table, long start, long end, boolean feed, String capabilities) {
    HttpResponse<String> response =
        feed
            ? client.changes(
                "c." + table,
                "startingVersion=" + start + "&endingVersion=" + end,
                CAPABILITIES,
                capabilities)
            : client.query(
                "c." + table,
                "{\"startingVersion\":" + start + ",\"endingVersion\":" + end + "}",
                CAPABILITIES,
                capabilities);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Delta-Table-Version")).contains("" + start);
    return response;
  }

  /** The files of an answer, in the words of {@link LoggedActions}. */
  private static List<String> served(HttpResponse<String> response, boolean delta) {
    List<String> served = new ArrayList<>();
    for (String line : response.body().split("\n", -1)) {
      JsonNode json = line.isEmpty() ? null : ServerClient.tree(line);
      if (json == null || json.has("protocol") || json.has("metaData")) {
        continue;
      }
      JsonNode file = delta ? json.path("file") : json.elements().next();
      JsonNode wrapper = delta ? file.path("deltaSingleAction") : json;
      String kind = wrapper.fieldNames().next();
      JsonNode action = wrapper.path(kind);
      assertThat(file.path("id").asText()).matches("[0-9a-f]{32}");
      assertThat(file.path("timestamp").asLong()).isPositive();
      assertThat(file.path("expirationTimestamp").asLong())
          .isGreaterThan(System.currentTimeMillis());
      JsonNode vector = action.path("deletionVector");
      assertThat(file.has("deletionVectorFileId")).isEqualTo(vector.isObject());
      if (vector.isObject()) {
        assertThat(ServerClient.fetch(vector.path("pathOrInlineDv").asText()).statusCode())
            .isEqualTo(200);
      }
      if (delta) {
        assertThat(action.path("dataChange").asBoolean()).isEqualTo(!kind.equals("cdc"));
      }
      assertThat(action.has("stats")).isEqualTo(kind.equals("add"));
      served.add(
          LoggedActions.text(
              file.path("version").asLong(),
              kind.equals("cdf") ? "cdc" : kind,
              path(action.path(delta ? "path" : "url").asText()),
              action.path("size").asLong(),
              partitionValues(action).toString(),
              vector.isObject() ? vector.path("cardinality").asLong() : -1));
    }
    return served;
  }

  private static TreeMap<String, String> partitionValues(JsonNode action) {
    TreeMap<String, String> values = new TreeMap<>();
    action
        .path("partitionValues")
        .fields()
        .forEachRemaining(e -> values.put(e.getKey(), e.getValue().textValue()));
    return values;
  }

  private static String path(String url) {
    return URI.create(url).getPath().replaceFirst("/delta-sharing/files/[^/]*/[^/]*/[^/]*/", "");
  }

  @Test
  void theFilesHoldTheRowsThatDeltaLakeTells() throws Exception {
    HttpResponse<String> response =
        client.changes("c.feed", "startingVersion=0", CAPABILITIES, "responseformat=parquet");
    List<String> rows = new ArrayList<>();
    for (Map.Entry<String, String> kind :
        Map.of("add", "insert", "remove", "delete", "cdf", "").entrySet()) {
      for (JsonNode file : actions(response, kind.getKey())) {
        HttpResponse<byte[]> data = ServerClient.fetch(file.path("url").asText());
        assertThat(data.statusCode()).isEqualTo(200);
        java.nio.file.Path copy = java.nio.file.Files.createTempFile("change", ".parquet");
        java.nio.file.Files.write(copy, data.body());
        for (Row row : TestSpark.session().read().parquet(copy.toString()).collectAsList()) {
          List<String> names = List.of(row.schema().fieldNames());
          rows.add(
              row.getAs("id")
                  + "|"
                  + row.getAs("name")
                  + "|"
                  + partitionValues(file).get("part")
                  + "|"
                  + (names.contains("extra") ? row.getAs("extra") : null)
                  + "|"
                  + (kind.getValue().isEmpty() ? row.getAs("_change_type") : kind.getValue())
                  + "|"
                  + file.path("version").asLong()
                  + "|"
                  + file.path("timestamp").asLong());
        }
        java.nio.file.Files.delete(copy);
      }
    }
    List<String> expected =
        TestSpark.session()
            .read()
            .format("delta")
            .option("readChangeFeed", true)
            .option("startingVersion", 0)
            .load(ChangeTables.directory("feed").toString())
            .collectAsList()
            .stream()
            .map(
                row ->
                    row.getAs("id")
                        + "|"
                        + row.getAs("name")
                        + "|"
                        + row.getAs("part")
                        + "|"
                        + row.getAs("extra")
                        + "|"
                        + row.getAs("_change_type")
                        + "|"
                        + row.getAs("_commit_version")
                        + "|"
                        + row.<java.sql.Timestamp>getAs("_commit_timestamp").getTime())
            .toList();
    assertThat(expected).hasSizeGreaterThan(100);
    assertThat(rows).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void optimizeHasNoLines() {
    assertThat(served(ask("feed", 9, 9, true, DELTA_ALL), true)).isEmpty();
    assertThat(served(ask("feed", 9, 9, false, DELTA_ALL), true)).isEmpty();
    assertThat(served(ask("feed", 8, 8, false, DELTA_ALL), true)).isNotEmpty();
  }

  @Test
  void pairsOfRemoveAndAddNameBothDeletionVectors() {
    HttpResponse<String> response = ask("vectors", 12, 12, true, DELTA_ALL);
    Map<String, List<JsonNode>> byId = new HashMap<>();
    for (JsonNode file : actions(response, "file")) {
      byId.computeIfAbsent(file.path("id").asText(), id -> new ArrayList<>())
          .add(file.path("deltaSingleAction"));
    }
    assertThat(byId).isNotEmpty();
    byId.values().forEach(pair -> assertThat(pair).hasSize(2));
  }

  @Test
  void startsWithTheFirstVersionAndTellsLaterMetadata() {
    HttpResponse<String> response =
        client.changes("c.feed", "startingVersion=2" + HISTORY, CAPABILITIES, DELTA_ALL);
    List<JsonNode> metadata = actions(response, "metaData");
    assertThat(metadata).extracting(m -> m.path("version").asLong()).startsWith(2L, 7L);
    assertThat(metadata.get(0).path("deltaMetadata").path("schemaString").asText())
        .doesNotContain("extra");
    assertThat(metadata.get(1).path("deltaMetadata").path("schemaString").asText())
        .contains("extra");
    assertThat(actions(response, "protocol").get(0).path("version").asLong()).isEqualTo(2);
    HttpResponse<String> bare =
        client.changes("c.feed", "startingVersion=2", CAPABILITIES, DELTA_ALL);
    assertThat(actions(bare, "metaData"))
        .singleElement()
        .satisfies(
            m -> {
              assertThat(m.path("version").asLong()).isEqualTo(12);
              assertThat(m.path("deltaMetadata").path("schemaString").asText()).contains("extra");
            });
    assertThat(actions(bare, "protocol").get(0).has("version")).isFalse();
    assertThat(bare.headers().firstValue("Delta-Table-Version")).contains("2");
    HttpResponse<String> stream = client.query("c.feed", "{\"startingVersion\":2}");
    assertThat(actions(stream, "metaData"))
        .extracting(m -> m.path("version").asLong())
        .startsWith(2L, 7L);
    assertThat(actions(stream, "protocol"))
        .singleElement()
        .satisfies(p -> assertThat(p.path("minReaderVersion").asInt()).isEqualTo(1));
  }

  @Test
  void anUpgradeInTheRangeIsToldAndDecidesTheDialect() {
    String both = "responseformat=parquet,delta;readerfeatures=deletionvectors";
    String body = "{\"startingVersion\":3,\"includeHistoricalProtocol\":true}";
    HttpResponse<String> response = client.query("c.switched", body, CAPABILITIES, both);
    assertThat(response.headers().firstValue(CAPABILITIES)).contains("responseformat=delta");
    List<JsonNode> protocols = actions(response, "protocol");
    assertThat(protocols).extracting(p -> p.path("version").asLong()).containsExactly(3L, 4L);
    assertThat(protocols.get(0).path("deltaProtocol").path("minReaderVersion").asInt())
        .isEqualTo(1);
    assertThat(protocols.get(1).path("deltaProtocol").path("readerFeatures").get(0).asText())
        .isEqualTo("deletionVectors");
    String silent = "{\"startingVersion\":3}";
    assertThat(actions(client.query("c.switched", silent, CAPABILITIES, both), "protocol"))
        .singleElement()
        .satisfies(p -> assertThat(p.has("version")).isFalse());
    String before =
        "{\"startingVersion\":1,\"endingVersion\":3,\"includeHistoricalProtocol\":true}";
    assertThat(
            client
                .query("c.switched", before, CAPABILITIES, both)
                .headers()
                .firstValue(CAPABILITIES))
        .contains("responseformat=parquet");
    HttpResponse<String> refused = client.query("c.switched", silent);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(ServerClient.message(refused)).contains("Retail.c.switched", "deletionVectors");
  }
}
