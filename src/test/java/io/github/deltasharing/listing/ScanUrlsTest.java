/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.Profile;
import io.github.deltasharing.client.QueryRequest;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.ScanHints;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.storage.url.RefreshedUrls;
import io.github.deltasharing.storage.url.UrlRefresher;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the driver asks a server for the sake of its executors' URLs, and what it tells them. */
@Timeout(60)
class ScanUrlsTest {
  private static final TableName TABLE = new TableName("share", "schema", "t");
  private static final String QUERY = "/api/shares/share/schemas/schema/tables/t/query";
  private static final ScanHints HINTS = new ScanHints(List.of("a = 1"), "{\"op\":\"x\"}", 7);
  private static final String HINTED =
      "\"predicateHints\":[\"a = 1\"],\"jsonPredicateHints\":\"{\\\"op\\\":\\\"x\\\"}\",\"limitHint\":7";
  private static final String ASKS = "\"includeRefreshToken\":true";

  private final AtomicLong now = new AtomicLong(1_000_000);
  private final StubServer server = new StubServer();

  @AfterEach
  void close() {
    server.close();
  }

  private static StubAnswer answer(long version, String token, String... files) {
    return answerOf("m", version, token, files);
  }

  private static StubAnswer answerOf(String id, long version, String token, String... files) {
    List<String> lines = new ArrayList<>();
    lines.add("{\"protocol\":{\"minReaderVersion\":1}}");
    lines.add(
        "{\"metaData\":{\"id\":\"%s\",\"format\":{\"provider\":\"parquet\"},\"schemaString\":\"{}\",\"partitionColumns\":[]}}"
            .formatted(id));
    lines.addAll(List.of(files));
    lines.add(
        token == null
            ? "{\"endStreamAction\":{}}"
            : "{\"endStreamAction\":{\"refreshToken\":\"" + token + "\"}}");
    return StubAnswer.ndjson(lines.toArray(new String[0]))
        .withHeader("Delta-Table-Version", "" + version);
  }

  private static String file(String id, String signature) {
    return file(id, signature, "");
  }

  private static String file(String id, String signature, String more) {
    return "{\"file\":{\"url\":\"https://store/%s?sig=%s\",\"id\":\"%s\",\"size\":1,\"partitionValues\":{}%s}}"
        .formatted(id, signature, id, more);
  }

  private static StubAnswer refusal() {
    return StubAnswer.error(400, "INVALID_PARAMETER_VALUE", "token expired");
  }

  private static QueryRequest latest() {
    return QueryRequest.latest(List.of(ResponseFormat.PARQUET), List.of()).with(HINTS);
  }

  private ScanUrls planned(QueryRequest request) {
    String profile =
        "{\"shareCredentialsVersion\":1,\"endpoint\":\"%s\",\"bearerToken\":\"%s\"}"
            .formatted(server.url("/api"), TestShare.CANARY);
    SharingClient client =
        SharingClient.open(
            () -> Profile.fromJson("p.share", profile),
            new SharingReadConf(
                Map.of("numRetries", "1", "retrySleepInterval", "1ms"), name -> null));
    QueryResult planned = client.query(TABLE, request);
    return new ScanUrls(
        new SnapshotRefresh(client, TABLE, request, planned),
        Duration.ofHours(1),
        DriverResources.refreshes(),
        now::get);
  }

  private static RefreshedUrls newer(ScanUrls urls, String file, long known) throws Exception {
    return urls.refresh(file, known, UrlRefresher.REFUSED).get(30, TimeUnit.SECONDS);
  }

  @Test
  void anExecutorWhoseClockIsAheadCausesNoListing() throws Exception {
    server.on(QUERY, answer(3, "t0", file("a", "0")), answer(3, "t1", file("a", "1")));
    ScanUrls urls = planned(latest());
    for (int i = 0; i < 100; i++) {
      assertThat(urls.refresh("a", 0, now.get() + 1).get(30, TimeUnit.SECONDS)).isNull();
    }
    assertThat(server.requests()).hasSize(1);
    assertThat(urls.refresh("a", 0, now.get()).get(30, TimeUnit.SECONDS).file())
        .isEqualTo(url("a", "1"));
  }

