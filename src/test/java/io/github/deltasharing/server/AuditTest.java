/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.store.StoreKind;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a provider can find out about what recipients and principals did. */
@Tag("unit")
class AuditTest {
  private static final String TABLE = "shop/schemas/sales/tables/orders";
  @TempDir Path directory;

  private ProviderServer start(StoreKind kind) {
    HandWrittenTable.write(directory.resolve("tables/orders"), 3, 10);
    return ProviderServer.start(
        directory,
        new MovableClock(),
        config ->
            config
                .database(kind.config(directory.resolve("data")))
                .trustedProxies(List.of("127.0.0.1"))
                .bearerToken("the configuration's"));
  }

  private static JsonNode only(List<JsonNode> events) {
    assertThat(events).hasSize(1);
    return events.get(0);
  }

  @ParameterizedTest
  @EnumSource(StoreKind.class)
  void requestsOfTheProtocolHaveWhoWhatAndHowMuch(StoreKind kind) {
    try (ProviderServer server = start(kind)) {
      server.share("shop", "sales.orders", "orders");
      String token = server.recipient("Acme").path("bearerToken").asText();
      server.grant("shop", "Acme");
      HttpResponse<String> answer = server.query(token, TABLE, "{}");
      String url = ServerClient.actions(answer, "file").get(0).path("url").asText();
      int fileBytes = ServerClient.fetch(url).body().length;
      ServerClient.fetch(url + "x");
      server.get(token, "/shares/none/schemas/s/tables/t/version");
      server.get("B".repeat(43), "/shares");
      ServerClient.send(
          HttpRequest.newBuilder(URI.create(server.uri() + "/shares"))
              .header("Authorization", "Bearer " + token)
              .header("X-Forwarded-For", "198.51.100.9, 203.0.113.7")
              .header("User-Agent", "agent/1")
              .build());

      JsonNode query = only(server.auditEvents("?operation=query&recipient=ACME"));
      assertThat(query.path("share").asText()).isEqualTo("shop");
      assertThat(query.path("schema").asText()).isEqualTo("sales");
      assertThat(query.path("table").asText()).isEqualTo("orders");
      assertThat(query.path("version").asLong()).isZero();
      assertThat(query.path("version").isMissingNode()).isFalse();
      assertThat(query.path("files").asLong()).isEqualTo(3);
      assertThat(query.path("bytes").asLong()).isEqualTo(answer.body().length());
      assertThat(query.path("action").asText()).isEqualTo("READ");
      assertThat(query.at("/actor/type").asText()).isEqualTo("RECIPIENT");
      assertThat(query.at("/actor/name").asText()).isEqualTo("Acme");

      JsonNode file = only(server.auditEvents("?operation=file&status=success"));
      assertThat(file.at("/actor/name").asText()).isEqualTo("Acme");
      assertThat(file.path("bytes").asInt()).isEqualTo(fileBytes);
      assertThat(url).contains(file.path("file").asText());
      assertThat(only(server.auditEvents("?operation=file&status=403")).at("/actor/type").asText())
          .isEqualTo("UNKNOWN");
      JsonNode missing = only(server.auditEvents("?share=none&status=failure"));
      assertThat(missing.path("status").asInt()).isEqualTo(404);
      assertThat(only(server.auditEvents("?status=401")).path("error_code").asText())
          .isEqualTo("UNAUTHENTICATED");
      JsonNode list = server.auditEvents("?operation=listShares&recipient=acme").get(0);
      assertThat(list.path("address").asText()).isEqualTo("203.0.113.7");
      assertThat(list.path("user_agent").asText()).isEqualTo("agent/1");
      JsonNode activation = only(server.auditEvents("?operation=activation"));
      assertThat(activation.at("/actor/name").asText()).isEqualTo("Acme");

      JsonNode grant = only(server.auditEvents("?operation=adminUpdatePermissions"));
      assertThat(grant.path("resources").toString())
          .contains("{\"type\":\"RECIPIENT\",\"name\":\"Acme\",\"change\":\"add SELECT\"}");
      assertThat(
              server
                  .auditEvents("?share=shop&operation=adminUpdateShare")
                  .get(0)
                  .path("resources")
                  .toString())
          .contains("\"change\":\"ADD\"");

      JsonNode usage = server.done("GET", "/usage?group_by=recipient,table", "").path("items");
      assertThat(usage).hasSize(1);
      assertThat(usage.get(0).path("recipient").asText()).isEqualTo("Acme");
      assertThat(usage.get(0).path("requests").asInt()).isEqualTo(2);
      assertThat(usage.get(0).path("files").asInt()).isEqualTo(3);
      assertThat(usage.get(0).path("bytes").asInt()).isEqualTo(answer.body().length() + fileBytes);
      JsonNode all = server.done("GET", "/usage?recipient=acme", "").path("items").get(0);
      assertThat(all.path("errors").asInt()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(StoreKind.class)
  void pagesHaveEachEventOnceAndOfSeveralRecipientsEachIsFound(StoreKind kind) {
    try (ProviderServer server = start(kind)) {
      server.done("POST", "/shares", "{\"name\":\"shop\"}");
      for (String name : List.of("a", "b", "c")) {
        server.done("POST", "/recipients", "{\"name\":\"" + name + "\"}");
      }
      server.done(
          "PATCH",
          "/shares/shop/permissions",
          "{\"changes\":[{\"recipient_name\":\"a\",\"add\":[\"SELECT\"]},"
              + "{\"recipient_name\":\"b\",\"add\":[\"SELECT\"]},"
              + "{\"recipient_name\":\"c\",\"add\":[\"SELECT\"]}]}");
      for (String name : List.of("a", "b", "c")) {
        assertThat(server.auditEvents("?recipient=" + name))
            .extracting(event -> event.path("operation").asText())
            .containsExactly("adminUpdatePermissions", "adminCreateRecipient");
      }
      List<String> ids = new ArrayList<>();
      String next = "";
      do {
        JsonNode page =
            server.done("GET", "/audit-events?principal=admin&maxResults=2&pageToken=" + next, "");
        page.path("items").forEach(event -> ids.add(event.path("id").asText()));
        next = page.path("nextPageToken").asText();
      } while (!next.isEmpty() && ids.size() < 100);
      assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(5);
      assertThat(ids).isEqualTo(new ArrayList<>(new TreeSet<>(ids).descendingSet()));
      assertThat(server.auditEvents("?from=2000-01-01&to=2000-01-02")).isEmpty();
      for (String wrong :
          List.of("from=yesterday", "status=99", "action=x", "unknown=1", "recipient=a%00")) {
        assertThat(server.admin("GET", "/audit-events?" + wrong, "").statusCode())
            .as(wrong)
            .isEqualTo(400);
      }
      assertThat(server.admin("GET", "/usage?group_by=x", "").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void noSecretIsInTheFileInTheDatabaseOrInAnswers() throws IOException {
    List<String> secrets = new ArrayList<>();
    String everything;
    try (ProviderServer server = start(StoreKind.H2)) {
      secrets.add(server.adminToken());
      secrets.add("the configuration's");
      server.share("shop", "sales.orders", "orders");
      String link =
          server
              .done("POST", "/recipients", "{\"name\":\"acme\"}")
              .at("/token/activation_url")
              .asText();
      secrets.add(link.substring(link.lastIndexOf('/') + 1));
      String token = server.activate(link).path("bearerToken").asText();
      ProviderServer.open(link);
      secrets.add(token);
      server.grant("shop", "acme");
      String url =
          ServerClient.actions(server.query(token, TABLE, "{}"), "file")
              .get(0)
              .path("url")
              .asText();
      secrets.add(URI.create(url).getQuery().replaceAll(".*signature=", ""));
      ServerClient.fetch(url);
      server.get("canary-wrong-token-canary", "/shares?access_token=canary-in-query");
      secrets.addAll(List.of("canary-wrong-token-canary", "canary-in-query"));
      secrets.add(
          server
              .done("POST", "/principals", "{\"name\":\"p\",\"role\":\"VIEWER\"}")
              .path("bearer_token")
              .asText());
      server.done("POST", "/recipients/acme/rotate-token", "{}");
      // Slips of somebody who sends a token where none belongs.
      server.admin("POST", "/recipients", "{\"name\":\"b\",\"" + token + "\":1}");
      server.admin("PATCH", "/principals/p", "{\"role\":\"" + token + "\"}");
      server.admin("DELETE", "/publications/none?purge=" + token, "");
      server.admin(
          "PATCH",
          "/shares/shop",
          "{\"updates\":[{\"action\":\"" + token + "\",\"data_object\":{\"name\":\"n\"}}]}");
      server.admin(
          "PATCH",
          "/shares/shop/permissions",
          "{\"changes\":[{\"recipient_name\":\"acme\",\"add\":[\"" + token + "\"]}]}");
      assertThat(
              only(server.auditEvents("?operation=adminUpdatePrincipal")).path("change").asText())
          .isEqualTo("role=?");
      assertThat(server.auditEvents("?operation=activation"))
          .extracting(event -> event.path("status").asInt())
          .containsExactly(404, 200);
      everything = server.auditEvents("").toString() + server.auditLines();
    }
    assertThat(secrets).allSatisfy(secret -> assertThat(secret.length()).isGreaterThan(12));
    assertThat(everything).doesNotContain(secrets);
    String store =
        Files.readString(directory.resolve("data/store.mv.db"), StandardCharsets.ISO_8859_1);
    assertThat(store).contains("adminCreateRecipient").doesNotContain(secrets);
  }

  @Test
  void aNameThatLooksLikeALogLineStaysInItsLine() {
    try (ProviderServer server = start(StoreKind.H2)) {
      String name = "x\\n{\\\"class_uid\\\":1}\\u0000\\ud800 \\u2028 \\\"";
      assertThat(
              server
                  .admin("POST", "/shares", "{\"name\":\"" + name + "\"}", "x-request-id", "bad")
                  .statusCode())
          .isEqualTo(400);
      JsonNode line =
          only(
              server.auditLines().stream()
                  .filter(one -> one.at("/api/request/uid").asText().equals("bad"))
                  .toList());
      assertThat(line.at("/resources/0/name").asText())
          .isEqualTo("x\n{\"class_uid\":1}\ufffd\ufffd \u2028 \"");
      assertThat(only(server.auditEvents("?request_id=bad")).at("/resources/0/name").asText())
          .startsWith("x\n");
    }
  }

  @Test
  void eachLineHasWhatTheSchemaRequires() {
    try (ProviderServer server = start(StoreKind.H2)) {
      server.recipient("acme");
      server.admin("GET", "/nothing", "");
      server.get("C".repeat(43), "/shares");
      server.get("the configuration's", "/shares");
      assertThat(server.auditLines())
          .hasSize(5)
          .allSatisfy(
              line -> {
                assertThat(line.path("class_uid").asInt()).isEqualTo(6003);
                assertThat(line.path("category_uid").asInt()).isEqualTo(6);
                int activity = line.path("activity_id").asInt();
                assertThat(activity).isIn(1, 2, 3, 4, 99);
                assertThat(line.path("type_uid").asInt()).isEqualTo(600300 + activity);
                assertThat(line.path("severity_id").asInt()).isBetween(1, 5);
                assertThat(line.path("time").isIntegralNumber()).isTrue();
                assertThat(line.at("/metadata/version").asText()).matches("1\\.\\d+\\.\\d+");
                assertThat(line.at("/metadata/product/name").asText()).isNotEmpty();
                assertThat(line.at("/api/operation").asText()).isNotEmpty();
                assertThat(line.at("/api/request/uid").asText()).isNotEmpty();
                JsonNode user = line.at("/actor/user");
                assertThat(user.has("name") || user.has("uid")).isTrue();
                assertThat(line.at("/src_endpoint/ip").asText()).isEqualTo("127.0.0.1");
                assertThat(line.path("status_id").asInt()).isIn(1, 2);
                assertThat(line.path("status_code").asText()).matches("\\d{3}");
              });
    }
  }

  @Test
  void whatComesWhileTheDatabaseIsGoneIsThereOnceItIsBack() {
    try (ProviderServer server = start(StoreKind.POSTGRESQL)) {
      server.share("shop", "sales.orders", "orders");
      PostgresServer postgres = PostgresServer.shared();
      postgres.stop();
      try {
        assertThat(
                server.admin("GET", "/shares", "", "x-request-id", "while-it-is-gone").statusCode())
            .isEqualTo(503);
        assertThat(server.auditLines())
            .anyMatch(line -> line.at("/api/request/uid").asText().equals("while-it-is-gone"));
      } finally {
        postgres.start();
      }
      long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (server.admin("GET", "/shares", "").statusCode() != 200) {
        assertThat(System.nanoTime()).isLessThan(until);
      }
      assertThat(only(server.auditEvents("?request_id=while-it-is-gone")).path("status").asInt())
          .isEqualTo(503);
    }
  }
}
