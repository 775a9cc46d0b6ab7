/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static io.github.deltasharing.server.ServerClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.testing.LogCapture;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What URLs and tokens are worth after a restart: something if their key is configured. */
@Tag("unit")
class RestartTest {
  private static final String KEY = "canary-key-0123456789-0123456789-0123456789";

  @TempDir Path dir;
  private String url;
  private String next;
  private String refresh;

  @BeforeEach
  void writeTable() {
    HandWrittenTable.write(dir.resolve("t"), 3, 10);
  }

  private ShareConfig config(String key) {
    return config(key, true, 0);
  }

  private ShareConfig config(String key, boolean historyShared, long startVersion) {
    URI location = dir.resolve("t").toUri();
    return ShareConfig.builder()
        .port(0)
        .bearerToken(ServerTables.TOKEN)
        .signingKey(key)
        .table(new SharedTable("Retail", "sales", "t", location, "", historyShared, startVersion))
        .build();
  }

  private void ask(String key) {
    try (SharingServer server = SharingServer.start(config(key))) {
      HttpResponse<String> answer =
          new ServerClient(server)
              .query("sales.t", "{\"maxFiles\":1,\"includeRefreshToken\":true}");
      url = actions(answer, "file").get(0).path("url").asText();
      JsonNode end = actions(answer, "endStreamAction").get(0);
      next = end.path("nextPageToken").asText();
      refresh = end.path("refreshToken").asText();
      assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
    }
  }

  private static HttpResponse<byte[]> fetch(SharingServer server, String url) {
    return ServerClient.fetch(
        url.replaceFirst("http://[^/]*", "http://" + server.uri().getAuthority()));
  }

  @Test
  void withAConfiguredKeyTheyGoOn() {
    try (LogCapture logs = LogCapture.ofProject(Level.DEBUG)) {
      ask(KEY);
      try (SharingServer server = SharingServer.start(config(KEY))) {
        ServerClient client = new ServerClient(server);
        assertThat(fetch(server, url).statusCode()).isEqualTo(200);
        assertThat(actions(client.query("sales.t", page()), "file")).hasSize(1);
        assertThat(actions(client.query("sales.t", again()), "file")).hasSize(3);
      }
      assertThat(logs.lines()).noneMatch(line -> line.contains("canary-key"));
    }
  }

  @Test
  void withAnotherKeyAndWithoutOneTheyEnd() {
    String[][] keysBeforeAndAfter = {{KEY, "x".repeat(32)}, {KEY, null}, {null, null}};
    for (String[] keys : keysBeforeAndAfter) {
      ask(keys[0]);
      try (SharingServer server = SharingServer.start(config(keys[1]))) {
        ServerClient client = new ServerClient(server);
        assertThat(fetch(server, url).statusCode()).isEqualTo(403);
        for (String body : List.of(page(), again())) {
          HttpResponse<String> refused = client.query("sales.t", body);
          assertThat(refused.statusCode()).isEqualTo(400);
          assertThat(message(refused)).contains("is not one that this server issued");
        }
      }
    }
  }

  /** The provider shares less after the restart: a token of before does not get around that. */
  @Test
  void tokensEndWithWhatIsShared() {
    ask(KEY);
    String ofVersion;
    String ofChanges;
    try (SharingServer server = SharingServer.start(config(KEY))) {
      ServerClient client = new ServerClient(server);
      ofVersion = next(client.query("sales.t", "{\"version\":0,\"maxFiles\":1}"));
      ofChanges = next(client.query("sales.t", "{\"startingVersion\":0,\"maxFiles\":1}"));
    }
    String version = "{\"version\":0,\"maxFiles\":1,\"pageToken\":\"" + ofVersion + "\"}";
    String changes = "{\"startingVersion\":0,\"maxFiles\":1,\"pageToken\":\"" + ofChanges + "\"}";
    try (SharingServer server = SharingServer.start(config(KEY))) {
      for (String body : List.of(page(), again(), version, changes)) {
        assertThat(new ServerClient(server).query("sales.t", body).statusCode()).isEqualTo(200);
      }
    }
    try (SharingServer server = SharingServer.start(config(KEY, true, 1))) {
      for (String body : List.of(page(), again(), version, changes)) {
        HttpResponse<String> refused = new ServerClient(server).query("sales.t", body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(message(refused)).contains("it is shared from version 1 on");
      }
    }
    try (SharingServer server = SharingServer.start(config(KEY, false, 0))) {
      ServerClient client = new ServerClient(server);
      for (String body : List.of(version, changes)) {
        HttpResponse<String> refused = client.query("sales.t", body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(message(refused)).contains("its history is not shared");
      }
      assertThat(client.query("sales.t", page()).statusCode()).isEqualTo(200);
    }
  }

  private static String next(HttpResponse<String> response) {
    return actions(response, "endStreamAction").get(0).path("nextPageToken").asText();
  }

  private String page() {
    return "{\"maxFiles\":1,\"pageToken\":\"" + next + "\"}";
  }

  private String again() {
    return "{\"refreshToken\":\"" + refresh + "\"}";
  }
}
