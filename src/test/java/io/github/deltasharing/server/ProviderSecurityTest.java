/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.auth.SecretToken;
import io.github.deltasharing.server.config.DatabaseConfig;
import io.github.deltasharing.server.store.StoreKind;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.PostgresServer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What somebody learns who tries: that a token is not taken, a link not opened, and no more. */
@Tag("unit")
@ParameterizedClass
@EnumSource(StoreKind.class)
class ProviderSecurityTest {
  private static final String TABLE = "retail/schemas/sales/tables/orders";
  private static final String PROVIDER = "/api/2.1/opensharing/provider";

  @Parameter StoreKind kind;
  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private DatabaseConfig database;
  private ProviderServer server;

  @BeforeEach
  void start() {
    HandWrittenTable.write(directory.resolve("tables/orders"), 3, 10);
    database = kind.config(directory.resolve("data"));
    server =
        ProviderServer.start(
            directory,
            clock,
            config ->
                config
                    .database(database)
                    .asyncQueryAfterMs(0)
                    .trustedProxies(List.of("10.0.0.0/8")));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private String link(String recipient) {
    return server
        .done("POST", "/recipients", "{\"name\":\"" + recipient + "\"}")
        .at("/token/activation_url")
        .asText();
  }

  private String token(String recipient) {
    return server.recipient(recipient).path("bearerToken").asText();
  }

  private String rotate(String recipient, long grace) {
    String body = "{\"existing_token_expire_in_seconds\":" + grace + "}";
    return server
        .done("POST", "/recipients/" + recipient + "/rotate-token", body)
        .path("activation_url")
        .asText();
  }

  /** All that a client sees of a response, but for when it came and which request it was. */
  private static String seen(HttpResponse<String> response) {
    TreeMap<String, Object> headers = new TreeMap<>(response.headers().map());
    headers.keySet().removeIf(name -> name.matches("date|.*request-id"));
    return response.statusCode() + " " + headers + " " + response.body();
  }

  @Test
  void whyATokenIsNotTakenIsNotToBeSeen() {
    List<String> tokens = new ArrayList<>();
    tokens.add(token("expired"));
    clock.move(Duration.ofDays(91));
    tokens.add(token("revoked"));
    rotate("revoked", 0);
    tokens.add(token("superseded"));
    rotate("superseded", 60);
    clock.move(Duration.ofSeconds(61));
    tokens.add(token("deleted"));
    server.done("DELETE", "/recipients/deleted", "");
    tokens.add(server.adminToken());
    String unopened = link("unopened");
    tokens.add(unopened.substring(unopened.length() - 43));
    String known = token("known");
    tokens.add(known.substring(0, 42));
    tokens.add(known + "A");
    tokens.add(known.toUpperCase(Locale.ROOT));
    tokens.add(SecretToken.hash(known));
    tokens.add("x");
    tokens.add("' OR '1'='1");
    tokens.add("a.b.c");
    tokens.add("eyJhbGciOiJub25lIn0.eyJzdWIiOiJrbm93biJ9.");
    tokens.add("x".repeat(4_000));
    for (String path : List.of("/shares", "/shares/retail", "/shares/" + TABLE + "/version")) {
      TreeSet<String> seen = new TreeSet<>();
      for (String token : tokens) {
        HttpResponse<String> response = server.get(token, path);
        assertThat(response.statusCode()).as(path + " " + token + " of " + tokens).isEqualTo(401);
        seen.add(seen(response));
      }
      assertThat(seen).as(path).hasSize(1);
      assertThat(seen.first()).startsWith("401 ").contains("Bearer");
    }
    TreeSet<String> principals = new TreeSet<>();
    for (String token : tokens) {
      if (!token.equals(server.adminToken())) {
        principals.add(seen(server.as(token, "GET", "/shares", "")));
        principals.add(seen(server.as(token, "GET", "/nothing", "")));
      }
    }
    assertThat(principals).hasSize(1);
    assertThat(server.get(known, "/shares").statusCode()).isEqualTo(200);
  }

  @Test
  void whyALinkIsNotOpenedIsNotToBeSeen() {
    List<String> links = new ArrayList<>();
    links.add(link("old"));
    clock.move(Duration.ofHours(73));
    links.add(link("opened"));
    server.activate(links.get(1));
    links.add(link("rotated"));
    rotate("rotated", 600);
    links.add(link("deleted"));
    server.done("DELETE", "/recipients/deleted", "");
    String good = link("good");
    String base = good.substring(0, good.length() - 43);
    links.add(base + "A".repeat(43));
    links.add(base + "A".repeat(42));
    links.add(base + SecretToken.hash(good.substring(base.length())));
    links.add(base + "%27%20OR%20%271%27=%271");
    links.add(base + "x".repeat(2_000));
    links.add(good + "/");
    links.add(base);
    TreeSet<String> seen = new TreeSet<>();
    links.forEach(link -> seen.add(seen(ProviderServer.open(link))));
    assertThat(seen).hasSize(1);
    assertThat(seen.first()).startsWith("404 ");
    server.activate(good);
  }

  @Test
  void aShareThatIsNotGrantedIsNotThere() {
    server.share("retail", "sales.orders", "orders");
    String token = token("acme");
    for (String path :
        List.of(
            "/shares/NAME",
            "/shares/NAME/schemas",
            "/shares/NAME/all-tables",
            "/shares/NAME/schemas/sales/tables",
            "/shares/NAME/schemas/sales/tables/orders/version",
            "/shares/NAME/schemas/sales/tables/orders/metadata")) {
      String there = seen(server.get(token, path.replace("NAME", "retail")));
      String not = seen(server.get(token, path.replace("NAME", "liater")));
      assertThat(there).as(path).isEqualTo(not.replace("liater", "retail")).startsWith("404 ");
    }
  }

  /** A proxy sends the requests of many on one connection: what one sent is not another's. */
  @Test
  void aTokenIsTakenAsItIsWrittenAlsoOnAConnectionThatSentItBefore() {
    String token = token("acme");
    try (RawClient client = new RawClient(server.uri())) {
      String request = "GET " + server.uri().getPath() + "/shares HTTP/1.1\r\nHost: localhost\r\n";
      String upper = token.toUpperCase(Locale.ROOT);
      client.send(request + "Authorization: Bearer " + token + "\r\n\r\n");
      client.send(request + "Authorization: Bearer " + upper + "\r\n\r\n");
      client.send(request + "Authorization: Bearer " + token + "\r\nConnection: close\r\n\r\n");
      assertThat(
              client
                  .rest()
                  .lines()
                  .filter(line -> line.contains("HTTP/1.1"))
                  .map(line -> line.replaceFirst(".*HTTP/1.1 (\\d+).*", "$1")))
          .containsExactly("200", "401", "200");
    }
  }

  /** Whatever the name of a parameter is: a URL is in logs, histories and referrers. */
  @Test
  void noParameterIsTakenForAToken() {
    String token = token("acme");
    for (String parameter :
        List.of(
            "token",
            "access_token",
            "bearerToken",
            "bearer_token",
            "authorization",
            "Authorization")) {
      for (String text : List.of(token, "Bearer%20" + token)) {
        String query = "?" + parameter + "=" + text;
        assertThat(status(server.uri() + "/shares" + query)).as(query).isEqualTo(401);
        String admin = query.replace(token, server.adminToken());
        assertThat(status(server.origin() + PROVIDER + "/shares" + admin)).isEqualTo(401);
      }
    }
    assertThat(status(server.uri() + "/shares", "Cookie", "token=" + token)).isEqualTo(401);
    assertThat(status(server.uri() + "/shares", "X-Authorization", "Bearer " + token))
        .isEqualTo(401);
    assertThat(status(server.uri() + "/shares", "Authorization", "Basic " + token)).isEqualTo(401);
  }

  private static int status(String url, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    return ServerClient.send((headers.length == 0 ? request : request.headers(headers)).build())
        .statusCode();
  }

  @Test
  void whatClientsSayOfTheirAddressCountsForNothing() {
    server.share("retail", "sales.orders", "orders");
    JsonNode made =
        server.done(
            "POST", "/recipients", "{\"name\":\"acme\",\"ip_access_list\":[\"203.0.113.7\"]}");
    String token =
        server.activate(made.at("/token/activation_url").asText()).path("bearerToken").asText();
    for (String header :
        List.of(
            "X-Forwarded-For", "Forwarded", "X-Real-IP", "Client-IP", "True-Client-IP", "Via")) {
      for (String value : List.of("203.0.113.7", "for=203.0.113.7", "203.0.113.7, 10.1.2.3")) {
        assertThat(
                status(server.uri() + "/shares", "Authorization", "Bearer " + token, header, value))
            .as(header + value)
            .isEqualTo(403);
      }
    }
    server.done(
        "PATCH", "/recipients/acme", "{\"ip_access_list\":[\"::ffff:127.0.0.1\",\"::1/128\"]}");
    assertThat(server.get(token, "/shares").statusCode()).isEqualTo(200);
    for (String wrong :
        List.of(
            "127.0.0.1/33",
            "127.0.0.256",
            "010.0.0.1",
            "localhost",
            "127.1",
            "::1/129",
            "1.2.3.4/",
            "1.2.3.4/a",
            "/8",
            "",
            "*",
            "::1%lo",
            "[::1]",
            "1.2.3.4/-1")) {
      HttpResponse<String> refused =
          server.admin("PATCH", "/recipients/acme", "{\"ip_access_list\":[\"" + wrong + "\"]}");
      assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
    }
    assertThat(server.get(token, "/shares").statusCode()).isEqualTo(200);
  }

  @Test
  void aQueryToPollForIsThatOfOneRecipient() {
    server.share("retail", "sales.orders", "orders");
    String ann = token("ann");
    String ben = token("ben");
    server.grant("retail", "ann");
    server.grant("retail", "ben");
    HttpResponse<String> pending = async(ann, TABLE + "/query", "{\"idempotencyKey\":\"k\"}");
    String id = actions(pending, "queryStatus").get(0).path("queryId").asText();
    assertThat(id).isNotEmpty();
    String others = seen(async(ben, TABLE + "/queries/" + id, "{}"));
    String none = seen(async(ben, TABLE + "/queries/" + id.replaceFirst("^.", "0"), "{}"));
    assertThat(others).startsWith("404 ");
    assertThat(others.replace(id, "")).isEqualTo(none.replaceAll("0" + id.substring(1), ""));
    assertThat(async(ann, TABLE + "/queries/" + id, "{}").statusCode()).isEqualTo(200);
    server.permission("retail", "ann", "remove");
    assertThat(async(ann, TABLE + "/queries/" + id, "{}").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> async(String token, String path, String body) {
    return ServerClient.send(
        HttpRequest.newBuilder(URI.create(server.uri() + "/shares/" + path))
            .header("Authorization", "Bearer " + token)
            .header("delta-sharing-capabilities", "responseformat=parquet;asyncquery=true")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  @Test
  void aClockThatJumpsEndsNothingThatIsNotOverAndBringsBackNothingThatWasRevoked() {
    String early = link("early");
    clock.move(Duration.ofHours(-100));
    String opened = server.activate(early).path("bearerToken").asText();
    assertThat(ProviderServer.open(early).statusCode()).isEqualTo(404);
    assertThat(server.get(opened, "/shares").statusCode()).isEqualTo(200);
    clock.move(Duration.ofDays(36_500));
    assertThat(server.get(opened, "/shares").statusCode()).isEqualTo(401);
    assertThat(ProviderServer.open(early).statusCode()).isEqualTo(404);
    String later = rotate("early", 0);
    clock.move(Duration.ofDays(-36_500));
    assertThat(server.get(opened, "/shares").statusCode()).isEqualTo(401);
    String next = server.activate(later).path("bearerToken").asText();
    assertThat(server.get(next, "/shares").statusCode()).isEqualTo(200);

    server.share("retail", "sales.orders", "orders");
    server.grant("retail", "early");
    String url = actions(server.query(next, TABLE, "{}"), "file").get(0).path("url").asText();
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
    clock.move(Duration.ofDays(1));
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(403);
    clock.move(Duration.ofDays(-1));
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
    rotate("early", 0);
    clock.move(Duration.ofDays(-1));
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(404);
    assertThat(server.get(next, "/shares").statusCode()).isEqualTo(401);
  }

  @Test
  void usesAreNotedThoughTheClockWasAhead() {
    String token = token("acme");
    clock.move(Duration.ofDays(1));
    server.get(token, "/shares");
    clock.move(Duration.ofDays(-1));
    server.get(token, "/shares");
    assertThat(server.done("GET", "/recipients/acme", "").at("/tokens/0/last_used_at").asText())
        .isEqualTo(clock.instant().toString());
  }

  @Test
  void anETagIsThatOfOneShareAndOneVersion() {
    HttpResponse<String> first = server.admin("POST", "/shares", "{\"name\":\"retail\"}");
    String tag = first.headers().firstValue("ETag").orElseThrow();
    server.done("DELETE", "/shares/retail", "");
    clock.move(Duration.ofSeconds(1));
    HttpResponse<String> other = server.admin("POST", "/shares", "{\"name\":\"retail\"}");
    assertThat(changed("/shares/retail", tag)).isEqualTo(412);
    String now = other.headers().firstValue("ETag").orElseThrow();
    for (String wrong : List.of("\"1\"", "W/" + now, "\"\"", "", now.replace("\"", ""), "\"*\"")) {
      assertThat(changed("/shares/retail", wrong)).as(wrong).isEqualTo(412);
    }
    assertThat(changed("/shares/retail", tag + ", " + now)).isEqualTo(200);
    assertThat(changed("/shares/retail", now)).isEqualTo(412);
    assertThat(changed("/shares/retail", "*")).isEqualTo(200);
    link("acme");
    server.done("PATCH", "/recipients/acme", "{\"comment\":\"x\"}");
    for (String path : List.of("/recipients/acme/rotate-token", "/principals/admin/rotate-token")) {
      assertThat(server.admin("POST", path, "{}", "If-Match", "\"1\"").statusCode()).isEqualTo(412);
    }
  }

  private int changed(String path, String tag) {
    return server.admin("PATCH", path, "{\"comment\":\"c\"}", "If-Match", tag).statusCode();
  }

  @Test
  void tokensThatAreOverAreNotKeptForEver() {
    link("acme");
    String valid = server.activate(rotate("acme", 0)).path("bearerToken").asText();
    for (int i = 0; i < 110; i++) {
      clock.move(Duration.ofSeconds(1));
      rotate("acme", 86_400);
    }
    JsonNode tokens = server.done("GET", "/recipients/acme", "").path("tokens");
    assertThat(tokens.size()).isBetween(100, 104);
    assertThat(server.get(valid, "/shares").statusCode()).isEqualTo(200);
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

  /**
   * In any spelling: as it is, as bytes in hexadecimal and Base64, and those of what it decodes to.
   */
  private static List<String> spellings(String secret) {
    byte[] text = secret.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = Base64.getUrlDecoder().decode(secret);
    List<String> all = new ArrayList<>(List.of(secret));
    for (byte[] form : List.of(text, bytes)) {
      all.add(HexFormat.of().formatHex(form));
      all.add(HexFormat.of().withUpperCase().formatHex(form));
      all.add(Base64.getEncoder().withoutPadding().encodeToString(form));
      all.add(Base64.getUrlEncoder().withoutPadding().encodeToString(form));
    }
    return all;
  }

  /** Where it is. */
  private static String around(String place, String spelling) {
    int at = place.indexOf(spelling);
    return at < 0 ? "" : place.substring(Math.max(0, at - 300), Math.min(place.length(), at + 200));
  }

  @Test
  void noSecretIsLeftAnywhereInAnySpelling() throws Exception {
    List<String> secrets = new ArrayList<>(List.of(server.adminToken()));
    List<String> places = new ArrayList<>();
    try (LogCapture log = LogCapture.ofAll(Level.TRACE, "org.eclipse.jetty")) {
      server.share("retail", "sales.orders", "orders");
      String link = link("acme");
      secrets.add(link.substring(link.length() - 43));
      String token = server.activate(link).path("bearerToken").asText();
      secrets.add(token);
      server.grant("retail", "acme");
      HttpResponse<String> page =
          server.query(token, TABLE, "{\"maxFiles\":1,\"includeRefreshToken\":true}");
      String url = actions(page, "file").get(0).path("url").asText();
      secrets.add(url.replaceFirst(".*signature=([^&]*).*", "$1"));
      ServerClient.fetch(url);
      String next = rotate("acme", 0);
      secrets.add(next.substring(next.length() - 43));
      ServerClient.fetch(url);
      server.get(token, "/shares");
      ProviderServer.open(link + "?x=" + token);
      server.admin("POST", "/recipients", "{\"name\":\"acme\",\"" + token + "\":1}");
      server.admin("POST", "/recipients", "{\"name\":\"acme\"");
      server.admin("POST", "/recipients", "{\"name\":\"acme\"}");
      String editor =
          server
              .done("POST", "/principals", "{\"name\":\"e\",\"role\":\"EDITOR\"}")
              .path("bearer_token")
              .asText();
      secrets.add(editor);
      server.as(editor, "GET", "/principals", "");
      secrets.add(
          server.done("POST", "/principals/e/rotate-token", "{}").path("bearer_token").asText());
      places.add(String.join("\n", log.lines()));
      assertThat(places.get(0)).contains("adminCreateShare").hasSizeGreaterThan(500);
    }
    places.add(server.records().toString());
    places.add(dump());
    places.add(server.admin("GET", "/recipients/acme", "").body());
    server.close();
    server = null;
    Path file = directory.resolve("data/store.mv.db");
    if (kind == StoreKind.H2) {
      places.add(Files.readString(file, StandardCharsets.ISO_8859_1));
    }
    assertThat(secrets).doesNotHaveDuplicates().hasSize(7);
    assertThat(places.get(2)).contains(SecretToken.hash(secrets.get(2)));
    for (String secret : secrets) {
      for (String spelling : spellings(secret)) {
        for (String place : places) {
          assertThat(place.contains(spelling)).as(around(place, spelling)).isFalse();
        }
      }
    }
  }
}
