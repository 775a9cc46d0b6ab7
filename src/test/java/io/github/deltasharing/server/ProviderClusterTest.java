/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static io.github.deltasharing.server.ServerClient.errorCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.DatabaseConfig;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.store.StoreKind;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several servers on one PostgreSQL, and what they do while it is gone. */
@Tag("unit")
class ProviderClusterTest {
  private static final String TABLE = "retail/schemas/sales/tables/orders";
  private static final int FILES = 7;

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private final List<ProviderServer> servers = new ArrayList<>();
  private DatabaseConfig database;

  @BeforeEach
  void makeDatabase() {
    HandWrittenTable.write(directory.resolve("tables/orders"), FILES, 10);
    database = StoreKind.POSTGRESQL.config(directory);
  }

  @AfterEach
  void stop() {
    servers.forEach(ProviderServer::close);
  }

  private ProviderServer start() {
    ProviderServer server =
        ProviderServer.start(
            directory,
            clock,
            config ->
                config
                    .database(database)
                    .bearerToken("the configuration's")
                    .table("fixed", "s", "t", directory.resolve("tables/orders")));
    synchronized (servers) {
      servers.add(server);
    }
    return server;
  }

  private static String at(String url, ProviderServer server) {
    return url.replaceFirst("127.0.0.1:\\d+", "127.0.0.1:" + server.uri().getPort());
  }

