/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.errorCode;
import static io.github.deltasharing.server.ServerClient.json;
import static io.github.deltasharing.server.ServerClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.DatabaseConfig;
import io.github.deltasharing.server.store.StoreKind;
import io.github.deltasharing.testing.MovableClock;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What no client of the admin API should send: a 4xx that says what is wrong, and nothing else. */
@Tag("unit")
@ParameterizedClass
@EnumSource(StoreKind.class)
class ProviderBadInputTest {
  private static final String LONG = "x".repeat(10_000);

  @Parameter StoreKind kind;
  @TempDir Path directory;
  private ProviderServer server;

  @BeforeEach
  void start() {
    HandWrittenTable.write(directory.resolve("tables/orders"), 1, 10);
    DatabaseConfig database = kind.config(directory.resolve("data"));
    server =
        ProviderServer.start(
            directory,
            new MovableClock(),
            config -> config.database(database).oidcIssuers(List.of("https://login.example.com")));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private void refused(int status, String method, String path, String body) {
    HttpResponse<String> response = server.admin(method, path, body);
    String shown = method + " " + path + " " + body.substring(0, Math.min(200, body.length()));
    assertThat(response.statusCode()).as(shown + " " + response.body()).isEqualTo(status);
    assertThat(message(response)).as(shown).isNotBlank();
    assertThat(errorCode(response)).as(shown).isNotEqualTo("INTERNAL_ERROR");
  }

  /** In every field that holds a text. */
  private static List<String[]> bodiesWith(String text) {
    // As escapes: a client could not send halves of characters otherwise.
    StringBuilder value = new StringBuilder("\"");
    text.chars()
        .forEach(
            c ->
                value.append(
                    c < 'a' || c > 'z' ? "\\u%04x".formatted(c) : String.valueOf((char) c)));
    value.append('"');
    List<String[]> bodies = new ArrayList<>();
    for (String body :
        List.of(
            "{\"name\":%s}",
            "{\"name\":\"n\",\"comment\":%s}",
            "{\"name\":\"n\",\"owner\":%s}",
            "{\"name\":\"n\",\"properties\":{\"k\":%s}}",
            "{\"name\":\"n\",\"properties\":{%s:\"v\"}}")) {
      bodies.add(new String[] {"/shares", body.formatted(value)});
      bodies.add(new String[] {"/recipients", body.formatted(value)});
    }
    bodies.add(new String[] {"/shares", "{\"name\":\"n\",\"display_name\":%s}".formatted(value)});
    bodies.add(new String[] {"/principals", "{\"name\":%s,\"role\":\"VIEWER\"}".formatted(value)});
    String policy =
        "{\"name\":\"n\",\"oidc_policy\":{\"issuer\":\"https://login.example.com\",\"audiences\":[%s],\"subject\":%s,\"subject_claim\":%s}}";
    bodies.add(new String[] {"/recipients", policy.formatted(value, "\"s\"", "\"c\"")});
    bodies.add(new String[] {"/recipients", policy.formatted("\"a\"", value, "\"c\"")});
    bodies.add(new String[] {"/recipients", policy.formatted("\"a\"", "\"s\"", value)});
    bodies.add(
        new String[] {"/recipients", "{\"name\":\"n\",\"ip_access_list\":[%s]}".formatted(value)});
    return bodies;
  }

  /** What a lone half of a character would break: the list of which it is a part. */
  @Test
  void textsThatAreNoUnicodeAreRefusedInEveryField() {
    for (String text : List.of("a\ud800", "\udc00b", "a\0b")) {
      for (String[] body : bodiesWith(text)) {
        refused(400, "POST", body[0], body[1]);
      }
    }
    for (String list : List.of("/shares", "/recipients", "/principals")) {
      assertThat(server.admin("GET", list, "").statusCode()).as(list).isEqualTo(200);
    }
    assertThat(server.done("GET", "/shares", "").path("items")).isEmpty();
    assertThat(server.done("GET", "/recipients", "").path("items")).isEmpty();
  }

  @Test
  void textsOfTenThousandCharactersAreRefusedOrKept() {
    for (String[] body : bodiesWith(LONG)) {
      HttpResponse<String> response = server.admin("POST", body[0], body[1]);
      assertThat(response.statusCode()).as(body[1].substring(0, 60)).isIn(201, 400);
      server.admin("DELETE", body[0] + "/n", "");
    }
    for (String path : List.of("/shares/", "/recipients/", "/principals/", "/publications/")) {
      for (String method : List.of("GET", "PATCH", "DELETE")) {
        HttpResponse<String> response = server.admin(method, path + LONG.substring(0, 6_000), "{}");
        assertThat(response.statusCode()).as(method + path).isIn(400, 404, 405);
      }
    }
  }

  /** 1,024 characters are 3,072 bytes, more than an index of PostgreSQL takes. */
  @Test
  void subjectsThatNoIndexTakesAreRefused() {
    StringBuilder subject = new StringBuilder();
    for (int i = 0; i < 1_024; i++) {
      subject.append((char) (0x4e00 + i * 7919 % 20_000));
    }
    String policy =
        "{\"name\":\"%s\",\"oidc_policy\":{\"issuer\":\"https://login.example.com\",\"audiences\":[\"a\"],\"subject\":\"%s\"}}";
    refused(400, "POST", "/recipients", policy.formatted("long", subject));
    String longest = subject.substring(0, 820);
    server.done("POST", "/recipients", policy.formatted("long", longest));
    HttpResponse<String> again =
        server.admin("POST", "/recipients", policy.formatted("other", longest));
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(message(again)).contains("that of recipient 'long'");
  }

  /** Letters whose upper cases are one, while their lower cases are not. */
  @Test
  void namesThatAreAlikeAreEachTheirOwn() {
    List<String> names =
        List.of("shop", "\u017fhop", "\u00b5", "\u03bc", "i", "\u0131", "\u03c3", "\u03c2");
    String token = server.recipient("reader").path("bearerToken").asText();
    server.done("POST", "/shares", "{\"name\":\"retail\"}");
    server.grant("retail", "reader");
    for (String name : names) {
      server.done("POST", "/shares", "{\"name\":\"%s\",\"comment\":\"%s\"}".formatted(name, name));
      server.grant(name, "reader");
      server.done(
          "PATCH",
          "/shares/retail",
          ProviderServer.add(name + ".t" + name, server.tables().resolve("orders")));
      server.done(
          "PATCH",
          "/shares/retail",
          ProviderServer.add("all." + name, server.tables().resolve("orders")));
    }
    for (String name : names) {
      String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
      assertThat(json(server.get(token, "/shares/" + encoded)).at("/share/name").asText())
          .isEqualTo(name);
      JsonNode tables =
          json(server.get(token, "/shares/retail/schemas/" + encoded + "/tables")).path("items");
      assertThat(tables.findValuesAsText("name")).containsExactly("t" + name);
      HttpResponse<String> version =
          server.get(token, "/shares/retail/schemas/all/tables/" + encoded + "/version");
      assertThat(version.statusCode()).as(name).isEqualTo(200);
      server.done(
          "PATCH",
          "/shares/retail",
          "{\"updates\":[{\"action\":\"REMOVE\",\"data_object\":{\"name\":\"all.x\",\"shared_as\":\"all.%s\"}}]}"
              .formatted(name)
              .replace("\"name\":\"all.x\",", ""));
      assertThat(
              server
                  .get(token, "/shares/retail/schemas/all/tables/" + encoded + "/version")
                  .statusCode())
          .as(name)
          .isEqualTo(404);
    }
  }

  @Test
  void bodiesThatAreNoBodiesAreRefused() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    for (String body :
        List.of(
            "{\"name\":\"a\",\"name\":\"b\"}",
            "{\"name\":\"a\",\"properties\":{\"k\":\"1\",\"k\":\"2\"}}",
            "{\"name\":\"a\"} {}",
            "[{\"name\":\"a\"}]",
            "null",
            " ",
            "\ufeff{\"name\":\"a\"}",
            "{\"name\":{}}",
            "{\"name\":1}",
            "{\"name\":\"a\",\"properties\":" + deep + "}",
            "{\"name\":\"a\",\"properties\":{\"k\":{\"k\":\"1\"}}}",
            "{\"name\":\"a\",\"Name\":\"b\"}",
            "{\"name\":\"a\",\"token_expiration_seconds\":" + "9".repeat(900) + "}",
            "{'name':'a'}",
            "{\"name\":\"a\"",
            "name=a")) {
      refused(400, "POST", "/recipients", body);
    }
    assertThat(raw("POST", "/recipients", 12 << 20)).contains(" 413 ");
    for (String number :
        List.of("0", "-1", "1.5", "1e3", "\"60\"", "9223372036854775808", "true")) {
      refused(
          400,
          "POST",
          "/recipients",
          "{\"name\":\"a\",\"token_expiration_seconds\":" + number + "}");
    }
    assertThat(server.done("GET", "/recipients", "").path("items")).isEmpty();
  }

