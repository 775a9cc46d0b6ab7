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
import io.github.deltasharing.server.auth.SecretToken;
import io.github.deltasharing.server.config.DatabaseConfig;
import io.github.deltasharing.server.store.StoreKind;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.PostgresServer;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What nobody must find, and what nobody must be able to do with names. */
@Tag("unit")
@ParameterizedClass
@EnumSource(StoreKind.class)
class ProviderSecretsTest {
  private static final String TABLE = "retail/schemas/sales/tables/orders";

  @Parameter StoreKind kind;
  @TempDir Path directory;
  private DatabaseConfig database;
  private LogCapture log;
  private ProviderServer server;

  @BeforeEach
  void start() {
    HandWrittenTable.write(directory.resolve("tables/orders"), 3, 10);
    database = kind.config(directory.resolve("data"));
    log = LogCapture.ofAll(Level.DEBUG, "org.eclipse.jetty");
    server = ProviderServer.start(directory, new MovableClock(), database);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    if (log != null) {
      log.close();
    }
  }

  private String dump() throws Exception {
    if (kind == StoreKind.POSTGRESQL) {
      return PostgresServer.shared().dump(database.url());
    }
    StringBuilder dump = new StringBuilder();
    try (Connection connection = DriverManager.getConnection(database.url(), "sa", "");
        ResultSet lines = connection.createStatement().executeQuery("SCRIPT")) {
      while (lines.next()) {
        dump.append(lines.getString(1)).append('\n');
      }
    }
    return dump.toString();
  }

  @Test
  void secretsAreInNoDumpNoLogAndNoRecord() throws Exception {
    server.share("retail", "sales.orders", "orders");
    String unopened =
        server.done("POST", "/recipients", "{\"name\":\"b\"}").at("/token/activation_url").asText();
    String opened =
        server.done("POST", "/recipients", "{\"name\":\"a\"}").at("/token/activation_url").asText();
    String token = server.activate(opened).path("bearerToken").asText();
    ProviderServer.open(opened);
    server.grant("retail", "a");
    String url = actions(server.query(token, TABLE, "{}"), "file").get(0).path("url").asText();
    ServerClient.fetch(url);
    ServerClient.fetch(url + "x");
    server.get(token + "x", "/shares");
    String editor =
        server
            .done("POST", "/principals", "{\"name\":\"e\",\"role\":\"EDITOR\"}")
            .path("bearer_token")
            .asText();
    server.as(editor, "GET", "/principals", "");

    List<String> secrets = new ArrayList<>();
    secrets.add(server.adminToken());
    secrets.add(token);
    secrets.add(editor);
    secrets.add(unopened.substring(unopened.length() - 43));
    secrets.add(opened.substring(opened.length() - 43));
    secrets.add(url.replaceFirst(".*signature=", ""));
    secrets.add(PostgresServer.PASSWORD);
    String dump = dump();
    for (int i = 0; i < 5; i++) {
      assertThat(dump).contains(SecretToken.hash(secrets.get(i)));
    }
    String logged = String.join("\n", log.lines());
    assertThat(logged).contains("Serving");
    assertThat(server.records()).hasSizeGreaterThan(10);
    for (String secret : secrets) {
      assertThat(dump).doesNotContain(secret);
      assertThat(logged).doesNotContain(secret);
      assertThat(server.records().toString()).doesNotContain(secret);
      assertThat(secret.length()).isGreaterThanOrEqualTo(20);
    }
    assertThat(server.admin("GET", "/recipients/a", "").body()).doesNotContain(token);
  }

