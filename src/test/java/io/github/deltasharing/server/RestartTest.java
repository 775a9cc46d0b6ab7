package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static io.github.deltasharing.server.ServerClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.LogCapture;
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
    return ShareConfig.builder()
        .port(0)
        .bearerToken(ServerTables.TOKEN)
        .signingKey(key)
        .table("Retail", "sales", "t", dir.resolve("t"))
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
    for (String key : new String[] {"x".repeat(32), null}) {
      ask(key);
      try (SharingServer server = SharingServer.start(config(null))) {
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

  private String page() {
    return "{\"maxFiles\":1,\"pageToken\":\"" + next + "\"}";
  }

  private String again() {
    return "{\"refreshToken\":\"" + refresh + "\"}";
  }
}