  @Test
  void queriesAndPathsThatAreNoneAreRefused() {
    for (String query :
        List.of(
            "?maxResults=0",
            "?maxResults=-1",
            "?maxResults=1001",
            "?maxResults=1e2",
            "?maxResults=%D9%A1",
            "?maxResults=%zz",
            "?maxResults=%ff",
            "?pageToken=%ff%fe",
            "?pageToken=***",
            "?pageToken=" + "A".repeat(5_001))) {
      for (String list : List.of("/shares", "/recipients", "/publications", "/principals")) {
        assertThat(raw("GET", list + query, 0)).as(list + query).contains(" 400 ");
      }
    }
    for (String path :
        List.of(
            "/shares/%zz", "/shares/%ff", "/shares/%", "/recipients/%c0%af", "/shares/%ed%a0%80")) {
      assertThat(raw("GET", path, 0)).as(path).contains(" 400 ");
    }
    for (String path :
        List.of(
            "/shares/%00", "/shares/..%2f..", "/shares/%5c", "/shares/", "/shares//", "/nothing")) {
      HttpResponse<String> response = server.admin("GET", path, "");
      assertThat(response.statusCode()).as(path + response.body()).isIn(400, 404);
    }
    for (String path : List.of("/shares/../shares", "/shares/%2e%2e/shares", "/shares;x=1")) {
      HttpResponse<String> response = server.admin("GET", path, "");
      assertThat(response.statusCode()).as(path + response.body()).isIn(200, 400, 404);
    }
  }

