/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static io.github.deltasharing.server.ServerClient.errorCode;
import static io.github.deltasharing.server.ServerClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ConfigSource;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.ShareConfigReader;
import io.github.deltasharing.server.config.TlsConfig;
import io.github.deltasharing.server.reload.ConfigReloader;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.MovableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A share.yaml that changes while the server runs. */
@Tag("unit")
class ReloadTest {
  private static final String QUERY = "/shares/fixed/schemas/s/tables/t/query";
  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private final List<ProviderServer> servers = new ArrayList<>();
  private Path file;

  @BeforeEach
  void writeTable() {
    HandWrittenTable.write(directory.resolve("tables/t"), 7, 10);
    file = directory.resolve("share.yaml");
    write("first-token", "fixed");
  }

  @AfterEach
  void stop() {
    servers.forEach(ProviderServer::close);
  }

  private void write(String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String token, String share, String... more) {
    write(
        """
        port: 0
        configPollSeconds: 0
        authorization: {bearerToken: %s}
        shares:
        - name: %s
          schemas:
          - name: s
            tables:
            - {name: t, location: tables/t, historyShared: true}
        %s
        """
            .formatted(token, share, String.join("\n", more)));
  }

  private ShareConfig withStore() {
    return ShareConfigReader.read(file)
        .data(directory.resolve("data"))
        .failedSignInsPerMinute(0)
        .source(new ConfigSource(file, this::withStore))
        .build();
  }

  private ProviderServer start() {
    ProviderServer server = ProviderServer.of(directory, clock, withStore());
    servers.add(server);
    return server;
  }

