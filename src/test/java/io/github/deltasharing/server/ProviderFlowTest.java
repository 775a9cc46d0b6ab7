/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static io.github.deltasharing.server.ServerClient.errorCode;
import static io.github.deltasharing.server.ServerClient.json;
import static io.github.deltasharing.server.ServerClient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.testing.MovableClock;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider's work over HTTP alone, and what recipients see of each step at once. */
@Tag("unit")
class ProviderFlowTest {
  private static final String TABLE = "retail/schemas/sales/tables/orders";

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private ProviderServer server;

  @BeforeEach
  void start() {
    HandWrittenTable.write(directory.resolve("tables/orders"), 3, 10);
    server = ProviderServer.start(directory, clock, config -> {});
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String token(JsonNode profile) {
    return profile.path("bearerToken").asText();
  }

  private String url(String token) {
    return actions(server.query(token, TABLE, "{}"), "file").get(0).path("url").asText();
  }

  private int status(String token) {
    return server.get(token, "/shares").statusCode();
  }

  @Test
  void aShareIsMadeGrantedReadRevokedAndUnshared() {
    JsonNode share =
        server.done(
            "POST",
            "/shares",
            "{\"name\":\"retail\",\"display_name\":\"Retail, all shops\",\"comment\":\"Orders\","
                + "\"properties\":{\"owner\":\"sales-team\"}}");
    assertThat(share.path("owner").asText()).isEqualTo("admin");
    JsonNode profile = server.recipient("acme");
    assertThat(profile.path("shareCredentialsVersion").asInt()).isEqualTo(1);
    assertThat(profile.path("endpoint").asText()).isEqualTo(server.uri().toString());
    assertThat(Instant.parse(profile.path("expirationTime").asText()))
        .isEqualTo(clock.instant().plus(Duration.ofDays(90)));
    String token = token(profile);

    assertThat(json(server.get(token, "/shares")).path("items")).isEmpty();
    HttpResponse<String> ungranted = server.get(token, "/shares/retail");
    HttpResponse<String> nothing = server.get(token, "/shares/nothing");
    assertThat(ungranted.statusCode()).isEqualTo(404);
    assertThat(ungranted.body().replace("retail", "x"))
        .isEqualTo(nothing.body().replace("nothing", "x"));

    server.grant("retail", "acme");
    assertThat(json(server.get(token, "/shares")).path("items").get(0).toString())
        .isEqualTo(
            "{\"name\":\"retail\",\"id\":\""
                + share.path("share_id").asText()
                + "\",\"displayName\":\"Retail, all shops\",\"comment\":\"Orders\","
                + "\"properties\":{\"owner\":\"sales-team\"}}");
    assertThat(json(server.get(token, "/shares/retail/all-tables")).path("items")).isEmpty();

    server.done(
        "PATCH",
        "/shares/retail",
        ProviderServer.add("sales.orders", server.tables().resolve("orders")));
    JsonNode table = json(server.get(token, "/shares/RETAIL/all-tables")).path("items").get(0);
    assertThat(table.path("name").asText()).isEqualTo("orders");
    assertThat(table.path("schema").asText()).isEqualTo("sales");
    assertThat(table.path("shareId").asText()).isEqualTo(share.path("share_id").asText());
    assertThat(actions(server.query(token, TABLE, "{}"), "file")).hasSize(3);
    String url = url(token);
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);

    server.permission("retail", "acme", "remove");
    assertThat(server.query(token, TABLE, "{}").statusCode()).isEqualTo(404);
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(404);
    server.grant("retail", "acme");
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);

