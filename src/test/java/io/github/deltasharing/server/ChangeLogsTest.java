/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.DELTA_ALL;
import static io.github.deltasharing.server.ServerClient.actions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of tables whose logs Delta Lake would not write today, or has cleaned up. */
class ChangeLogsTest {
  private static final String PROTOCOL =
      "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":4}}";
  private static final String METADATA =
      "{\"metaData\":{\"id\":\"x\",\"format\":{\"provider\":\"parquet\",\"options\":{}},"
          + "\"schemaString\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[]}\","
          + "\"partitionColumns\":[\"p\"],"
          + "\"configuration\":{\"delta.enableChangeDataFeed\":\"true\"}}}";

  @TempDir private Path dir;
  private SharingServer server;
  private ServerClient client;

  @BeforeEach
  void start() {
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .bearerToken(ServerTables.TOKEN)
            .table(ChangeTables.shared("t", dir))
            .build();
    server = SharingServer.start(config);
    client = new ServerClient(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void commit(int version, String... lines) throws IOException {
    Path log = Files.createDirectories(dir.resolve("_delta_log"));
    Files.writeString(log.resolve("%020d.json".formatted(version)), String.join("\n", lines));
  }

  private static String add(String path) {
    return "{\"add\":{\"path\":\"%s\",\"partitionValues\":{\"p\":\"%s\"},\"size\":11,"
            .formatted(path, path.charAt(0))
        + "\"modificationTime\":1,\"dataChange\":true}}";
  }

  @Test
  void removesOfOldWritersAreCompletedFromTheVersionBefore() throws IOException {
    commit(0, PROTOCOL, METADATA, add("a.parquet"), add("b.parquet"), add("c%20d.parquet"));
    commit(
        1,
        "{\"remove\":{\"path\":\"a.parquet\",\"deletionTimestamp\":5,\"dataChange\":true}}",
        "{\"remove\":{\"path\":\"b.parquet\",\"dataChange\":true,\"extendedFileMetadata\":true,"
            + "\"partitionValues\":{\"p\":null},\"size\":3}}",
        "{\"remove\":{\"path\":\"c%20d.parquet\"}}");
    HttpResponse<String> response = client.changes("c.t", "startingVersion=1");
    assertThat(actions(response, "remove"))
        .extracting(r -> r.path("size") + " " + r.path("partitionValues"))
        .containsExactly("11 {\"p\":\"a\"}", "3 {\"p\":null}", "11 {\"p\":\"c\"}");
    assertThat(actions(response, "remove")).allSatisfy(r -> assertThat(r.has("stats")).isFalse());
    HttpResponse<String> delta =
        client.query("c.t", "{\"startingVersion\":1}", ServerChangesTest.CAPABILITIES, DELTA_ALL);
    JsonNode remove = actions(delta, "file").get(0).path("deltaSingleAction").path("remove");
    assertThat(remove.path("deletionTimestamp").asLong()).isEqualTo(5);
    assertThat(remove.path("extendedFileMetadata").asBoolean()).isTrue();
    assertThat(remove.path("dataChange").asBoolean()).isTrue();
  }

  @Test
  void removesThatNobodyKnowsAreRefused() throws IOException {
    commit(0, PROTOCOL, METADATA, add("a.parquet"));
    commit(1, "{\"remove\":{\"path\":\"never.parquet\",\"dataChange\":true}}");
    HttpResponse<String> response = client.changes("c.t", "startingVersion=0");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(ServerClient.message(response))
        .contains("Retail.c.t", "version 1", "neither size nor partition");
  }

  @Test
  void mergesOfNothingHaveNoFeedButFiles() throws IOException {
    commit(0, PROTOCOL, METADATA, add("a.parquet"));
    commit(
        1,
        "{\"commitInfo\":{\"operation\":\"MERGE\",\"operationParameters\":{\"n\":1},"
            + "\"operationMetrics\":{\"numTargetRowsInserted\":0,\"numTargetRowsUpdated\":\"0\","
            + "\"numTargetRowsDeleted\":\"0\"}}}",
        add("b.parquet"));
    commit(2, "{\"commitInfo\":{\"engineInfo\":7}}", add("d.parquet"));
    assertThat(urls(client.changes("c.t", "startingVersion=0"), "add")).containsExactly("a", "d");
    assertThat(urls(client.query("c.t", "{\"startingVersion\":0}"), "add"))
        .containsExactly("a", "b", "d");
  }

  private static List<String> urls(HttpResponse<String> response, String action) {
    return actions(response, action).stream()
        .map(a -> a.path("url").asText().replaceFirst(".*/([a-z0-9]+)\\.parquet.*", "$1"))
        .toList();
  }

  @Test
  void aFeatureThatCameAndWentIsRefusedByName() throws IOException {
    commit(0, PROTOCOL, METADATA);
    commit(
        1,
        "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,"
            + "\"readerFeatures\":[\"fancyRows\"],\"writerFeatures\":[\"fancyRows\"]}}");
    commit(2, PROTOCOL);
    commit(3, add("a.parquet"));
    HttpResponse<String> response = client.changes("c.t", "startingVersion=0");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(ServerClient.message(response)).contains("Retail.c.t", "fancyRows");
    assertThat(urls(client.changes("c.t", "startingVersion=2"), "add")).containsExactly("a");
  }

  @Test
  void historyThatIsGoneIsSaid() throws IOException {
    String table = ChangeTables.sql(dir);
    TestSpark.session()
        .sql(
            "CREATE TABLE "
                + table
                + " (id INT) USING delta TBLPROPERTIES ('delta.enableChangeDataFeed'='true',"
                + "'delta.checkpointInterval'='2')");
    for (int i = 1; i <= 4; i++) {
      TestSpark.session().sql("INSERT INTO " + table + " VALUES (" + i + ")");
    }
    Files.delete(dir.resolve("_delta_log/00000000000000000000.json"));
    Files.delete(dir.resolve("_delta_log/00000000000000000001.json"));
    for (String start : List.of("0", "1")) {
      HttpResponse<String> feed = client.changes("c.t", "startingVersion=" + start);
      assertThat(feed.statusCode()).isEqualTo(400);
      assertThat(ServerClient.message(feed)).contains("any more", "earliest", "there is 2");
      HttpResponse<String> stream = client.query("c.t", "{\"startingVersion\":" + start + "}");
      assertThat(ServerClient.message(stream)).contains("any more", "earliest", "there is 2");
    }
    assertThat(actions(client.changes("c.t", "startingVersion=2"), "add")).hasSize(3);
    assertThat(
            ServerClient.message(client.changes("c.t", "startingTimestamp=2000-01-01T00:00:00Z")))
        .contains("first commit is later");
    Files.delete(dir.resolve("_delta_log/00000000000000000003.json"));
    HttpResponse<String> gap = client.changes("c.t", "startingVersion=2");
    assertThat(gap.statusCode()).isEqualTo(400);
    assertThat(ServerClient.message(gap))
        .contains("does not have all commits")
        .doesNotContain(dir.toString());

    // A file that was vacuumed has a URL that says so.
    HttpResponse<String> last = client.changes("c.t", "startingVersion=4");
    String url = actions(last, "add").get(0).path("url").asText();
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
    try (var files = Files.list(dir)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        Files.delete(file);
      }
    }
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(404);
    assertThat(actions(client.changes("c.t", "startingVersion=4"), "add")).hasSize(1);
  }

  @Test
  void longRangesComeInOrder() throws IOException {
    commit(0, PROTOCOL, METADATA);
    for (int version = 1; version <= 1500; version++) {
      commit(version, add("f" + version + ".parquet"));
    }
    HttpResponse<String> response = client.query("c.t", "{\"startingVersion\":1}");
    assertThat(urls(response, "add"))
        .isEqualTo(IntStream.rangeClosed(1, 1500).mapToObj(v -> "f" + v).toList());
  }

  @Test
  void failuresHalfWayAreSaidOrBreakTheAnswerOff() throws IOException {
    String[] lines = new String[2003];
    lines[0] = PROTOCOL;
    lines[1] = METADATA;
    for (int i = 2; i < lines.length; i++) {
      lines[i] = add(i < lines.length - 1 ? "f" + i + ".parquet" : "file:/elsewhere/f.parquet");
    }
    commit(0, lines);
    HttpResponse<String> said =
        client.changes(
            "c.t",
            "startingVersion=0",
            ServerChangesTest.CAPABILITIES,
            "includeendstreamaction=true");
    assertThat(said.statusCode()).isEqualTo(200);
    assertThat(actions(said, "endStreamAction"))
        .singleElement()
        .satisfies(e -> assertThat(e.path("errorMessage").asText()).contains("outside"));
    assertThatThrownBy(() -> client.changes("c.t", "startingVersion=0"))
        .isInstanceOf(java.io.UncheckedIOException.class);
    HttpResponse<String> early = client.changes("c.t", "startingVersion=0&maxFiles=2");
    assertThat(actions(early, "add")).hasSize(2);
  }
}