  private static HttpResponse<String> post(
      ProviderServer server, String token, String path, String body) {
    return ServerClient.send(
        HttpRequest.newBuilder(URI.create(server.uri() + path))
            .header("Authorization", "Bearer " + token)
            .header(
                "delta-sharing-capabilities", "responseformat=parquet;includeendstreamaction=true")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  @Test
  void sharesAndTheTokenChangeWithTheNextRequest() {
    ProviderServer server = start();
    assertThat(server.get("first-token", "/shares/fixed").statusCode()).isEqualTo(200);
    write("second-token", "other");
    assertThat(server.get("first-token", "/shares/fixed").statusCode()).isEqualTo(200);
    JsonNode outcome = server.done("POST", "/reload", "");
    assertThat(outcome.path("shares").asInt()).isEqualTo(1);
    assertThat(texts(outcome.path("changed")))
        .containsExactly("shares", "authorization.bearerToken");
    assertThat(outcome.path("needs_restart")).isEmpty();
    assertThat(server.get("first-token", "/shares/other").statusCode()).isEqualTo(401);
    assertThat(server.get("second-token", "/shares/other").statusCode()).isEqualTo(200);
    assertThat(server.get("second-token", "/shares/fixed").statusCode()).isEqualTo(404);
    assertThat(texts(server.done("POST", "/reload", "").path("changed"))).isEmpty();
  }

  @Test
  void grantsOnTheConfigurationsSharesFollowIt() {
    ProviderServer server = start();
    String acme = server.recipient("acme").path("bearerToken").asText();
    server.grant("fixed", "acme");
    assertThat(server.query(acme, "fixed/schemas/s/tables/t", "{}").statusCode()).isEqualTo(200);
    write("first-token", "other");
    server.done("POST", "/reload", "");
    assertThat(server.query(acme, "fixed/schemas/s/tables/t", "{}").statusCode()).isEqualTo(404);
    assertThat(server.admin("GET", "/shares/other", "").statusCode()).isEqualTo(200);
    assertThat(server.admin("GET", "/shares/fixed", "").statusCode()).isEqualTo(404);
    assertThat(server.admin("POST", "/shares", "{\"name\":\"Other\"}").statusCode()).isEqualTo(409);
  }

  @Test
  void pagesAndUrlsOfATableThatStaysGoOn() {
    ProviderServer server = start();
    HttpResponse<String> page = post(server, "first-token", QUERY, "{\"maxFiles\":3}");
    String next = actions(page, "endStreamAction").get(0).path("nextPageToken").asText();
    String url = actions(page, "file").get(0).path("url").asText();
    write("first-token", "fixed", "- {name: added, schemas: []}");
    server.done("POST", "/reload", "");
    assertThat(server.get("first-token", "/shares/added").statusCode()).isEqualTo(200);
    HttpResponse<String> second =
        post(server, "first-token", QUERY, "{\"maxFiles\":3,\"pageToken\":\"" + next + "\"}");
    assertThat(actions(second, "file"))
        .hasSize(3)
        .doesNotContainAnyElementsOf(actions(page, "file"));
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
    write("first-token", "other");
    server.done("POST", "/reload", "");
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(404);
    assertThat(
            post(server, "first-token", QUERY, "{\"maxFiles\":3,\"pageToken\":\"" + next + "\"}")
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void aFileThatIsWrongIsRefusedWholeAndSaysWhereWithoutSecrets() {
    ProviderServer server = start();
    for (String[] wrong :
        new String[][] {
          {"authorization: {bearerToken: canary", "not YAML at line"},
          {"authorization: {bearerToken: canary}\nshares:\n- {name: new}\n- {name: New}", "New"},
          {
            "authorization: {bearerToken: canary}\nshares:\n- {schemas: []}",
            "shares[0].name is missing"
          },
          {
            "authorization: {bearerToken: canary}\ntrustedProxies: [everybody]",
            "trustedProxies has 'everybody'"
          },
          {
            "authorization: {bearerToken: canary}\nrateLimit: {requestsPerSecond: -1}",
            "rateLimit.requestsPerSecond is '-1'"
          },
          {"authorization: {bearerToken: canary}\nrateLimit: {burst: many}", "rateLimit.burst is"},
          {
            "authorization: {bearerToken: canary}\nstorage:\n- {prefix: 's3a://a', hadoop: {fs.s3a.secret.key: canary}}",
            "storage was changed"
          },
          {"", "The file is empty"}
        }) {
      write(wrong[0]);
      try (LogCapture log = LogCapture.of(ConfigReloader.class, Level.INFO)) {
        HttpResponse<String> refused = server.admin("POST", "/reload", "");
        assertThat(refused.statusCode()).as(wrong[0]).isEqualTo(400);
        assertThat(json(refused).path("message").asText())
            .contains("the one before goes on", wrong[1])
            .doesNotContain("canary");
        assertThat(log.lines())
            .singleElement()
            .asString()
            .contains("ERROR", file.toString(), wrong[1])
            .doesNotContain("canary");
      }
      assertThat(server.get("first-token", "/shares/fixed").statusCode()).isEqualTo(200);
      assertThat(server.get("canary", "/shares").statusCode()).isEqualTo(401);
    }
    Exposition metrics =
        Exposition.parse(
            ServerClient.send(
                    HttpRequest.newBuilder(URI.create(server.origin() + "/metrics"))
                        .header("Authorization", "Bearer " + server.adminToken())
                        .build())
                .body());
    assertThat(metrics.value("sharing_config_reloads_total[result=refused]")).isEqualTo(8);
    assertThat(metrics.value("sharing_config_last_reload_successful[]")).isZero();
  }

  @Test
  void aNameThatTheStoreHasIsRefused() {
    ProviderServer server = start();
    server.done("POST", "/shares", "{\"name\":\"stored\"}");
    write("first-token", "Stored");
    HttpResponse<String> refused = server.admin("POST", "/reload", "");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).path("message").asText())
        .contains("Share 'Stored' is in the configuration and in the store");
    assertThat(server.get("first-token", "/shares/fixed").statusCode()).isEqualTo(200);
  }

  @Test
  void whatNeedsARestartIsNamedAndTheRestIsTaken() {
    ProviderServer server = start();
    write(
        "first-token",
        "other",
        "host: 127.0.0.2",
        "preSignedUrlTimeoutSeconds: 7",
        "externalUrl: https://other.example.com",
        "rateLimit: {requestsPerSecond: 1, burst: 2}");
    try (LogCapture log = LogCapture.of(ConfigReloader.class, Level.WARN)) {
      JsonNode outcome = server.done("POST", "/reload", "");
      assertThat(texts(outcome.path("changed")))
          .containsExactly("shares", "rateLimit.requestsPerSecond", "rateLimit.burst");
      assertThat(texts(outcome.path("needs_restart")))
          .containsExactly("host", "externalUrl", "preSignedUrlTimeoutSeconds");
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("need a restart: host, externalUrl, preSignedUrlTimeoutSeconds");
    }
    assertThat(server.get("first-token", "/shares/other").statusCode()).isEqualTo(200);
    assertThat(server.get("first-token", "/shares/other").statusCode()).isEqualTo(200);
    assertThat(server.get("first-token", "/shares/other").statusCode()).isEqualTo(429);
    // They are named until the restart.
    assertThat(texts(server.done("POST", "/reload", "").path("needs_restart"))).hasSize(3);
  }

  @Test
  void locationsThatAreAllowedChange() {
    ProviderServer server = start();
    server.done("POST", "/shares", "{\"name\":\"stored\"}");
    String add = ProviderServer.add("s.t", directory.resolve("tables/t"));
    assertThat(server.admin("PATCH", "/shares/stored", add).statusCode()).isEqualTo(400);
    write("first-token", "fixed", "allowedLocations: [tables]");
    assertThat(texts(server.done("POST", "/reload", "").path("changed")))
        .containsExactly("allowedLocations");
    assertThat(server.admin("PATCH", "/shares/stored", add).statusCode()).isEqualTo(200);
  }

  @Test
  void aServerWithoutAFileSaysSo(@TempDir Path own) {
    try (ProviderServer server = ProviderServer.start(own)) {
      HttpResponse<String> refused = server.admin("POST", "/reload", "");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(errorCode(refused)).isEqualTo("UNSUPPORTED_OPERATION");
    }
  }

  private ShareConfig withoutStore() {
    return ShareConfigReader.read(file).source(new ConfigSource(file, this::withoutStore)).build();
  }

  /** The one test of the watch with its thread: it looks every second, and takes what settled. */
  @Test
  void withoutAStoreTheFileIsWatched() throws Exception {
    Path target = directory.resolve("elsewhere.yaml");
    Files.writeString(
        target, Files.readString(file).replace("configPollSeconds: 0", "configPollSeconds: 1"));
    Files.delete(file);
    Files.createSymbolicLink(file, target);
    try (SharingServer server = SharingServer.start(withoutStore())) {
      HttpRequest other =
          HttpRequest.newBuilder(URI.create(server.uri() + "/shares/other"))
              .header("Authorization", "Bearer first-token")
              .build();
      assertThat(ServerClient.send(other).statusCode()).isEqualTo(404);
      // As Kubernetes does it: another file, and the link is swapped.
      Path next = directory.resolve("next.yaml");
      Files.writeString(next, Files.readString(target).replace("name: fixed", "name: other"));
      Path link = Files.createSymbolicLink(directory.resolve("link"), next);
      Files.move(link, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (ServerClient.send(other).statusCode() != 200) {
        assertThat(System.nanoTime()).isLessThan(until);
      }
    }
  }

  /** A mistake in the file costs nobody a grant. */
  @Test
  void whatWasGrantedOnAShareThatLeftCountsAgainWhenItIsBack() {
    ProviderServer server = start();
    String acme = server.recipient("acme").path("bearerToken").asText();
    server.grant("fixed", "acme");
    write("first-token", "fixde");
    server.done("POST", "/reload", "");
    assertThat(server.get(acme, "/shares/fixed").statusCode()).isEqualTo(404);
    write("first-token", "fixed");
    server.done("POST", "/reload", "");
    assertThat(server.get(acme, "/shares/fixed").statusCode()).isEqualTo(200);
  }

  /** Else a certificate whose key has another password would never be taken. */
  @Test
  void allFilesOfTheCertificateAreWatched() {
    Path key = directory.resolve("key");
    Path certificate = directory.resolve("certificate");
    Path password = directory.resolve("password");
    TlsConfig tls =
        new TlsConfig(false, Optional.of(certificate), Optional.of(key), Optional.of(password));
    assertThat(Operation.watched(file, Optional.of(tls)))
        .containsExactlyInAnyOrder(file, certificate, key, password);
  }
}
