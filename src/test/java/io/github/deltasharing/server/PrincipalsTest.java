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

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.Shares;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two principals on one server: what one is given is of no use to the other. */
@Tag("unit")
class PrincipalsTest {
  private static final String QUERY = "/shares/Retail/schemas/sales/tables/t/query";
  private static final String CAPABILITIES = "delta-sharing-capabilities";

  @TempDir Path dir;
  private final List<AccessRecord> records = new CopyOnWriteArrayList<>();
  private SharingServer server;
  private ServerClient client;
  private volatile boolean benSeesNothing;

  @BeforeEach
  void start() {
    HandWrittenTable.write(dir.resolve("t"), 3, 10);
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .allowAnonymous(true)
            .asyncQueryAfterMs(0)
            .table(new SharedTable("Retail", "sales", "t", dir.resolve("t").toUri(), "", true, 0))
            .table("Retail", "other", "u", dir.resolve("t"))
            .build();
    Shares everything = new Shares(config.shares());
    Shares nothing = new Shares(List.of());
    server =
        SharingServer.start(
            config,
            records::add,
            ServerParts.of(config)
                .withAuthenticator(
                    request -> {
                      String user = request.getHeaders().get("X-User");
                      if (user == null) {
                        throw new ServerError(401, ServerError.UNAUTHENTICATED, "Who are you?");
                      }
                      return new Principal(user);
                    })
                .withShares(
                    principal ->
                        benSeesNothing && principal.id().equals("ben") ? nothing : everything));
    client = new ServerClient(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void onlyAnn(String path, String body, String parameter) {
    HttpResponse<String> refused = client.post(path, body, "X-User", "ben");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(message(refused)).contains(parameter + " is not one that this server issued");
    assertThat(client.post(path, body, "X-User", "ann").statusCode()).isEqualTo(200);
  }

  @Test
  void theAuthenticatorSaysWhoMayAskAndTheLogSaysWho() {
    assertThat(client.get("/shares").statusCode()).isEqualTo(401);
    assertThat(client.get("/shares", "X-User", "ann").statusCode()).isEqualTo(200);
    assertThat(records).extracting(AccessRecord::principal).containsExactly("", "ann");
  }

  @Test
  void pageAndRefreshTokensAreThoseOfOnePrincipal() {
    HttpResponse<String> page =
        client.post(QUERY, "{\"maxFiles\":1,\"includeRefreshToken\":true}", "X-User", "ann");
    JsonNode end = actions(page, "endStreamAction").get(0);
    String next = end.path("nextPageToken").asText();
    String refresh = end.path("refreshToken").asText();
    onlyAnn(QUERY, "{\"maxFiles\":1,\"pageToken\":\"" + next + "\"}", "pageToken");
    onlyAnn(QUERY, "{\"refreshToken\":\"" + refresh + "\"}", "refreshToken");
    HttpResponse<String> changes =
        client.post(QUERY, "{\"startingVersion\":0,\"maxFiles\":1}", "X-User", "ann");
    String token = actions(changes, "endStreamAction").get(0).path("nextPageToken").asText();
    onlyAnn(
        QUERY,
        "{\"startingVersion\":0,\"maxFiles\":1,\"pageToken\":\"" + token + "\"}",
        "pageToken");
  }

  @Test
  void pageTokensOfListsAreThoseOfOnePrincipal() {
    String path = "/shares/Retail/all-tables?maxResults=1";
    String token = json(client.get(path, "X-User", "ann")).path("nextPageToken").asText();
    HttpResponse<String> refused = client.get(path + "&pageToken=" + token, "X-User", "ben");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(client.get(path + "&pageToken=" + token, "X-User", "ann").statusCode())
        .isEqualTo(200);
  }

  @Test
  void queriesToPollForAreThoseOfOnePrincipal() {
    String body = "{\"idempotencyKey\":\"k\"}";
    String[] headers = {"X-User", "ann", CAPABILITIES, "responseformat=parquet;asyncquery=true"};
    HttpResponse<String> pending = client.post(QUERY, body, headers);
    String id = actions(pending, "queryStatus").get(0).path("queryId").asText();
    String poll = QUERY.replace("/query", "/queries/") + id;
    HttpResponse<String> refused = client.post(poll, "{}", "X-User", "ben");
    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(errorCode(refused)).isEqualTo("RESOURCE_DOES_NOT_EXIST");
    assertThat(client.post(poll, "{}", headers).statusCode()).isEqualTo(200);
  }

  @Test
  void urlsAreSignedForOnePrincipalAndEndWithWhatItSees() {
    String url =
        actions(client.post(QUERY, "{}", "X-User", "ben"), "file").get(0).path("url").asText();
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
    String other = url.replace("principal=ben", "principal=ann");
    assertThat(other).isNotEqualTo(url);
    assertThat(ServerClient.fetch(other).statusCode()).isEqualTo(403);
    benSeesNothing = true;
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(404);
    assertThat(client.get("/shares/Retail", "X-User", "ben").statusCode()).isEqualTo(404);
    assertThat(client.get("/shares/Retail", "X-User", "ann").statusCode()).isEqualTo(200);
  }
}
