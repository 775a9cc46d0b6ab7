/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.store.StoreKind;
import io.github.deltasharing.testing.MovableClock;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists that have shares of the database and of share.yaml. */
@Tag("unit")
class MergedListsTest {
  /** Two characters that databases order one way or the other: beyond 16 bits, and below. */
  private static final String FAR = "a\ud83d\ude00";

  private static final String NEAR = "a\uff41";

  @TempDir Path directory;

  private ProviderServer start(StoreKind kind) {
    return ProviderServer.start(
        directory,
        new MovableClock(),
        config ->
            config
                .database(kind.config(directory.resolve("data")))
                .share(new SharedShare(FAR, List.of()))
                .share(new SharedShare(NEAR + "2", List.of()))
                .share(new SharedShare("b", List.of())));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static List<String> pages(ProviderServer server, int size) {
    List<String> names = new ArrayList<>();
    String next = "";
    do {
      JsonNode page =
          server.done("GET", "/shares?maxResults=" + size + "&pageToken=" + encode(next), "");
      page.path("items").forEach(share -> names.add(share.path("name").asText()));
      next = page.path("nextPageToken").asText();
    } while (!next.isEmpty() && names.size() < 20);
    return names;
  }

  @ParameterizedTest
  @EnumSource(StoreKind.class)
  void pagesOfAnySizeHaveEachShareOnceInTheOrderOfTheDatabase(StoreKind kind) {
    try (ProviderServer server = start(kind)) {
      for (String name : List.of(NEAR, FAR + "3", "c")) {
        server.done("POST", "/shares", "{\"name\":\"" + name + "\"}");
      }
      List<String> expected =
          kind == StoreKind.POSTGRESQL
              ? List.of(NEAR, NEAR + "2", FAR, FAR + "3", "b", "c")
              : List.of(FAR, FAR + "3", NEAR, NEAR + "2", "b", "c");
      for (int size = 1; size <= 7; size++) {
        assertThat(pages(server, size)).as("by %d", size).isEqualTo(expected);
      }
      String token = server.recipient("acme").path("bearerToken").asText();
      expected.forEach(name -> server.grant(encode(name), "acme"));
      List<String> granted = new ArrayList<>();
      ServerClient.json(server.get(token, "/shares"))
          .path("items")
          .forEach(share -> granted.add(share.path("name").asText()));
      assertThat(granted).isEqualTo(expected);
    }
  }

  /** The client goes on with its page token, whatever was deleted or added meanwhile. */
  @Test
  void nothingIsMissedInAListThatChangesBetweenPages() {
    try (ProviderServer server = ProviderServer.start(directory)) {
      for (char name = 'a'; name <= 'h'; name++) {
        server.done("POST", "/shares", "{\"name\":\"" + name + "\"}");
      }
      String token = server.recipient("acme").path("bearerToken").asText();
      for (char name = 'a'; name <= 'h'; name++) {
        server.grant(String.valueOf(name), "acme");
      }
      JsonNode page = page(server, token, "");
      assertThat(page.path("items").findValuesAsText("name")).containsExactly("a", "b", "c");
      server.done("DELETE", "/shares/a", "");
      page = page(server, token, page.path("nextPageToken").asText());
      assertThat(page.path("items").findValuesAsText("name")).containsExactly("d", "e", "f");
      server.done("DELETE", "/shares/f", "");
      JsonNode rest = page(server, token, page.path("nextPageToken").asText());
      assertThat(rest.path("items").findValuesAsText("name")).contains("g", "h");
      for (char name = 'c'; name <= 'h'; name++) {
        server.admin("DELETE", "/shares/" + name, "");
      }
      rest = page(server, token, page.path("nextPageToken").asText());
      assertThat(rest.path("items").findValuesAsText("name")).containsExactly("b");
      assertThat(rest.has("nextPageToken")).isFalse();
    }
  }

  private static JsonNode page(ProviderServer server, String token, String pageToken) {
    return ServerClient.json(
        server.get(token, "/shares?maxResults=3&pageToken=" + encode(pageToken)));
  }

  /** Two letters that have one upper case: recipients find each of them, and so does the page. */
  @Test
  void namesOfShareYamlAreFoundAsThoseOfTheStore() {
    Path first = HandWrittenTable.write(directory.resolve("first"), 1, 10);
    Path second = HandWrittenTable.write(directory.resolve("second"), 2, 10);
    try (ProviderServer server =
        ProviderServer.start(
            directory,
            new MovableClock(),
            config -> config.table("s", "t", "\u0131", first).table("s", "t", "i", second))) {
      assertThat(server.done("GET", "/shares/s/tables/t/i", "").path("files").asInt()).isEqualTo(2);
      assertThat(
              server
                  .done("GET", "/shares/s/tables/t/" + encode("\u0131"), "")
                  .path("files")
                  .asInt())
          .isEqualTo(1);
    }
  }
}