  @Test
  void aPagedQueryGoesOnAtAnotherServerWhenOneStops() {
    ProviderServer first = start();
    ProviderServer second = start();
    first.share("retail", "sales.orders", "orders");
    String link =
        first
            .done("POST", "/recipients", "{\"name\":\"acme\"}")
            .at("/token/activation_url")
            .asText();
    String token = second.activate(at(link, second)).path("bearerToken").asText();
    assertThat(ProviderServer.open(link).statusCode()).isEqualTo(404);
    second.grant("retail", "acme");

    Set<String> files = new TreeSet<>();
    ProviderServer server = first;
    String body = "{\"maxFiles\":2}";
    String url = null;
    while (true) {
      HttpResponse<String> page = server.query(token, TABLE, body);
      assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
      for (JsonNode file : actions(page, "file")) {
        assertThat(files.add(file.path("id").asText())).isTrue();
        url = url == null ? file.path("url").asText() : url;
      }
      String next = actions(page, "endStreamAction").get(0).path("nextPageToken").asText();
      if (next.isEmpty()) {
        break;
      }
      body = "{\"maxFiles\":2,\"pageToken\":\"" + next + "\"}";
      if (server == first) {
        first.close();
        server = second;
      }
    }
    assertThat(files).hasSize(FILES);
    assertThat(ServerClient.fetch(at(url, second)).statusCode()).isEqualTo(200);

    ProviderServer third = start();
    assertThat(ServerClient.fetch(at(url, third)).statusCode()).isEqualTo(200);
    second.permission("retail", "acme", "remove");
    assertThat(ServerClient.fetch(at(url, third)).statusCode()).isEqualTo(404);
    assertThat(third.query(token, TABLE, "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void refreshTokensAndPagesOfListsAreTakenByAllUntilOneOfThemRevokes() {
    ProviderServer first = start();
    ProviderServer second = start();
    first.share("retail", "sales.orders", "orders");
    first.done(
        "PATCH",
        "/shares/retail",
        ProviderServer.add("sales.second", first.tables().resolve("orders")));
    String token = first.recipient("acme").path("bearerToken").asText();
    first.grant("retail", "acme");
    String query = "{\"includeRefreshToken\":true}";
    String refresh =
        actions(first.query(token, TABLE, query), "endStreamAction")
            .get(0)
            .path("refreshToken")
            .asText();
    String body = "{\"refreshToken\":\"" + refresh + "\"}";
    assertThat(actions(second.query(token, TABLE, body), "file")).hasSize(FILES);
    String list = "/shares/retail/all-tables?maxResults=1";
    String page = ServerClient.json(first.get(token, list)).path("nextPageToken").asText();
    HttpResponse<String> rest = second.get(token, list + "&pageToken=" + page);
    assertThat(ServerClient.json(rest).path("items").findValuesAsText("name"))
        .containsExactly("second");
    first.done("POST", "/recipients/acme/rotate-token", "{\"existing_token_expire_in_seconds\":0}");
    assertThat(second.query(token, TABLE, body).statusCode()).isEqualTo(401);
    assertThat(second.get(token, "/shares").statusCode()).isEqualTo(401);
  }

  @Test
  void serversThatStartAtOnceMakeOneAdminAndOneKey() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      Callable<ProviderServer> one = this::start;
      for (Future<ProviderServer> started : threads.invokeAll(List.of(one, one, one))) {
        started.get();
      }
    } finally {
      threads.shutdownNow();
    }
    servers.get(0).share("retail", "sales.orders", "orders");
    String token = servers.get(1).recipient("acme").path("bearerToken").asText();
    servers.get(2).grant("retail", "acme");
    for (ProviderServer server : servers) {
      assertThat(server.done("GET", "/principals", "").path("items")).hasSize(1);
      String url = actions(server.query(token, TABLE, "{}"), "file").get(0).path("url").asText();
      for (ProviderServer other : servers) {
        assertThat(ServerClient.fetch(at(url, other)).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void aSessionAtThePageIsOneOnEveryServer() {
    ProviderServer first = start();
    PageClient page = PageClient.signedIn(first, first.adminToken());
    ProviderServer second = start();
    page.at(second).done("POST", "/shares", "{\"name\":\"of the page\"}");
    assertThat(page.done("GET", "/shares", "").path("items")).hasSize(2);
    second.done("POST", "/principals/admin/rotate-token", "");
    assertThat(page.session().statusCode()).isEqualTo(401);
  }

  @Test
  void whileTheDatabaseIsGoneRequestsGet503AtOnceAndAfterwardsAllIsWell() {
    ProviderServer server = start();
    server.share("retail", "sales.orders", "orders");
    String token = server.recipient("acme").path("bearerToken").asText();
    server.grant("retail", "acme");
    String url = actions(server.query(token, TABLE, "{}"), "file").get(0).path("url").asText();
    PostgresServer postgres = PostgresServer.shared();
    postgres.stop();
    try {
      long start = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        HttpResponse<String> response = server.get(token, "/shares");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(errorCode(response)).isEqualTo("TEMPORARILY_UNAVAILABLE");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(server.admin("GET", "/shares", "").statusCode()).isEqualTo(503);
        assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(503);
      }
      clock.move(Duration.ofSeconds(3));
      HttpResponse<String> ready = ProviderServer.open(server.origin() + "/health/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body())
          .isEqualTo("{\"status\":\"down\",\"reason\":\"The database cannot be reached\"}");
      assertThat(ProviderServer.open(server.origin() + "/health/live").statusCode()).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
      assertThat(ServerClient.fetch(url + "x").statusCode()).isEqualTo(403);
      assertThat(server.query("the configuration's", "fixed/schemas/s/tables/t", "{}").statusCode())
          .isEqualTo(200);
      assertThatThrownBy(this::start)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("Cannot use the database jdbc:postgresql://127.0.0.1:")
          .hasMessageNotContaining(PostgresServer.PASSWORD);
    } finally {
      postgres.start();
    }
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (server.get(token, "/shares").statusCode() != 200) {
      assertThat(System.nanoTime()).isLessThan(until);
    }
    assertThat(actions(server.query(token, TABLE, "{}"), "file")).hasSize(FILES);
    clock.move(Duration.ofSeconds(3));
    assertThat(ProviderServer.open(server.origin() + "/health/ready").statusCode()).isEqualTo(200);
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
    server.done("POST", "/shares", "{\"name\":\"after\"}");
  }

  @Test
  void theFirstStartNeedsADirectoryForTheToken() {
    assertThatThrownBy(
            () -> SharingServer.start(ShareConfig.builder().port(0).database(database).build()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Start the server once with --data DIR");
    ProviderServer server = start();
    try (SharingServer other =
        SharingServer.start(ShareConfig.builder().port(0).database(database).build())) {
      assertThat(other.uri().getPort()).isNotEqualTo(server.uri().getPort());
    }
  }
}
