/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static io.github.deltasharing.server.ServerClient.json;
import static io.github.deltasharing.server.ServerClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfigBuilder;
import io.github.deltasharing.testing.MovableClock;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is published over HTTP alone is where it is to be, and recipients see each step at once. */
@Tag("unit")
class PublicationRootTest {
  private static final String ORDERS =
      "id,amount,day\n1,9.50,2024-02-29\n2,,\n3,10.25,2024-03-01\n";
  private static final String TABLE = "retail/schemas/default/tables/orders";

  @TempDir Path directory;
  private ProviderServer server;
  private PublicationClient client;

  @BeforeEach
  void start() {
    start(new MovableClock(), config -> {});
  }

  private void start(MovableClock clock, Consumer<ShareConfigBuilder> more) {
    server =
        ProviderServer.start(
            directory,
            clock,
            config -> {
              config.publicationReserveBytes(0);
              settings(config);
              more.accept(config);
            });
    client = new PublicationClient(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  ProviderServer server() {
    return server;
  }

  /** Where tables are to be. */
  void settings(ShareConfigBuilder config) {}

  /** All files below the root, by their paths from there. */
  List<String> leftovers() {
    return PublicationClient.files(directory.resolve("data/tables"));
  }

  /** Deletes one of these. */
  void delete(String file) throws IOException {
    Files.delete(directory.resolve("data/tables").resolve(file));
  }

  private List<JsonNode> stats(String token) {
    return actions(server.query(token, TABLE, "{}"), "file").stream()
        .map(file -> ServerClient.tree(file.path("stats").asText()))
        .toList();
  }

  @Test
  void aFileIsSharedInOneStepAndUnsharedAtOnce() {
    String token = server.recipient("acme").path("bearerToken").asText();
    assertThat(json(server.get(token, "/shares")).path("items")).isEmpty();
    JsonNode made =
        client.done(
            ORDERS,
            "file_name",
            "orders.csv",
            "share",
            "retail",
            "recipients",
            "acme",
            "comment",
            "All orders");
    assertThat(made.path("name").asText()).isEqualTo("orders");
    assertThat(made.path("rows").asLong()).isEqualTo(3);
    assertThat(made.path("table_version").asLong()).isZero();
    assertThat(made.path("share").asText()).isEqualTo("retail");
    assertThat(made.at("/file_format/encoding").asText()).isEqualTo("UTF-8");
    assertThat(stats(token))
        .singleElement()
        .hasToString(
            "{\"numRecords\":3,"
                + "\"minValues\":{\"id\":1,\"amount\":9.5,\"day\":\"2024-02-29\"},"
                + "\"maxValues\":{\"id\":3,\"amount\":10.25,\"day\":\"2024-03-01\"},"
                + "\"nullCount\":{\"id\":0,\"amount\":1,\"day\":1}}");
    String url = actions(server.query(token, TABLE, "{}"), "file").get(0).path("url").asText();
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
    assertThat(json(server.get(token, "/shares/retail/all-tables")).at("/items/0/name").asText())
        .isEqualTo("orders");

    JsonNode listed = json(server.admin("GET", "/publications", ""));
    assertThat(listed.at("/items/0")).isEqualTo(made);
    HttpResponse<String> one = server.admin("GET", "/publications/ORDERS", "");
    assertThat(json(one)).isEqualTo(made);
    JsonNode snippets = json(server.admin("GET", "/publications/orders/snippets", ""));
    assertThat(snippets).hasSize(5);
    snippets.forEach(
        text ->
            assertThat(text.asText())
                .contains("config.share#retail.default.orders")
                .doesNotContain(token)
                .doesNotContain(server.adminToken()));

    assertThat(server.admin("DELETE", "/publications/orders", "", "If-Match", "\"7\"").statusCode())
        .isEqualTo(412);
    assertThat(
            server
                .admin(
                    "DELETE",
                    "/publications/orders?purge=true",
                    "",
                    "If-Match",
                    one.headers().firstValue("ETag").orElseThrow())
                .statusCode())
        .isEqualTo(204);
    assertThat(server.query(token, TABLE, "{}").statusCode()).isEqualTo(404);
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(404);
    assertThat(leftovers()).isEmpty();
    assertThat(server.admin("GET", "/publications/orders", "").statusCode()).isEqualTo(404);
    client.done(ORDERS, "file_name", "orders.csv", "share", "retail");
    assertThat(stats(token)).hasSize(1);
  }

  @Test
  void aFileIsLookedAtCorrectedAndThenPublishedWithoutSendingItAgain() {
    String text = "Order Id;Amount;Zip;Amount\n1;9,5;01234;a\n2;x;04567;b\n3\n";
    JsonNode preview =
        client.done(text, "file_name", "C:\\shop\\orders.csv", "validate_only", "true");
    assertThat(preview.path("file_name").asText()).isEqualTo("orders.csv");
    assertThat(preview.path("delimiter").asText()).isEqualTo(";");
    assertThat(preview.path("header").asBoolean()).isTrue();
    assertThat(preview.path("columns").toString())
        .isEqualTo(
            "[{\"name\":\"Order Id\",\"type\":\"long\"},{\"name\":\"Amount\",\"type\":\"string\"},"
                + "{\"name\":\"Zip\",\"type\":\"string\"},{\"name\":\"Amount_2\",\"type\":\"string\"}]");
    assertThat(preview.path("rows").asLong()).isEqualTo(2);
    assertThat(preview.at("/first_rows/1").toString()).isEqualTo("[\"2\",\"x\",\"04567\",\"b\"]");
    assertThat(preview.path("defects").toString())
        .isEqualTo("[{\"line\":4,\"problem\":\"it has 1 fields instead of 4\"}]");
    assertThat(preview.path("problems")).hasSize(2);
    assertThat(server.admin("GET", "/publications", "").body()).isEqualTo("{\"items\":[]}");

    String upload = "{\"upload_id\":\"" + preview.path("upload_id").asText() + "\",";
    HttpResponse<String> twice = client.confirm(upload + "\"name\":\"orders\"}");
    assertThat(twice.statusCode()).isEqualTo(400);
    assertThat(message(twice)).contains("Amount").contains("columns");
    String columns =
        "\"columns\":[{},{\"name\":\"amount\"},{\"type\":\"integer\"},{\"name\":\"letter\"}]";
    JsonNode again =
        PublicationClient.done(
            client.confirm(upload + "\"name\":\"orders\",\"validate_only\":true," + columns + "}"));
    assertThat(again.at("/columns/2").toString())
        .isEqualTo("{\"name\":\"Zip\",\"type\":\"integer\"}");
    assertThat(again.path("defect_count").asLong()).isEqualTo(3);
    assertThat(again.path("defects").toString()).contains("field 3 is no integer");

    String fixed = columns.replace("{\"type\":\"integer\"}", "{}");
    JsonNode made =
        PublicationClient.done(
            client.confirm(
                upload
                    + "\"name\":\"orders\",\"on_error\":\"set_aside\",\"share\":\"retail\","
                    + fixed
                    + "}"));
    assertThat(made.path("rows").asLong()).isEqualTo(2);
    assertThat(made.path("set_aside").asLong()).isEqualTo(1);
    assertThat(json(server.admin("GET", "/publications/orders/set-aside", "")).path("items"))
        .singleElement()
        .hasToString(
            "{\"line\":4,\"problem\":\"it has 1 fields instead of 4\",\"fields\":[\"3\"]}");
    // A space in a name takes column mapping, which recipients have to know.
    assertThat(made.at("/file_format/response_format").asText()).isEqualTo("delta");
    assertThat(client.confirm(upload + "\"name\":\"more\"}").statusCode()).isEqualTo(404);
    assertThat(leftovers()).filteredOn(file -> file.startsWith(".uploads")).isEmpty();
  }

  @Test
  void rowsAreAddedAndReplacedAsVersions() {
    JsonNode made =
        client.done(ORDERS, "file_name", "orders.csv", "share", "retail", "table", "orders");
    assertThat(client.refused(409, ORDERS, "file_name", "orders.csv")).contains("mode append");
    assertThat(client.refused(404, ORDERS, "name", "none", "mode", "append")).contains("none");
    JsonNode added = client.done("day,ID\n2024-04-01,4\n", "name", "orders", "mode", "append");
    assertThat(added.path("table_version").asLong()).isEqualTo(1);
    assertThat(added.path("version").asLong()).isEqualTo(2);
    assertThat(added.path("share").asText()).isEqualTo("retail");
    assertThat(client.refused(400, "id,colour\n5,red\n", "name", "orders", "mode", "append"))
        .contains("colour")
        .contains("id, amount, day");
    assertThat(client.refused(400, "id\nx\n", "name", "orders", "mode", "append"))
        .contains("line 2: field 1 is no long");
    String token = server.recipient("acme").path("bearerToken").asText();
    server.grant("retail", "acme");
    assertThat(stats(token).stream().mapToInt(stats -> stats.path("numRecords").asInt()).sum())
        .isEqualTo(4);
    int before = leftovers().size();
    JsonNode replaced =
        client.done("id\nx\n", "name", "orders", "mode", "replace", "share", "retail");
    assertThat(replaced.path("table_version").asLong()).isEqualTo(2);
    assertThat(replaced.path("storage_location")).isEqualTo(made.path("storage_location"));
    assertThat(stats(token))
        .singleElement()
        .hasToString(
            "{\"numRecords\":1,\"minValues\":{\"id\":\"x\"},\"maxValues\":{\"id\":\"x\"},"
                + "\"nullCount\":{\"id\":0}}");
    // Its data file and its commit; older versions stay for those who read them.
    assertThat(leftovers()).hasSize(before + 2);
    assertThat(
            client.refused(
                409, "id\nx\n", "name", "orders", "mode", "replace", "share", "elsewhere"))
        .contains("retail.default.orders");
  }

  @Test
  void aLongLogHasCheckpointsThatReadersBeginWith() throws Exception {
    JsonNode made = client.done(ORDERS, "name", "orders", "share", "retail");
    for (int i = 1; i <= 10; i++) {
      client.done("id\n" + i + "\n", "name", "orders", "mode", "append");
    }
    String log = PublicationClient.directory(made) + "/_delta_log/";
    assertThat(leftovers())
        .contains(log + "00000000000000000010.checkpoint.parquet", log + "_last_checkpoint");
    for (int i = 0; i < 10; i++) {
      delete(log + "0000000000000000000" + i + ".json");
    }
    String token = server.recipient("acme").path("bearerToken").asText();
    server.grant("retail", "acme");
    assertThat(stats(token)).hasSize(11);
    assertThat(client.done("id\n1\n", "name", "orders", "mode", "append").path("table_version"))
        .hasToString("11");
    assertThat(stats(token)).hasSize(12);
  }

  @Test
  void versionsThatWereReplacedLongAgoAreForgotten() throws Exception {
    JsonNode made = client.done(ORDERS, "name", "orders", "share", "retail");
    client.done("id\n4\n", "name", "orders", "mode", "append");
    client.done("id\n5\n6\n", "name", "orders", "mode", "replace");
    server.done(
        "PATCH",
        "/shares/retail",
        ProviderServer.add("old.orders", made.path("storage_location").asText())
            .replace("\"type\"", "\"history_shared\":true,\"type\""));
    String token = server.recipient("acme").path("bearerToken").asText();
    server.grant("retail", "acme");
    String old = "retail/schemas/old/tables/orders";
    String log = PublicationClient.directory(made) + "/_delta_log/";
    assertThat(server.query(token, old, "{\"version\":0}").statusCode()).isEqualTo(200);
    int before = leftovers().size();
    server.close();
    MovableClock later = new MovableClock(Instant.now().plus(Duration.ofDays(10)));
    start(later, config -> config.publicationRetentionDays(3));
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (leftovers().size() > before - 2 && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    assertThat(leftovers())
        .filteredOn(file -> file.startsWith(log))
        .containsExactly(
            log + "00000000000000000002.checkpoint.parquet",
            log + "00000000000000000002.json",
            // It has readers look at the log again.
            log + "00000000000000000003.json",
            log + "_last_checkpoint");
    assertThat(leftovers()).filteredOn(file -> !file.startsWith(log)).hasSize(1);
    for (int version = 0; version < 2; version++) {
      HttpResponse<String> gone = server.query(token, old, "{\"version\":" + version + "}");
      assertThat(gone.statusCode()).as(gone.body()).isEqualTo(400);
      assertThat(message(gone)).contains("version " + version).contains("2");
    }
    assertThat(server.query(token, old, "{\"version\":2}").statusCode()).isEqualTo(200);
    assertThat(client.done("id\n7\n", "name", "orders", "mode", "append").path("table_version"))
        .hasToString("4");
    assertThat(stats(token).stream().mapToInt(stats -> stats.path("numRecords").asInt()).sum())
        .isEqualTo(3);
  }
}