  @Test
  void whatIsOnDiskIsItsOwnersAlone() throws Exception {
    assertThat(PosixFilePermissions.toString(mode("data/admin-token"))).isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(mode("data"))).isEqualTo("rwx------");
    if (kind == StoreKind.H2) {
      assertThat(PosixFilePermissions.toString(mode("data/store.mv.db"))).isEqualTo("rw-------");
    }
  }

  private java.util.Set<java.nio.file.attribute.PosixFilePermission> mode(String file)
      throws Exception {
    return Files.getPosixFilePermissions(directory.resolve(file));
  }

  @Test
  void namesAreNamesAndNoSqlNoPatternAndNoPath() {
    List<String> names =
        List.of(
            "a'; DROP TABLE shares; --",
            "' OR '1'='1",
            "\" OR \"\"=\"",
            "%",
            "_",
            "a%27 OR 1=1 #",
            "...",
            "x; SELECT pg_sleep(9)",
            "<script>alert(1)</script>".replace("/", ""),
            "ünï 🙂",
            "?",
            "{}",
            "plain");
    for (String name : names) {
      String json = ServerClient.MAPPER.createObjectNode().put("name", name).toString();
      server.done("POST", "/shares", json);
      server.done("POST", "/recipients", json);
    }
    List<String> sorted = new ArrayList<>(names);
    sorted.sort(null);
    for (String list : List.of("/shares", "/recipients")) {
      List<String> listed =
          new ArrayList<>(
              json(server.admin("GET", list, "")).path("items").findValuesAsText("name"));
      listed.sort(null);
      assertThat(listed).isEqualTo(sorted);
    }
    String token = server.recipient("reader").path("bearerToken").asText();
    for (String name : names) {
      String path = "/shares/" + encode(name);
      assertThat(json(server.admin("GET", path, "")).path("name").asText()).isEqualTo(name);
      assertThat(server.get(token, path).statusCode()).as(name).isEqualTo(404);
    }
    for (String wrong :
        List.of("", " ", "a/b", "a\nb", " a", "a ", "x".repeat(256), "a\u007f", "..", "\\")) {
      String json = ServerClient.MAPPER.createObjectNode().put("name", wrong).toString();
      assertThat(server.admin("POST", "/shares", json).statusCode()).as(wrong).isEqualTo(400);
      assertThat(server.admin("POST", "/recipients", json).statusCode()).as(wrong).isEqualTo(400);
    }
    for (String path : List.of("/shares/a%00b", "/shares?pageToken=AA", "/recipients/%00")) {
      assertThat(server.admin("GET", path, "").statusCode()).as(path).isIn(200, 400, 404);
      assertThat(server.get(token, path).statusCode()).as(path).isIn(400, 404);
    }
    String widest =
        ServerClient.MAPPER
            .createObjectNode()
            .set(
                "properties",
                java.util.stream.IntStream.range(0, 50)
                    .boxed()
                    .collect(
                        ServerClient.MAPPER::createObjectNode,
                        (node, i) -> node.put(i + "\u0001".repeat(253), "\u0001".repeat(1_000)),
                        (one, other) -> one.setAll(other)))
            .toString();
    server.done("PATCH", "/shares/plain", widest);
    assertThat(server.admin("GET", "/shares/plain%27%20OR%20%271%27=%271", "").statusCode())
        .isEqualTo(404);
  }

  private static String encode(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Test
  void whatIsIssuedToOneRecipientIsOfNoUseToAnother() {
    server.share("retail", "sales.orders", "orders");
    server.done(
        "PATCH",
        "/shares/retail",
        ProviderServer.add("sales.second", server.tables().resolve("orders")));
    String ann = server.recipient("ann").path("bearerToken").asText();
    String ben = server.recipient("ben").path("bearerToken").asText();
    server.grant("retail", "ann");
    server.grant("retail", "ben");
    HttpResponse<String> page =
        server.query(ann, TABLE, "{\"maxFiles\":1,\"includeRefreshToken\":true}");
    JsonNode end = actions(page, "endStreamAction").get(0);
    for (String field : List.of("nextPageToken", "refreshToken")) {
      String parameter = field.equals("nextPageToken") ? "pageToken" : field;
      String body =
          "{%s\"%s\":\"%s\"}"
              .formatted(
                  parameter.equals("pageToken") ? "\"maxFiles\":1," : "",
                  parameter,
                  end.path(field).asText());
      HttpResponse<String> refused = server.query(ben, TABLE, body);
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
      assertThat(message(refused)).contains("is not one that this server issued to this client");
      assertThat(server.query(ann, TABLE, body).statusCode()).isEqualTo(200);
    }
    String tables = "/shares/retail/all-tables?maxResults=1";
    String next = json(server.get(ann, tables)).path("nextPageToken").asText();
    assertThat(server.get(ben, tables + "&pageToken=" + next).statusCode()).isEqualTo(400);
    assertThat(server.get(ann, tables + "&pageToken=" + next).statusCode()).isEqualTo(200);
    String url = actions(server.query(ann, TABLE, "{}"), "file").get(0).path("url").asText();
    String other = actions(server.query(ben, TABLE, "{}"), "file").get(0).path("url").asText();
    String principal = other.replaceFirst(".*principal=([^&]*).*", "$1");
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
    assertThat(
            ServerClient.fetch(url.replaceFirst("principal=[^&]*", "principal=" + principal))
                .statusCode())
        .isEqualTo(403);
  }
}
