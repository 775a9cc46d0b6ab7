/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.testing.MovableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the admin API says to the page: the tables of shares, and recipients' tokens in lists. */
@Tag("unit")
class TableListTest {
  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private ProviderServer server;

  @BeforeEach
  void start() {
    for (String table : List.of("orders", "lake/a", "lake/b", "lake/c")) {
      HandWrittenTable.write(directory.resolve("tables").resolve(table), 3, 10);
    }
    server =
        ProviderServer.start(
            directory,
            clock,
            config ->
                config.tableWithHistory("fixed", "s", "t", directory.resolve("tables/orders")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<String> tables(String share, String query) {
    List<String> names = new ArrayList<>();
    server
        .done("GET", "/shares/" + share + "/tables" + query, "")
        .path("items")
        .forEach(
            table -> names.add(table.path("schema").asText() + "." + table.path("name").asText()));
    return names;
  }

  private void shareAll() {
    server.share("s", "z.orders", "orders");
    server.done(
        "PATCH",
        "/shares/s",
        "{\"updates\":[{\"action\":\"ADD\",\"data_object\":{\"name\":\"lake\",\"type\":\"SCHEMA\",\"storage_location\":\"%s\"}}]}"
            .formatted(server.tables().resolve("lake")));
  }

  @Test
  void tablesAreThoseThatRecipientsSee() {
    shareAll();
    assertThat(tables("s", "")).containsExactly("lake.a", "lake.b", "lake.c", "z.orders");
    assertThat(tables("fixed", "")).containsExactly("s.t");
    HandWrittenTable.write(server.tables().resolve("lake/d"), 1, 10);
    assertThat(tables("s", "")).contains("lake.d");
    assertThat(server.admin("GET", "/shares/none/tables", "").statusCode()).isEqualTo(404);
  }

  @Test
  void theyCanBeGotPageByPage() {
    shareAll();
    List<String> all = new ArrayList<>();
    String token = "";
    do {
      JsonNode page = server.done("GET", "/shares/s/tables?maxResults=1&pageToken=" + token, "");
      assertThat(page.path("items")).hasSize(1);
      all.add(page.at("/items/0/name").asText());
      token = page.path("nextPageToken").asText();
    } while (!token.isEmpty());
    assertThat(all).containsExactly("a", "b", "c", "orders");
  }

  @Test
  void aTableIsDescribed() {
    shareAll();
    for (String path : List.of("s/tables/Z/Orders", "s/tables/lake/b", "fixed/tables/s/t")) {
      JsonNode table = server.done("GET", "/shares/" + path, "");
      assertThat(table.path("version").asLong()).isZero();
      assertThat(table.path("files").asLong()).isEqualTo(3);
      assertThat(table.path("rows").asLong()).isEqualTo(30);
      assertThat(table.path("bytes").asLong()).isEqualTo(30);
      assertThat(table.path("columns").toString())
          .isEqualTo("[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"partition\":false}]");
    }
    assertThat(
            server.done("GET", "/shares/fixed/tables/s/t", "").path("history_shared").asBoolean())
        .isTrue();
    assertThat(server.admin("GET", "/shares/s/tables/z/none", "").statusCode()).isEqualTo(404);
    assertThat(server.admin("GET", "/shares/fixed/tables/s/none", "").statusCode()).isEqualTo(404);
  }

  @Test
  void aListOfRecipientsSaysWhenTokensEndAndWereUsed() {
    server.done("POST", "/recipients", "{\"name\":\"waits\"}");
    String token = server.recipient("acme").path("bearerToken").asText();
    clock.move(Duration.ofHours(1));
    server.get(token, "/shares");
    JsonNode list = server.done("GET", "/recipients", "").path("items");
    JsonNode acme = list.get(0);
    assertThat(acme.path("last_used_at").asText()).isEqualTo(clock.instant().toString());
    assertThat(acme.path("token_expires_at").asText())
        .isEqualTo(clock.instant().minus(Duration.ofHours(1)).plus(Duration.ofDays(90)).toString());
    assertThat(acme.has("token_activated_at")).isTrue();
    assertThat(list.get(1).has("token_expires_at")).isTrue();
    assertThat(list.get(1).has("token_activated_at")).isFalse();
    assertThat(list.get(1).has("last_used_at")).isFalse();
    server.done(
        "POST", "/recipients/acme/rotate-token", "{\"existing_token_expire_in_seconds\":0}");
    assertThat(server.done("GET", "/recipients?maxResults=1", "").at("/items/0/last_used_at"))
        .isEqualTo(acme.path("last_used_at"));
  }

  /** Whatever names are: they are texts of JSON, which a browser does not take for a page. */
  @Test
  void namesWithTagsStayData() {
    String name = "<script>alert(1)<script>";
    server.done("POST", "/shares", "{\"name\":\"" + name + "\",\"comment\":\"</script>\"}");
    var response = server.admin("GET", "/shares", "");
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("application/json; charset=utf-8");
    assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(ServerClient.json(response).at("/items/0/name").asText()).isEqualTo(name);
  }
}