  @Test
  void urlsThatAreDueAsSoonAsTheyComeAreNotListedAgainAtOnce() throws Exception {
    server.on(QUERY, answer(3, "t0", file("a", "0")), answer(3, "t1", file("a", "1")));
    ScanUrls urls = planned(latest());
    assertThat(newer(urls, "a", 0).generation()).isEqualTo(1);
    assertThat(urls.refresh("a", 1, 0).get(30, TimeUnit.SECONDS)).isNull();
    assertThat(urls.refresh("a", 0, 0).get(30, TimeUnit.SECONDS).generation()).isEqualTo(1);
    assertThat(server.requests()).hasSize(2);
    now.addAndGet(1_000);
    assertThat(urls.refresh("a", 1, 0).get(30, TimeUnit.SECONDS).generation()).isEqualTo(2);
    assertThat(newer(urls, "a", 2).generation()).as("refused").isEqualTo(3);
  }

  private static SignedUrl url(String file, String signature) {
    return new SignedUrl("https://store/" + file + "?sig=" + signature);
  }

  private List<String> bodies() {
    return server.requests().stream().map(StubRequest::body).toList();
  }

  @Test
  void theNewestTokenIsSentWithTheSameHintsAndNoVersion() throws Exception {
    server.on(
        QUERY,
        answer(3, "t0", file("a", "0")),
        answer(3, "t1", file("a", "1")),
        answer(3, null, file("a", "2")),
        answer(3, null, file("a", "3")));
    ScanUrls urls = planned(latest());
    assertThat(newer(urls, "a", 0).file()).isEqualTo(url("a", "1"));
    assertThat(newer(urls, "a", 1).file()).isEqualTo(url("a", "2"));
    assertThat(newer(urls, "a", 2))
        .isEqualTo(new RefreshedUrls(url("a", "3"), null, 4_540_000, 3, true));
    assertThat(bodies())
        .containsExactly(
            "{" + HINTED + "," + ASKS + "}",
            "{" + HINTED + "," + ASKS + ",\"refreshToken\":\"t0\"}",
            "{" + HINTED + "," + ASKS + ",\"refreshToken\":\"t1\"}",
            "{" + HINTED + "," + ASKS + ",\"refreshToken\":\"t1\"}");
  }