  /** The status line of a request that no client of the JDK's would send. */
  private String raw(String method, String path, long length) {
    try (RawClient client = new RawClient(server.uri())) {
      String head =
          "%s /api/2.1/opensharing/provider%s HTTP/1.1\r\n"
              + "Host: localhost\r\n"
              + "Authorization: Bearer %s\r\n"
              + "Content-Length: %d\r\n"
              + "Connection: close\r\n\r\n";
      return client.send(head.formatted(method, path, server.adminToken(), length)).status();
    }
  }

  @Test
  void locationsThatAreNotAllowedOrNoneAreRefused() throws Exception {
    server.done("POST", "/shares", "{\"name\":\"retail\"}");
    Path outside = directory.resolve("outside");
    HandWrittenTable.write(outside, 1, 10);
    java.nio.file.Files.createSymbolicLink(server.tables().resolve("link"), outside);
    for (String location :
        List.of(
            "",
            "orders",
            "../outside",
            "/etc/passwd",
            "/",
            outside.toString(),
            server.tables().resolve("link").toString(),
            server.tables() + "/orders/../../outside",
            server.tables() + "/nothing",
            "file://" + outside,
            outside.toUri().toString(),
            "file://elsewhere" + server.tables() + "/orders",
            "http://127.0.0.1/x",
            "s3://bucket/x",
            "jar:file:/x!/y",
            server.tables() + "/orders%00",
            server.tables() + "/orders?x",
            "file:" + server.tables() + "/%2e%2e/outside",
            "//" + LONG)) {
      JsonNode object =
          ServerClient.MAPPER
              .createObjectNode()
              .put("name", "s.t")
              .put("storage_location", location);
      for (String type : List.of("TABLE", "SCHEMA")) {
        String alias = type.equals("TABLE") ? "s.t" : "s";
        refused(
            400,
            "PATCH",
            "/shares/retail",
            "{\"updates\":[{\"action\":\"ADD\",\"data_object\":{\"name\":\"n\",\"shared_as\":\"%s\",\"type\":\"%s\",\"storage_location\":%s}}]}"
                .formatted(alias, type, object.get("storage_location")));
      }
    }
    assertThat(server.done("GET", "/shares/retail", "").path("objects")).isEmpty();
  }
}
