/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.http.AccessRecord;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The health endpoint: for everybody, and it says nothing. */
@Tag("unit")
class HealthTest {
  private final List<AccessRecord> records = new CopyOnWriteArrayList<>();
  private SharingServer server;

  @BeforeEach
  void start() {
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .bearerToken("t")
            .table("secret", "s", "t", Path.of("/nowhere"))
            .build();
    server = SharingServer.start(config, records::add);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> send(String method, String path) {
    return ServerClient.send(
        HttpRequest.newBuilder(URI.create("http://" + server.uri().getAuthority() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/ready"})
  void needsNoTokenAndSaysNothingOfTables(String path) {
    HttpResponse<String> response = send("GET", path);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"status\":\"up\"}");
    assertThat(send("HEAD", path).statusCode()).isEqualTo(200);
    HttpResponse<String> post = send("POST", path);
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");
    assertThat(records).hasSize(3).allMatch(r -> r.endpoint().equals("health"));
    assertThat(records).allMatch(r -> r.principal().isEmpty());
  }

  @Test
  void othersBesideItNeedTheToken() {
    for (String path : List.of("/health", "/health/", "/health/other", "/")) {
      assertThat(send("GET", path).statusCode()).as(path).isEqualTo(401);
    }
  }
}