  @Test
  void whoIsBehindGetsTheNewestWithoutARequest() throws Exception {
    server.on(
        QUERY,
        answer(3, "t0", file("a", "0"), file("b", "0")),
        answer(3, "t1", file("a", "1"), file("b", "1")));
    ScanUrls urls = planned(latest());
    assertThat(newer(urls, "a", 0).fresh()).isTrue();
    RefreshedUrls other = newer(urls, "b", 0);
    assertThat(other.file()).isEqualTo(url("b", "1"));
    assertThat(other.fresh()).isFalse();
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void whatIsAboutToExpireIsNotHandedOut() throws Exception {
    String brief = ",\"expirationTimestamp\":" + (now.get() + 1_000);
    server.on(
        QUERY,
        answer(3, "t0", file("a", "0")),
        answer(3, "t1", file("a", "1", brief)),
        answer(3, "t2", file("a", "2")));
    ScanUrls urls = planned(latest());
    assertThat(newer(urls, "a", 0).refreshAt()).isEqualTo(now.get() + 900);
    now.addAndGet(899);
    assertThat(newer(urls, "a", 0).generation()).isEqualTo(1);
    now.addAndGet(1);
    assertThat(newer(urls, "a", 0).generation()).isEqualTo(2);
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void renewedUrlsEndWhenTheAnswerSaysSoWhereTheirFilesDoNot() throws Exception {
    String own = ",\"expirationTimestamp\":" + (now.get() + 1_000);
    StubAnswer renewed = answer(3, "t1", file("b", "1", own), file("a", "1"));
    String end = "{\"minUrlExpirationTimestamp\":" + (now.get() + 500) + ",";
    server.on(
        QUERY,
        answer(3, "t0", file("a", "0"), file("b", "0")),
        renewed.withBody(
            new String(renewed.body(), StandardCharsets.UTF_8)
                .replace("{\"refreshToken", end + "\"refreshToken")));
    ScanUrls urls = planned(latest());
    assertThat(newer(urls, "a", 0).refreshAt()).isEqualTo(now.get() + 450);
    assertThat(newer(urls, "b", 0).refreshAt()).isEqualTo(now.get() + 900);
  }

  @Test
  void urlsThatDiedBeforeTheyWereGivenAreTriedNevertheless() {
    // Clocks differ: only a refusal can tell.
    UrlLifetime life = new UrlLifetime(5_000, Duration.ofHours(1), null);
    assertThat(life.refreshAt(5_000L)).isEqualTo(SharedFile.NEVER);
    assertThat(life.refreshAt(6_000L)).isEqualTo(5_900);
    assertThat(life.refreshAt(null)).isEqualTo(5_000 + 3_600_000 - 60_000);
  }

  @Test
  void manyThatAskAtOnceCauseOneRequest() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    StubAnswer first = answer(3, "t0", file("a", "0"), file("b", "0"));
    StubAnswer second = answer(3, "t1", file("a", "1"), file("b", "1"));
    server.on(
        QUERY,
        request -> {
          if (!request.body().contains("t0")) {
            return first;
          }
          try {
            go.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return second;
        });
    ScanUrls urls = planned(latest());
    List<CompletableFuture<RefreshedUrls>> asks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      asks.add(urls.refresh(i % 2 == 0 ? "a" : "b", 0, UrlRefresher.REFUSED));
    }
    assertThat(asks).noneMatch(CompletableFuture::isDone);
    go.countDown();
    for (CompletableFuture<RefreshedUrls> ask : asks) {
      assertThat(ask.get(30, TimeUnit.SECONDS).generation()).isEqualTo(1);
    }
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void aRefusedTokenIsReplacedByTheQuestionItself() throws Exception {
    server.on(QUERY, answer(3, "t0", file("a", "0")), refusal(), answer(3, "t1", file("a", "1")));
    assertThat(newer(planned(latest()), "a", 0).file()).isEqualTo(url("a", "1"));
    assertThat(bodies().subList(1, 3))
        .containsExactly(
            "{" + HINTED + "," + ASKS + ",\"refreshToken\":\"t0\"}",
            "{" + HINTED + "," + ASKS + "}");
  }

  @Test
  void aVersionIsAskedForAgainAndNoTokenWithIt() throws Exception {
    server.on(QUERY, answer(3, "t0", file("a", "0")), answer(3, "t1", file("a", "1")));
    QueryRequest request = latest().at(AsOf.ofVersion(3));
    assertThat(newer(planned(request), "a", 0).file()).isEqualTo(url("a", "1"));
    String body = "{\"version\":3," + HINTED + "}";
    assertThat(bodies()).containsExactly(body, body);
  }

  @Test
  void aTableThatMovedOnIsAskedForByItsVersion() throws Exception {
    server.on(
        QUERY,
        answer(3, null, file("a", "0")),
        answer(4, null, file("a", "1")),
        answer(3, null, file("a", "2")));
    assertThat(newer(planned(latest()), "a", 0).file()).isEqualTo(url("a", "2"));
    assertThat(bodies()).last().isEqualTo("{\"version\":3," + HINTED + "}");
  }

  @Test
  void aTableThatMovedOnWithoutHistoryIsAnError() {
    server.on(
        QUERY,
        answer(3, "t0", file("a", "0")),
        refusal(),
        answer(4, null, file("a", "1")),
        refusal());
    ScanUrls urls = planned(latest());
    assertThatThrownBy(() -> newer(urls, "a", 0))
        .cause()
        .isInstanceOf(SharingException.class)
        .hasMessage(
            "Refreshing the signed URLs of share.schema.t failed: the table went from version 3 to 4, and the server"
                + " gives no URLs of version 3 any more. Run the query again.");
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void aFileThatIsNoLongerListedIsNamed() {
    server.on(QUERY, answer(3, "t0", file("a", "0")), answer(3, "t1", file("b", "1")));
    ScanUrls urls = planned(latest());
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> newer(urls, "a", 0))
          .cause()
          .hasMessage(
              "Refreshing the signed URLs of share.schema.t version 3 failed: the server does not list file a any more. Run"
                  + " the query again.");
    }
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void noUrlIsGivenByAnIdThatSeveralFilesHave() throws Exception {
    server.on(QUERY, answer(3, "t0", file("a", "0"), file("b", "0"), file("a", "1")));
    ScanUrls urls = planned(latest());
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> newer(urls, "a", 0))
          .cause()
          .hasMessageContaining("share.schema.t version 3")
          .hasMessageContaining("several files the id 'a'");
    }
    assertThat(newer(urls, "b", 0).file()).isEqualTo(url("b", "0"));
  }

  @Test
  void anotherTableOfTheNameIsRefused() {
    server.on(
        QUERY, answerOf("m", 3, "t0", file("a", "0")), answerOf("other", 3, "t1", file("a", "1")));
    ScanUrls urls = planned(latest());
    assertThatThrownBy(() -> newer(urls, "a", 0))
        .cause()
        .hasMessageContaining("another table took its place");
  }

