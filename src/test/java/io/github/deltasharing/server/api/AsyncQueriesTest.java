/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import static io.github.deltasharing.server.ServerClient.actions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.protocol.SharingHeaders;
import io.github.deltasharing.server.ServerClient;
import io.github.deltasharing.server.ServerTables;
import io.github.deltasharing.server.SharingServer;
import io.github.deltasharing.server.api.AsyncQueries.AsyncQuery;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.TableSnapshot;
import io.github.deltasharing.testing.MovableClock;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries that clients poll for. */
class AsyncQueriesTest {
  private static final String CAPABILITIES = "delta-sharing-capabilities";
  private static final String ASYNC = "responseformat=parquet;asyncquery=true";
  private static final SharedTable TABLE =
      new SharedTable("Retail", "sales", "plain", URI.create("file:///nowhere"), "", false, 0);
  private static final SharedTable OTHER =
      new SharedTable("Retail", "sales", "other", URI.create("file:///nowhere"), "", false, 0);

  private static final Principal ANN = new Principal("ann");
  private static final Principal BEN = new Principal("ben");

  private final MovableClock clock = new MovableClock();
  private final CountDownLatch found = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    found.countDown();
  }

  private Supplier<TableSnapshot> slow() {
    return () -> {
      try {
        found.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return null;
    };
  }

  private AsyncQueries queries() {
    ShareConfig config =
        ShareConfig.builder().bearerToken("x").maxAsyncQueries(2).asyncQueryTtlMs(1_000).build();
    return new AsyncQueries(config.settings(), clock);
  }

  private static QueryBody request(String body) {
    return QueryBody.parse(body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aSubmissionThatIsTriedAgainIsOneQuery() {
    AsyncQueries queries = queries();
    AsyncQuery first =
        queries.submit(ANN, TABLE, request("{\"idempotencyKey\":\"a\"}"), slow()).get();
    assertThat(queries.submit(ANN, TABLE, request("{\"idempotency_key\":\"a\"}"), slow()))
        .contains(first);
    assertThat(first.version()).isNotDone();
    assertThat(queries.find(ANN, TABLE, first.id())).isSameAs(first);
    AsyncQuery second =
        queries
            .submit(ANN, TABLE, request("{\"idempotencyKey\":\"a\",\"limitHint\":1}"), slow())
            .get();
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(queries.submit(ANN, OTHER, request("{\"idempotencyKey\":\"a\"}"), slow()))
        .as("there are two already")
        .isEmpty();
    queries.forget(second);
    assertThat(queries.submit(ANN, OTHER, request("{\"idempotencyKey\":\"a\"}"), slow()))
        .isPresent();
  }

  @Test
  void aQueryThatNobodyPollsForIsForgotten() {
    AsyncQueries queries = queries();
    AsyncQuery query =
        queries.submit(ANN, TABLE, request("{\"idempotencyKey\":\"a\"}"), slow()).get();
    clock.forwardMillis(900);
    assertThat(queries.find(ANN, TABLE, query.id())).isSameAs(query);
    clock.forwardMillis(900);
    assertThat(queries.find(ANN, TABLE, query.id())).isSameAs(query);
    assertThatThrownBy(() -> queries.find(ANN, OTHER, query.id()))
        .isInstanceOf(ServerError.class)
        .hasMessageContaining("Retail.sales.other");
    clock.forwardMillis(1_001);
    assertThatThrownBy(() -> queries.find(ANN, TABLE, query.id()))
        .isInstanceOfSatisfying(ServerError.class, e -> assertThat(e.status()).isEqualTo(404));
  }

  @Test
  void aQueryIsThatOfWhoSubmittedIt() {
    AsyncQueries queries = queries();
    QueryBody request = request("{\"idempotencyKey\":\"a\"}");
    AsyncQuery query = queries.submit(ANN, TABLE, request, slow()).get();
    assertThat(queries.submit(BEN, TABLE, request, slow()).get().id()).isNotEqualTo(query.id());
    assertThatThrownBy(() -> queries.find(BEN, TABLE, query.id()))
        .isInstanceOfSatisfying(ServerError.class, e -> assertThat(e.status()).isEqualTo(404));
    assertThat(queries.find(ANN, TABLE, query.id())).isSameAs(query);
  }

  private static HttpResponse<String> submit(ServerClient client, String table, String body) {
    return client.query(table, body, CAPABILITIES, ASYNC);
  }

  private static HttpResponse<String> answer(
      ServerClient client, String table, String id, String body) throws InterruptedException {
    String path = "/shares/Retail/schemas/" + table.replace(".", "/tables/") + "/queries/" + id;
    HttpResponse<String> response = client.post(path, body, CAPABILITIES, ASYNC);
    while (!actions(response, "queryStatus").isEmpty()) {
      // Clients look for one in every answer.
      assertThat(response.headers().firstValue(SharingHeaders.TABLE_VERSION)).isPresent();
      response = client.post(path, body, CAPABILITIES, ASYNC);
    }
    return response;
  }

  @Test
  void theAnswerIsThatOfTheQueryInPagesToo() throws Exception {
    try (SharingServer server =
        SharingServer.start(ServerTables.config().asyncQueryAfterMs(0).build())) {
      ServerClient client = new ServerClient(server);
      String body =
          "{\"idempotencyKey\":\"a\",\"includeRefreshToken\":true,"
              + "\"predicateHints\":[],\"jsonPredicateHints\":\"{}\"}";
      HttpResponse<String> submitted = submit(client, "sales.parts", body);
      assertThat(submitted.headers().firstValue(CAPABILITIES)).contains("asyncquery=true");
      JsonNode status = actions(submitted, "queryStatus").get(0);
      assertThat(status.path("status").asText()).isEqualTo("pending");
      String id = status.path("queryId").asText();
      assertThat(actions(submit(client, "sales.parts", body), "queryStatus").get(0))
          .isEqualTo(status);

      HttpResponse<String> whole = answer(client, "sales.parts", id, "");
      assertThat(whole.headers().firstValue("Delta-Table-Version")).contains("0");
      assertThat(actions(whole, "file")).hasSize(8);
      assertThat(actions(whole, "endStreamAction").get(0).has("refreshToken")).isTrue();
      List<String> ids = new ArrayList<>();
      String page = "{\"maxFiles\":3}";
      while (page != null) {
        HttpResponse<String> some = answer(client, "sales.parts", id, page);
        actions(some, "file").forEach(file -> ids.add(file.path("id").asText()));
        JsonNode next = actions(some, "endStreamAction").get(0).path("nextPageToken");
        page =
            next.isMissingNode()
                ? null
                : "{\"maxFiles\":3,\"pageToken\":\"" + next.asText() + "\"}";
      }
      assertThat(ids).hasSize(8).doesNotHaveDuplicates();
      assertThat(
              client
                  .post("/shares/Retail/schemas/sales/tables/plain/queries/" + id, "{}")
                  .statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void whatCannotBeReadIsSaidWhenItIsPolledFor() throws Exception {
    try (SharingServer server =
        SharingServer.start(ServerTables.config().asyncQueryAfterMs(0).build())) {
      ServerClient client = new ServerClient(server);
      HttpResponse<String> submitted =
          submit(client, "sales.travel", "{\"idempotencyKey\":\"b\",\"version\":9}");
      String id = actions(submitted, "queryStatus").get(0).path("queryId").asText();
      HttpResponse<String> failed = answer(client, "sales.travel", id, "{}");
      assertThat(failed.statusCode()).isEqualTo(400);
      assertThat(ServerClient.message(failed)).contains("latest version is 3");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 60_000})
  void aQueryThatIsQuickOrNotToBePolledForIsAnsweredAtOnce(long afterMs) {
    try (SharingServer server =
        SharingServer.start(ServerTables.config().asyncQueryAfterMs(afterMs).build())) {
      ServerClient client = new ServerClient(server);
      HttpResponse<String> response = submit(client, "sales.plain", "{\"idempotencyKey\":\"a\"}");
      assertThat(actions(response, "file")).hasSize(4);
      HttpResponse<String> refused =
          submit(client, "sales.travel", "{\"idempotencyKey\":\"a\",\"version\":9}");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(ServerClient.message(refused)).contains("latest version is 3");
      HttpResponse<String> page =
          submit(client, "sales.plain", "{\"idempotencyKey\":\"c\",\"maxFiles\":1}");
      String token = actions(page, "endStreamAction").get(0).path("nextPageToken").asText();
      HttpResponse<String> next =
          submit(client, "sales.plain", "{\"maxFiles\":1,\"pageToken\":\"" + token + "\"}");
      assertThat(actions(next, "file")).hasSize(1);
      HttpResponse<String> keyless = submit(client, "sales.plain", "{}");
      assertThat(keyless.statusCode()).isEqualTo(400);
      assertThat(ServerClient.message(keyless)).contains("idempotencyKey");
    }
  }
}