    server.done(
        "PATCH",
        "/shares/retail",
        "{\"updates\":[{\"action\":\"REMOVE\",\"data_object\":{\"name\":\"main.sales.orders\"}}]}");
    assertThat(server.query(token, TABLE, "{}").statusCode()).isEqualTo(404);
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(404);
    server.done("DELETE", "/shares/retail", "");
    assertThat(json(server.get(token, "/shares")).path("items")).isEmpty();
    server.done("DELETE", "/recipients/acme", "");
    assertThat(status(token)).isEqualTo(401);
  }

  @Test
  void aLinkIsOpenedOnceAndInTime() {
    String url =
        server
            .done("POST", "/recipients", "{\"name\":\"acme\"}")
            .at("/token/activation_url")
            .asText();
    HttpResponse<String> opened = ProviderServer.open(url);
    assertThat(opened.statusCode()).isEqualTo(200);
    assertThat(opened.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(opened.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"config.share\"");
    HttpResponse<String> again = ProviderServer.open(url);
    String never = url.substring(0, url.length() - 43) + "A".repeat(43);
    assertThat(again.statusCode()).isEqualTo(404);
    assertThat(ProviderServer.open(never).body()).isEqualTo(again.body());
    String late =
        server
            .done("POST", "/recipients", "{\"name\":\"late\"}")
            .at("/token/activation_url")
            .asText();
    clock.forwardMillis(Duration.ofHours(72).toMillis());
    assertThat(ProviderServer.open(late).body()).isEqualTo(again.body());
  }

  @Test
  void aRotationLeavesTheOldTokenItsGraceAndNoneEndsAllAtOnce() {
    server.share("retail", "sales.orders", "orders");
    String first = token(server.recipient("acme"));
    server.grant("retail", "acme");
    String url = url(first);
    JsonNode rotated =
        server.done(
            "POST", "/recipients/acme/rotate-token", "{\"existing_token_expire_in_seconds\":3600}");
    assertThat(rotated.path("recipient_name").asText()).isEqualTo("acme");
    String second = token(server.activate(rotated.path("activation_url").asText()));
    assertThat(List.of(status(first), status(second))).containsExactly(200, 200);
    clock.forwardMillis(3_600_000 - 1);
    assertThat(status(first)).isEqualTo(200);
    clock.forwardMillis(1);
    assertThat(List.of(status(first), status(second))).containsExactly(401, 200);

    url = url(second);
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
    String third =
        token(
            server.activate(
                server
                    .done(
                        "POST",
                        "/recipients/acme/rotate-token",
                        "{\"existing_token_expire_in_seconds\":0}")
                    .path("activation_url")
                    .asText()));
    assertThat(List.of(status(first), status(second), status(third)))
        .containsExactly(401, 401, 200);
    // What the lost token got ends with it; the recipient gets it anew.
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(404);
    assertThat(ServerClient.fetch(url(third)).statusCode()).isEqualTo(200);

    JsonNode tokens = json(server.admin("GET", "/recipients/acme", "")).path("tokens");
    assertThat(tokens).hasSize(3);
    assertThat(tokens.get(0).has("last_used_at")).isTrue();
    clock.forwardMillis(Duration.ofDays(90).toMillis());
    assertThat(status(third)).isEqualTo(401);
  }

  @Test
  void whatWasIssuedOutlivesARestartAndTheFirstTokenIsMadeOnce() throws Exception {
    server.share("retail", "sales.orders", "orders");
    String token = token(server.recipient("acme"));
    server.grant("retail", "acme");
    String url = url(token);
    HttpResponse<String> page = server.query(token, TABLE, "{\"maxFiles\":1}");
    String next = actions(page, "endStreamAction").get(0).path("nextPageToken").asText();
    String admin = server.adminToken();
    server.close();
    server = ProviderServer.start(directory, clock, config -> {});
    assertThat(server.adminToken()).isEqualTo(admin);
    assertThat(server.admin("GET", "/shares", "").statusCode()).isEqualTo(200);
    String moved = url.replaceFirst("127.0.0.1:\\d+", "127.0.0.1:" + server.uri().getPort());
    assertThat(ServerClient.fetch(moved).statusCode()).isEqualTo(200);
    HttpResponse<String> rest =
        server.query(token, TABLE, "{\"maxFiles\":1,\"pageToken\":\"" + next + "\"}");
    assertThat(actions(rest, "file")).hasSize(1);
  }

  @Test
  void keysChangeAndWhatOldOnesSignedIsTakenAsLongAsItIsValid() {
    server.share("retail", "sales.orders", "orders");
    String token = token(server.recipient("acme"));
    server.grant("retail", "acme");
    server.close();
    clock.forwardMillis(Duration.ofDays(31).toMillis());
    // Makes another key, which does not sign yet.
    server = ProviderServer.start(directory, clock, config -> {});
    String url = url(token);
    clock.forwardMillis(Duration.ofMinutes(3).toMillis());
    String newer = url(token);
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
    assertThat(ServerClient.fetch(newer).statusCode()).isEqualTo(200);
    String signature = url.replaceFirst(".*signature=", "");
    assertThat(
            ServerClient.fetch(newer.replaceFirst("signature=.*", "signature=" + signature))
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void sharesOfTheConfigurationAreReadAsEverAndGrantedButNotChanged() {
    server.close();
    server =
        ProviderServer.start(
            directory,
            clock,
            config ->
                config
                    .bearerToken("the configuration's")
                    .table("fixed", "sales", "orders", directory.resolve("tables/orders")));
    server.done("POST", "/shares", "{\"name\":\"retail\"}");
    JsonNode shares = json(server.get("the configuration's", "/shares")).path("items");
    assertThat(shares.findValuesAsText("name")).containsExactly("fixed");
    String token = token(server.recipient("acme"));
    assertThat(server.get(token, "/shares/fixed").statusCode()).isEqualTo(404);
    server.grant("fixed", "acme");
    server.grant("retail", "acme");
    assertThat(json(server.get(token, "/shares")).path("items").findValuesAsText("name"))
        .containsExactly("fixed", "retail");
    assertThat(actions(server.query(token, "fixed/schemas/sales/tables/orders", "{}"), "file"))
        .hasSize(3);
    assertThat(json(server.admin("GET", "/shares", "")).path("items").findValuesAsText("name"))
        .containsExactly("fixed", "retail");
    HttpResponse<String> refused = server.admin("PATCH", "/shares/fixed", "{\"comment\":\"x\"}");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(message(refused)).contains("is in the server's configuration");
    assertThat(server.admin("DELETE", "/shares/FIXED", "").statusCode()).isEqualTo(409);
    assertThat(server.admin("POST", "/shares", "{\"name\":\"Fixed\"}").statusCode()).isEqualTo(409);
    server.permission("fixed", "acme", "remove");
    assertThat(server.get(token, "/shares/fixed").statusCode()).isEqualTo(404);
    server.close();
    assertThatThrownBy(
            () ->
                ProviderServer.start(
                    directory,
                    clock,
                    config -> config.table("Retail", "s", "t", directory.resolve("tables/orders"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'Retail' is in the configuration and in the store");
  }

  @Test
  void aDirectoryIsSharedAsASchemaWithTheTablesThatAreInItNow() throws Exception {
    HandWrittenTable.write(directory.resolve("tables/all/B ä"), 1, 10);
    Files.createDirectories(directory.resolve("tables/all/no-table"));
    HandWrittenTable.write(directory.resolve("elsewhere/secret"), 1, 10);
    Files.createSymbolicLink(
        directory.resolve("tables/all/link"), directory.resolve("elsewhere/secret"));
    server.done("POST", "/shares", "{\"name\":\"retail\"}");
    server.done(
        "PATCH",
        "/shares/retail",
        "{\"updates\":[{\"action\":\"ADD\",\"data_object\":{\"name\":\"main.everything\",\"type\":\"SCHEMA\",\"storage_location\":\"%s\"}}]}"
            .formatted(directory.resolve("tables/all")));
    server.done(
        "PATCH",
        "/shares/retail",
        ProviderServer.add("everything.a", server.tables().resolve("orders")));
    String link = update("ADD", "everything.link", "all/link");
    assertThat(server.admin("PATCH", "/shares/retail", "{\"updates\":[" + link + "]}").statusCode())
        .isEqualTo(400);
    String token = token(server.recipient("acme"));
    server.grant("retail", "acme");
    String tables = "/shares/retail/schemas/everything/tables";
    assertThat(json(server.get(token, tables)).path("items").findValuesAsText("name"))
        .containsExactly("a", "B ä");
    HandWrittenTable.write(directory.resolve("tables/all/c"), 2, 10);
    assertThat(json(server.get(token, tables)).path("items").findValuesAsText("name"))
        .containsExactly("a", "B ä", "c");
    List<JsonNode> files =
        actions(server.query(token, "retail/schemas/everything/tables/b%20%C3%A4", "{}"), "file");
    assertThat(files).hasSize(1);
    assertThat(ServerClient.fetch(files.get(0).path("url").asText()).statusCode()).isEqualTo(200);
    assertThat(actions(server.query(token, "retail/schemas/everything/tables/a", "{}"), "file"))
        .hasSize(3);
    for (String none : List.of("link", "no-table", "..", "%2e%2e%2forders", "d")) {
      assertThat(server.query(token, "retail/schemas/everything/tables/" + none, "{}").statusCode())
          .as(none)
          .isIn(400, 404);
    }
    server.done(
        "PATCH",
        "/shares/retail",
        "{\"updates\":[{\"action\":\"REMOVE\",\"data_object\":{\"shared_as\":\"everything\"}}]}");
    assertThat(json(server.get(token, tables)).path("items").findValuesAsText("name"))
        .containsExactly("a");
  }

  @Test
  void historyAndStartVersionAreThoseOfTheObject() {
    server.done("POST", "/shares", "{\"name\":\"retail\"}");
    server.done(
        "PATCH",
        "/shares/retail",
        "{\"updates\":[{\"action\":\"ADD\",\"data_object\":{\"name\":\"sales.orders\",\"storage_location\":\"%s\",\"history_shared\":true,\"start_version\":1}}]}"
            .formatted(directory.resolve("tables/orders")));
    String token = token(server.recipient("acme"));
    server.grant("retail", "acme");
    HttpResponse<String> early = server.query(token, TABLE, "{\"version\":0}");
    assertThat(early.statusCode()).isEqualTo(400);
    assertThat(message(early)).contains("1");
    JsonNode object = json(server.admin("GET", "/shares/retail", "")).path("objects").get(0);
    assertThat(object.path("history_shared").asBoolean()).isTrue();
    assertThat(object.path("start_version").asInt()).isEqualTo(1);
    assertThat(object.path("shared_as").asText()).isEqualTo("sales.orders");
  }

  @Test
  void aChangeThatFailsChangesNothing() {
    server.share("retail", "sales.orders", "orders");
    String[] refused = {
      // The second of two is there already: the first one is not added either.
      "{\"comment\":\"new\",\"updates\":["
          + update("ADD", "sales.other", "orders")
          + ","
          + update("ADD", "SALES.ORDERS", "orders")
          + "]}",
      "{\"comment\":\"new\",\"updates\":[" + update("ADD", "sales.other", "nothing") + "]}",
      "{\"comment\":\"new\",\"updates\":[" + update("ADD", "sales.other", "..") + "]}",
      "{\"comment\":\"new\",\"updates\":[" + update("REMOVE", "sales.other", "") + "]}",
      "{\"comment\":\"new\",\"updates\":[" + update("MOVE", "sales.orders", "orders") + "]}",
      "{\"comment\":\"new\",\"updates\":[" + update("ADD", "one", "orders") + "]}",
      "{\"comment\":\"new\",\"updates\":[" + update("ADD", "a..b", "orders") + "]}",
      "{\"comment\":\"new\",\"updates\":[" + update("ADD", "a.b/c", "orders") + "]}",
      "{\"comment\":\"new\",\"coment\":\"x\"}",
      "{\"comment\":7}",
      "{\"comment\":\"new\",\"comment\":\"new\"}",
      "{\"comment\":\"a\\u0000b\"}",
      "{\"comment\":\"new\",\"properties\":{\"a\":1}}",
      "{\"comment\":\"new\"",
      "[]",
    };
    String before = server.admin("GET", "/shares/retail", "").body();
    for (String body : refused) {
      HttpResponse<String> response = server.admin("PATCH", "/shares/retail", body);
      assertThat(response.statusCode()).as(body).isIn(400, 404, 409);
      assertThat(message(response)).as(body).isNotBlank();
      assertThat(server.admin("GET", "/shares/retail", "").body()).as(body).isEqualTo(before);
    }
  }

  private String update(String action, String alias, String table) {
    return "{\"action\":\"%s\",\"data_object\":{\"name\":\"main.%s\",\"shared_as\":\"%s\"%s}}"
        .formatted(
            action,
            alias,
            alias,
            action.equals("ADD")
                ? ",\"storage_location\":\"" + server.tables().resolve(table) + "\""
                : "");
  }

  @Test
  void aChangeOfWhatSomebodyElseChangedIsRefusedIfTheSenderSaysWhatItKnows() {
    server.share("retail", "sales.orders", "orders");
    String etag = server.admin("GET", "/shares/retail", "").headers().firstValue("ETag").get();
    server.done("PATCH", "/shares/retail", "{\"comment\":\"by another\"}");
    HttpResponse<String> refused =
        server.admin("PATCH", "/shares/retail", "{\"comment\":\"mine\"}", "If-Match", etag);
    assertThat(refused.statusCode()).isEqualTo(412);
    assertThat(server.admin("DELETE", "/shares/retail", "", "If-Match", etag).statusCode())
        .isEqualTo(412);
    HttpResponse<String> now = server.admin("GET", "/shares/retail", "");
    assertThat(json(now).path("comment").asText()).isEqualTo("by another");
    etag = now.headers().firstValue("ETag").get();
    HttpResponse<String> done =
        server.admin("PATCH", "/shares/retail", "{\"comment\":\"mine\"}", "If-Match", etag);
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(done.headers().firstValue("ETag"))
        .isPresent()
        .isNotEqualTo(java.util.Optional.of(etag));
    assertThat(json(done).path("display_name").isMissingNode()).isTrue();
    server.done("PATCH", "/shares/retail", "{\"comment\":\"\",\"display_name\":\"d\"}");
    JsonNode share = json(server.admin("GET", "/shares/retail", ""));
    assertThat(share.has("comment")).isFalse();
    assertThat(share.path("display_name").asText()).isEqualTo("d");
  }

  @Test
  void listsComeInPages() {
    List<String> names = List.of("a", "B", "c", "D", "e");
    for (String name : names) {
      server.done("POST", "/recipients", "{\"name\":\"" + name + "\"}");
      server.done("POST", "/shares", "{\"name\":\"" + name + "\"}");
    }
    for (String list : List.of("/recipients", "/shares")) {
      List<String> listed = new ArrayList<>();
      String token = "";
      do {
        JsonNode page = server.done("GET", list + "?maxResults=2&pageToken=" + token, "");
        listed.addAll(page.path("items").findValuesAsText("name"));
        token = page.path("nextPageToken").asText();
      } while (!token.isEmpty());
      assertThat(listed).isEqualTo(names);
      assertThat(server.admin("GET", list + "?maxResults=0", "").statusCode()).isEqualTo(400);
      assertThat(server.admin("GET", list + "?pageToken=%25", "").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void grantsAreSeenFromBothSidesAndAreWhatTheyAreHoweverOftenTheyAreMade() {
    server.share("retail", "sales.orders", "orders");
    server.recipient("acme");
    server.grant("retail", "acme");
    server.grant("retail", "ACME");
    JsonNode ofShare = server.done("GET", "/shares/retail/permissions", "").path("items");
    JsonNode ofRecipient =
        server.done("GET", "/recipients/acme/share-permissions", "").path("items");
    assertThat(ofShare).isEqualTo(ofRecipient).hasSize(1);
    assertThat(ofShare.get(0).path("privilege").asText()).isEqualTo("SELECT");
    assertThat(ofShare.get(0).path("granted_by").asText()).isEqualTo("admin");
    String unknown = "{\"changes\":[{\"recipient_name\":\"nobody\",\"add\":[\"SELECT\"]}]}";
    HttpResponse<String> refused = server.admin("PATCH", "/shares/retail/permissions", unknown);
    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(errorCode(refused)).isEqualTo("RESOURCE_DOES_NOT_EXIST");
    String modify = "{\"changes\":[{\"recipient_name\":\"acme\",\"add\":[\"MODIFY\"]}]}";
    assertThat(server.admin("PATCH", "/shares/retail/permissions", modify).statusCode())
        .isEqualTo(400);
  }

  @Test
  void anAddressOutsideOfTheAccessListIsRefusedWhateverItClaims() {
    server.close();
    server =
        ProviderServer.start(
            directory, clock, config -> config.trustedProxies(List.of("127.0.0.1")));
    String token = token(server.recipient("acme"));
    server.done(
        "PATCH", "/recipients/acme", "{\"ip_access_list\":[\"203.0.113.0/24\",\"2001:db8::/32\"]}");
    HttpResponse<String> refused = server.get(token, "/shares");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(errorCode(refused)).isEqualTo("PERMISSION_DENIED");
    assertThat(status(token, "203.0.113.9")).isEqualTo(200);
    assertThat(status(token, "198.51.100.1, 2001:db8::7")).isEqualTo(200);
    assertThat(status(token, "203.0.113.9, 198.51.100.1")).isEqualTo(403);
    assertThat(status(token, "unknown")).isEqualTo(403);
    for (String wrong : List.of("localhost", "10.0.0.0/33", "10.0.0", "::/129")) {
      assertThat(
              server
                  .admin("PATCH", "/recipients/acme", "{\"ip_access_list\":[\"" + wrong + "\"]}")
                  .statusCode())
          .as(wrong)
          .isEqualTo(400);
    }
    server.close();
    server = ProviderServer.start(directory, clock, config -> {});
    assertThat(status(token, "203.0.113.9")).isEqualTo(403);
    server.done("PATCH", "/recipients/acme", "{\"ip_access_list\":[]}");
    assertThat(status(token)).isEqualTo(200);
  }

  private int status(String token, String forwarded) {
    return ServerClient.send(
            java.net.http.HttpRequest.newBuilder(java.net.URI.create(server.uri() + "/shares"))
                .header("Authorization", "Bearer " + token)
                .header("X-Forwarded-For", forwarded)
                .build())
        .statusCode();
  }

  /** Nobody gets the rest of one table as that of another. */
  @Test
  void tokensEndWhenAnotherTableTakesTheName() {
    HandWrittenTable.write(server.tables().resolve("other"), 3, 10);
    server.share("retail", "sales.orders", "orders");
    String token = token(server.recipient("acme"));
    server.grant("retail", "acme");
    HttpResponse<String> page =
        server.query(token, TABLE, "{\"maxFiles\":1,\"includeRefreshToken\":true}");
    JsonNode end = actions(page, "endStreamAction").get(0);
    String rest = "{\"maxFiles\":1,\"pageToken\":\"" + end.path("nextPageToken").asText() + "\"}";
    String refresh = "{\"refreshToken\":\"" + end.path("refreshToken").asText() + "\"}";
    assertThat(server.query(token, TABLE, rest).statusCode()).isEqualTo(200);
    assertThat(server.query(token, TABLE, refresh).statusCode()).isEqualTo(200);
    server.done(
        "PATCH",
        "/shares/retail",
        "{\"updates\":["
            + update("REMOVE", "sales.orders", "")
            + ","
            + update("ADD", "sales.orders", "other")
            + "]}");
    assertThat(server.query(token, TABLE, "{}").statusCode()).isEqualTo(200);
    for (String body : List.of(rest, refresh)) {
      HttpResponse<String> refused = server.query(token, TABLE, body);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(message(refused)).contains("belongs to another table");
    }
  }

  @Test
  void theAccessLogSaysWhoDidWhat() {
    server.share("retail", "sales.orders", "orders");
    String token = token(server.recipient("acme"));
    server.get(token, "/shares");
    assertThat(server.records())
        .extracting(AccessRecord::endpoint)
        .containsExactly(
            "adminCreateShare",
            "adminUpdateShare",
            "adminCreateRecipient",
            "activation",
            "listShares");
    assertThat(server.records().get(0).principal()).startsWith("admin-");
    assertThat(server.records().get(4).principal())
        .startsWith(
            json(server.admin("GET", "/recipients/acme", "")).path("recipient_id").asText());
  }

  @Test
  void oneProcessAtATimeHasTheEmbeddedDatabase() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ServerMain.class.getName(),
                "--port",
                "0",
                "--data",
                directory.resolve("data").toString())
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(other.waitFor()).isEqualTo(2);
      assertThat(said)
          .contains("Cannot use the database")
          .contains("One server at a time can use it");
    } finally {
      other.destroyForcibly();
    }
    assertThat(server.admin("GET", "/shares", "").statusCode()).isEqualTo(200);
  }

  @Test
  void withoutAStoreThereIsNoAdminApi() {
    try (SharingServer plain =
        SharingServer.start(ShareConfig.builder().port(0).allowAnonymous(true).build())) {
      HttpResponse<String> response =
          ProviderServer.open(
              "http://127.0.0.1:" + plain.uri().getPort() + "/api/2.1/opensharing/provider/shares");
      assertThat(response.statusCode()).isEqualTo(404);
    }
  }
}