  @Test
  void anotherFormatIsRefused() {
    StubAnswer delta =
        answer(3, "t1", file("a", "1"))
            .withHeader("Delta-Sharing-Capabilities", "responseformat=delta");
    server.on(QUERY, answer(3, "t0", file("a", "0")), delta);
    QueryRequest both =
        QueryRequest.latest(List.of(ResponseFormat.PARQUET, ResponseFormat.DELTA), List.of());
    ScanUrls urls = planned(both);
    assertThatThrownBy(() -> newer(urls, "a", 0)).cause().hasMessageContaining("format");
  }

  @Test
  void pagesAreAskedForAsBefore() throws Exception {
    server.on(
        QUERY,
        request -> {
          String signature = request.body().contains("t0") ? "1" : "0";
          boolean second = request.body().contains("\"pageToken\":\"p");
          StubAnswer page = answer(3, null, file(second ? "b" : "a", signature));
          String end =
              second
                  ? "{\"endStreamAction\":{}}"
                  : "{\"endStreamAction\":{\"refreshToken\":\"t0\",\"nextPageToken\":\"p"
                      + signature
                      + "\"}}";
          String body = new String(page.body(), StandardCharsets.UTF_8);
          return page.withBody(body.replace("{\"endStreamAction\":{}}", end));
        });
    ScanUrls urls = planned(latest().inPagesOf(1));
    assertThat(newer(urls, "b", 0).generation()).isEqualTo(1);
    String paged = "{\"maxFiles\":1," + HINTED;
    assertThat(bodies())
        .containsExactly(
            paged + "," + ASKS + "}",
            paged + ",\"pageToken\":\"p0\"}",
            paged + "," + ASKS + ",\"refreshToken\":\"t0\"}",
            paged + ",\"pageToken\":\"p1\"}");
  }

  @Test
  void aFailureIsToldAndTheNextAskTriesAgain() throws Exception {
    server.on(
        QUERY,
        answer(3, "t0", file("a", "0")),
        StubAnswer.status(503),
        StubAnswer.status(503),
        answer(3, "t1", file("a", "1")));
    ScanUrls urls = planned(latest());
    UrlRefreshEndpoint endpoint = new UrlRefreshEndpoint(null);
    endpoint.register(urls);
    UrlRefreshRequest request = new UrlRefreshRequest(urls.id(), "a", 0, UrlRefresher.REFUSED);
    assertThat(endpoint.respond(request).get(30, TimeUnit.SECONDS).toString())
        .contains("HTTP 503")
        .doesNotContain("sig=");
    assertThat(endpoint.respond(request).get(30, TimeUnit.SECONDS))
        .hasToString("UrlRefreshResponse[RefreshedUrls[generation=1]]");
  }

  @Test
  void oneLineOfLogARenewalAndNoSecretInIt() throws Exception {
    server.on(QUERY, answer(3, "t0", file("a", "0")), answer(3, "t1", file("a", "1")));
    ScanUrls urls = planned(latest());
    try (LogCapture log = LogCapture.ofProject(Level.DEBUG)) {
      newer(urls, "a", 0);
      assertThat(log.lines())
          .contains("INFO share.schema.t version 3: URLs of 1 files refreshed in 0 ms")
          .noneMatch(line -> line.contains("sig=") || line.contains(TestShare.CANARY))
          .noneMatch(line -> line.contains("t0") || line.contains("\"t1\""));
    }
    assertThat(urls).hasToString("ScanUrls[share.schema.t version 3]");
  }

  @Test
  void aScanThatNobodyHoldsIsForgotten() throws Exception {
    server.on(QUERY, answer(3, "t0", file("a", "0")), answer(3, "t1", file("a", "1")));
    UrlRefreshEndpoint endpoint = new UrlRefreshEndpoint(null);
    ScanUrls urls = planned(latest());
    UrlRefreshRequest request = new UrlRefreshRequest(urls.id(), "a", 0, UrlRefresher.REFUSED);
    endpoint.register(urls);
    assertThat(endpoint.respond(request).get(30, TimeUnit.SECONDS).toString())
        .contains("generation=1");
    urls = null;
    String reply = "";
    for (int i = 0; i < 100 && !reply.contains("not known to the driver"); i++) {
      System.gc();
      Thread.sleep(20);
      reply = endpoint.respond(request).get(30, TimeUnit.SECONDS).toString();
    }
    assertThat(reply).contains("its query is not known to the driver any more");
    endpoint.register(planned(latest()));
    assertThat(endpoint.scans()).isLessThanOrEqualTo(1);
  }
}
