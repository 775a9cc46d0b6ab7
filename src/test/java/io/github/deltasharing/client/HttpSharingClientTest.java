/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import static io.github.deltasharing.client.ClientFixture.DELTA_METADATA;
import static io.github.deltasharing.client.ClientFixture.DELTA_PROTOCOL;
import static io.github.deltasharing.client.ClientFixture.END;
import static io.github.deltasharing.client.ClientFixture.METADATA;
import static io.github.deltasharing.client.ClientFixture.PROTOCOL;
import static io.github.deltasharing.client.ClientFixture.TABLE;
import static io.github.deltasharing.client.ClientFixture.TABLE_PATH;
import static io.github.deltasharing.client.ClientFixture.TOKEN;
import static io.github.deltasharing.client.ClientFixture.client;
import static io.github.deltasharing.client.ClientFixture.deltaFile;
import static io.github.deltasharing.client.ClientFixture.file;
import static io.github.deltasharing.client.ClientFixture.table;
import static io.github.deltasharing.client.ClientFixture.targets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class HttpSharingClientTest {
  private static final List<ResponseFormat> BOTH =
      List.of(ResponseFormat.PARQUET, ResponseFormat.DELTA);
  private static final List<ResponseFormat> PARQUET = List.of(ResponseFormat.PARQUET);
  private static final Set<String> FEATURES = Set.of("timestampntz");

  private final StubServer server = new StubServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void listsPageAfterPage() {
    server.on(
        "/api/shares",
        StubAnswer.json(
            "{\"items\":[{\"name\":\"a\",\"id\":\"1\"}],\"nextPageToken\":\"x/y+z&=\"}"),
        StubAnswer.json("{\"nextPageToken\":\"second\"}"),
        StubAnswer.json(
            "{\"items\":[{\"name\":\"b\",\"id\":null,\"new\":1}],\"nextPageToken\":null}"));
    assertThat(client(server).listShares())
        .containsExactly(new Share("a", "1"), new Share("b", ""));
    assertThat(targets(server))
        .containsExactly(
            "GET /api/shares",
            "GET /api/shares?pageToken=x%2Fy%2Bz%26%3D",
            "GET /api/shares?pageToken=second");
  }

  @Test
  void aPageThatNamesItselfAsTheNextIsRefused() {
    server.on("/api/shares", StubAnswer.json("{\"items\":[],\"nextPageToken\":\"x\"}"));
    assertThatThrownBy(() -> client(server).listShares())
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("a page names itself as the next one");
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void asksEveryListingUnderItsOwnPath() {
    server
        .on("/api/shares/s", StubAnswer.json("{\"share\":{\"name\":\"s\",\"id\":\"7\"}}"))
        .on(
            "/api/shares/s/schemas",
            StubAnswer.json("{\"items\":[{\"name\":\"d\",\"share\":\"s\"}]}"))
        .on(
            "/api/shares/s/schemas/d/tables",
            StubAnswer.json(
                "{\"items\":[{\"name\":\"t\",\"schema\":\"d\",\"share\":\"s\",\"shareId\":\"7\",\"id\":\"9\"}]}"))
        .on(
            "/api/shares/s/all-tables",
            StubAnswer.json("{\"items\":[{\"name\":\"t\",\"schema\":\"e\",\"share\":\"s\"}]}"));
    SharingClient client = client(server);
    assertThat(client.share("s")).isEqualTo(new Share("s", "7"));
    assertThat(client.listSchemas("s")).containsExactly(new Schema("d", "s"));
    assertThat(client.listTables("s", "d")).containsExactly(new Table("t", "d", "s", "9"));
    assertThat(client.listAllTables("s")).containsExactly(new Table("t", "e", "s", ""));
    assertThat(targets(server))
        .containsExactly(
            "GET /api/shares/s",
            "GET /api/shares/s/schemas",
            "GET /api/shares/s/schemas/d/tables",
            "GET /api/shares/s/all-tables");
    assertThat(client.listAllTables("s").get(0).fullName()).hasToString("s.e.t");
  }

  @ParameterizedTest
  @CsvSource({
    "acme.eu, acme.eu",
    "a b, a%20b",
    "a/b, a%2Fb",
    "a+b?c#d%e, a%2Bb%3Fc%23d%25e",
    "Größe 表, Gr%C3%B6%C3%9Fe%20%E8%A1%A8"
  })
  void namesAreEncodedAsOnePathSegmentEach(String name, String segment) {
    server.onAnything(r -> StubAnswer.empty().withHeader("Delta-Table-Version", "1"));
    client(server).version(new TableName(name, name, name));
    assertThat(targets(server))
        .containsExactly(
            "GET /api/shares/"
                + segment
                + "/schemas/"
                + segment
                + "/tables/"
                + segment
                + "/version");
  }

  @Test
  void everyRequestIsSignedAndNamesItsClient() {
    server.on("/api/shares", StubAnswer.json("{}"));
    client(server, "callerOrg", "Acme\tInc ü").listShares();
    StubRequest request = server.requests().get(0);
    assertThat(request.header("Authorization")).isEqualTo("Bearer " + TOKEN);
    assertThat(request.header("User-Agent"))
        .startsWith("Delta-Sharing-Spark-Connector/")
        .endsWith(" Acme_Inc_");
    assertThat(request.header("Accept-Encoding")).isEqualTo("gzip");
    assertThat(request.header("Delta-Sharing-Capabilities")).isNull();
    assertThat(request.body()).isEmpty();
  }

  @Test
  void streamsAreKnownAsSuchAndEachRequestHasItsId() {
    server.on("/api/shares", StubAnswer.status(503), StubAnswer.json("{}"));
    client(server).forStreaming().listShares();
    client(server).listShares();
    List<String> agents =
        server.requests().stream().map(request -> request.header("User-Agent")).toList();
    assertThat(agents)
        .allMatch(agent -> agent.matches(".* QueryId-[0-9a-f]{8}"))
        .element(0)
        .asString()
        .startsWith("Delta-Sharing-SparkStructuredStreaming/");
    assertThat(agents.get(1)).as("the retry").isEqualTo(agents.get(0));
    assertThat(agents.get(2)).doesNotContain("Streaming").isNotEqualTo(agents.get(0));
  }

  @Test
  void aVersionIsReadFromItsHeader() {
    server.on(TABLE_PATH + "/version", StubAnswer.empty().withHeader("delta-table-version", "123"));
    assertThat(client(server).version(TABLE)).isEqualTo(123);
    assertThat(client(server).version(TABLE, "2026-01-31T00:00:00+01:00")).isEqualTo(123);
    assertThat(targets(server))
        .containsExactly(
            "GET " + TABLE_PATH + "/version",
            "GET " + TABLE_PATH + "/version?startingTimestamp=2026-01-31T00%3A00%3A00%2B01%3A00");
  }

  @Test
  void aVersionWithoutItsHeaderIsRefusedAtOnce() {
    server.on(TABLE_PATH + "/version", StubAnswer.empty());
    assertThatThrownBy(() -> client(server).version(TABLE))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("Version of share.schema.table failed")
        .hasMessageContaining("no Delta-Table-Version header");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void metadataIsAskedForInBothDialectsAndReadInTheOneAnswered() {
    server.on(
        TABLE_PATH + "/metadata",
        table(12, "responseformat=parquet", PROTOCOL, METADATA),
        table(
            13,
            "responseformat=delta;includeendstreamaction=true",
            DELTA_PROTOCOL,
            DELTA_METADATA,
            END));
    TableMetadata parquet = client(server).metadata(TABLE, BOTH, FEATURES);
    assertThat(parquet.version()).isEqualTo(12);
    assertThat(parquet.format()).isEqualTo(ResponseFormat.PARQUET);
    assertThat(parquet.protocol()).isEqualTo(new Protocol(1, 0, Set.of()));
    TableMetadata delta = client(server).metadata(TABLE, BOTH, FEATURES);
    assertThat(delta.version()).isEqualTo(13);
    assertThat(delta.format()).isEqualTo(ResponseFormat.DELTA);
    assertThat(delta.protocol()).isEqualTo(new Protocol(3, 7, Set.of("timestampNtz")));
    assertThat(targets(server)).containsOnly("GET " + TABLE_PATH + "/metadata");
    assertThat(server.requests())
        .extracting(r -> r.header("Delta-Sharing-Capabilities"))
        .containsOnly(
            "responseformat=parquet,delta;readerfeatures=timestampntz;includeendstreamaction=true");
  }

  @Test
  void aVersionMissingInTheHeaderIsTakenFromTheMetadata() {
    server.on(
        TABLE_PATH + "/metadata",
        StubAnswer.ndjson(DELTA_PROTOCOL, DELTA_METADATA)
            .withHeader("Delta-Sharing-Capabilities", "responseformat=delta"),
        StubAnswer.ndjson(PROTOCOL, METADATA));
    assertThat(client(server).metadata(TABLE, BOTH, FEATURES).version()).isEqualTo(4);
    assertThat(client(server).metadata(TABLE, BOTH, FEATURES).version()).isEqualTo(-1);
  }

  @Test
  void aQueryIsPostedAndItsRefreshTokenKept() {
    server.on(
        TABLE_PATH + "/query",
        table(
            3,
            "responseformat=parquet;includeendstreamaction=true",
            PROTOCOL,
            METADATA,
            file(1),
            file(2),
            "{\"endStreamAction\":{\"refreshToken\":\"r\"}}"));
    QueryResult result = client(server).query(TABLE, QueryRequest.latest(PARQUET, FEATURES));
    assertThat(result.files()).extracting(AddFile::id).containsExactly("1", "2");
    assertThat(result.refreshToken()).isEqualTo("r");
    assertThat(result.pages()).isEqualTo(1);
    assertThat(result.table().version()).isEqualTo(3);
    assertThat(result.toString()).isEqualTo("QueryResult[version=3, files=2, pages=1]");
    StubRequest request = server.requests().get(0);
    assertThat(request).hasToString("POST " + TABLE_PATH + "/query");
    assertThat(request.body()).isEqualTo("{\"includeRefreshToken\":true}");
    assertThat(request.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(request.header("Delta-Sharing-Capabilities"))
        .isEqualTo("responseformat=parquet;includeendstreamaction=true");
  }

  @Test
  void aDeltaQueryIsReadIntoTheSameFiles() {
    server.on(
        TABLE_PATH + "/query",
        table(3, "responseformat=delta", DELTA_PROTOCOL, DELTA_METADATA, deltaFile(1)));
    QueryResult result = client(server).query(TABLE, QueryRequest.latest(BOTH, FEATURES));
    assertThat(result.table().format()).isEqualTo(ResponseFormat.DELTA);
    assertThat(result.files())
        .extracting(AddFile::url)
        .containsExactly("https://store/1?sig=canary");
    assertThat(result.refreshToken()).isNull();
  }

  @Test
  void pagesAreFollowedAndTheFirstRefreshTokenSurvives() {
    server.on(
        TABLE_PATH + "/query",
        table(
            3,
            "",
            PROTOCOL,
            METADATA,
            file(1),
            "{\"endStreamAction\":{\"refreshToken\":\"r\",\"nextPageToken\":\"p2\"}}"),
        table(3, "", PROTOCOL, METADATA, "{\"endStreamAction\":{\"nextPageToken\":\"p3\"}}"),
        table(3, "", PROTOCOL, METADATA, file(2), END));
    QueryResult result =
        client(server).query(TABLE, QueryRequest.latest(PARQUET, FEATURES).inPagesOf(10));
    assertThat(result.files()).extracting(AddFile::id).containsExactly("1", "2");
    assertThat(result.refreshToken()).isEqualTo("r");
    assertThat(result.pages()).isEqualTo(3);
    assertThat(server.requests())
        .extracting(StubRequest::body)
        .containsExactly(
            "{\"maxFiles\":10,\"includeRefreshToken\":true}",
            "{\"maxFiles\":10,\"pageToken\":\"p2\"}",
            "{\"maxFiles\":10,\"pageToken\":\"p3\"}");
  }

  @Test
  void aVersionIsAskedForByNumberOrByTime() {
    server.on(TABLE_PATH + "/metadata", table(0, "", PROTOCOL, METADATA));
    Instant time = Instant.parse("2024-01-31T12:34:56.123456Z");
    client(server).metadata(TABLE, AsOf.ofVersion(0), PARQUET, FEATURES);
    client(server).metadata(TABLE, AsOf.ofTimestamp(time), PARQUET, FEATURES);
    client(server).metadata(TABLE, AsOf.latest(), PARQUET, FEATURES);
    assertThat(targets(server))
        .containsExactly(
            "GET " + TABLE_PATH + "/metadata?version=0",
            "GET " + TABLE_PATH + "/metadata?timestamp=2024-01-31T12%3A34%3A56.123456Z",
            "GET " + TABLE_PATH + "/metadata");
  }

  @Test
  void everyPageOfAQueryAsksForTheSameVersion() {
    String more = "{\"endStreamAction\":{\"nextPageToken\":\"p2\"}}";
    server.on(
        TABLE_PATH + "/query",
        table(3, "", PROTOCOL, METADATA, file(1), more),
        table(3, "", PROTOCOL, METADATA, file(2), END));
    QueryRequest latest = QueryRequest.latest(PARQUET, FEATURES);
    client(server).query(TABLE, latest.at(AsOf.ofVersion(3)).inPagesOf(1));
    client(server).query(TABLE, latest.at(AsOf.ofTimestamp(Instant.EPOCH)));
    assertThat(server.requests())
        .extracting(StubRequest::body)
        .containsExactly(
            "{\"version\":3,\"maxFiles\":1}",
            "{\"version\":3,\"maxFiles\":1,\"pageToken\":\"p2\"}",
            "{\"timestamp\":\"1970-01-01T00:00:00Z\"}");
  }

  @Test
  void anAnswerOfAnotherVersionThanAskedForIsRefused() {
    server
        .on(TABLE_PATH + "/metadata", table(7, "", PROTOCOL, METADATA))
        .on(TABLE_PATH + "/query", table(7, "", PROTOCOL, METADATA));
    QueryRequest request = QueryRequest.latest(PARQUET, FEATURES).at(AsOf.ofVersion(2));
    assertThatThrownBy(() -> client(server).query(TABLE, request))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("Query for share.schema.table as of version 2 failed")
        .hasMessageContaining("responded with version 7, not with version 2");
    assertThatThrownBy(() -> client(server).metadata(TABLE, AsOf.ofVersion(2), PARQUET, FEATURES))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("Metadata of share.schema.table as of version 2 failed");
  }

  @Test
  void aVersionIsNotNegativeAndHasNoTimestampWithIt() {
    assertThatThrownBy(() -> AsOf.ofVersion(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new AsOf(1L, Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(AsOf.latest().isLatest()).isTrue();
    assertThat(AsOf.ofVersion(0).isLatest()).isFalse();
    assertThat(AsOf.ofTimestamp(Instant.EPOCH).isLatest()).isFalse();
  }

  @Test
  void aRefusedVersionIsExplainedAndARefusedQueryOfTheLatestIsNot() {
    server.on(TABLE_PATH + "/metadata", StubAnswer.error(400, "X", "no history here"));
    assertThatThrownBy(() -> client(server).metadata(TABLE, AsOf.ofVersion(2), PARQUET, FEATURES))
        .hasMessageContaining("(no history here)")
        .hasMessageEndingWith("or ask the provider to share the table's history.");
    assertThatThrownBy(() -> client(server).metadata(TABLE, PARQUET, FEATURES))
        .hasMessageContaining("(no history here)")
        .hasMessageNotContaining("history.");
  }

  @Test
  void pagesOfTwoVersionsMakeNoSnapshot() {
    server.on(
        TABLE_PATH + "/query",
        table(3, "", PROTOCOL, METADATA, "{\"endStreamAction\":{\"nextPageToken\":\"p2\"}}"),
        table(4, "", PROTOCOL, METADATA, END));
    assertThatThrownBy(() -> client(server).query(TABLE, QueryRequest.latest(PARQUET, FEATURES)))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("its pages belong to versions 3 and 4");
  }

  @Test
  void aPromisedEndStreamActionThatIsMissingIsAskedForAgainAndThenAnError() {
    server.on(
        TABLE_PATH + "/query",
        table(3, "includeendstreamaction=true", PROTOCOL, METADATA, file(1)));
    assertThatThrownBy(
            () ->
                client(server, "numRetries", "2")
                    .query(TABLE, QueryRequest.latest(PARQUET, FEATURES)))
        .isInstanceOf(TransientSharingException.class)
        .hasMessageContaining("Query for share.schema.table failed")
        .hasMessageContaining("the promised EndStreamAction is missing");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void aCutAnswerDoesNotLeaveItsFilesInTheNextOne() {
    server.on(
        TABLE_PATH + "/query",
        table(3, "includeendstreamaction=true", PROTOCOL, METADATA, file(1)),
        table(3, "includeendstreamaction=true", PROTOCOL, METADATA, file(1), file(2), END)
            .cutAfter(320),
        table(3, "includeendstreamaction=true", PROTOCOL, METADATA, file(1), file(2), END));
    QueryResult result = client(server).query(TABLE, QueryRequest.latest(PARQUET, FEATURES));
    assertThat(result.files()).extracting(AddFile::id).containsExactly("1", "2");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void anEndStreamActionThatWasNotPromisedMayBeMissing() {
    server.on(
        TABLE_PATH + "/query",
        table(3, "includeendstreamaction=false", PROTOCOL, METADATA, file(1)));
    assertThat(client(server).query(TABLE, QueryRequest.latest(PARQUET, FEATURES)).files())
        .hasSize(1);
  }

  @Test
  void anErrorMessageAtTheEndFailsTheQueryWithoutTheToken() {
    server.on(
        TABLE_PATH + "/query",
        table(
            3,
            "",
            PROTOCOL,
            METADATA,
            file(1),
            "{\"endStreamAction\":{\"errorMessage\":\"disk\\n of " + TOKEN + " full\"}}"));
    assertThatThrownBy(() -> client(server).query(TABLE, QueryRequest.latest(PARQUET, FEATURES)))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("ended its response with an error: disk of *** full.")
        .hasMessageNotContaining(TOKEN);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aFailureInTheMidstIsTriedAgainWhereItsStatusSaysSo() {
    String busy = "{\"endStreamAction\":{\"errorMessage\":\"busy\",\"httpStatusErrorCode\":503}}";
    String gone = "{\"endStreamAction\":{\"errorMessage\":\"gone\",\"httpStatusErrorCode\":404}}";
    server.on(
        TABLE_PATH + "/query",
        table(3, "", PROTOCOL, METADATA, busy),
        table(3, "", PROTOCOL, METADATA, file(1), END),
        table(3, "", PROTOCOL, METADATA, gone));
    QueryRequest request = QueryRequest.latest(PARQUET, FEATURES);
    assertThat(client(server).query(TABLE, request).files()).hasSize(1);
    assertThat(server.requests()).hasSize(2);
    assertThatThrownBy(() -> client(server).query(TABLE, request))
        .isInstanceOfSatisfying(
            SharingServerException.class, e -> assertThat(e.status()).isEqualTo(404))
        .hasMessageContaining("ended its response with an error: HTTP 404, gone.");
    assertThat(server.requests()).hasSize(3);
  }

  /** As servers do for clients that they take for ones that look for no such line. */
  @Test
  void whatAServerSaysBeforeItBreaksOffIsReported() {
    String gone = "{\"endStreamAction\":{\"errorMessage\":\"gone\",\"httpStatusErrorCode\":404}}";
    StubAnswer whole = table(3, "", PROTOCOL, METADATA, gone);
    StubAnswer cut =
        whole
            .withBody(new String(whole.body(), StandardCharsets.UTF_8) + "never sent\n")
            .cutAfter(whole.body().length);
    server.on(TABLE_PATH + "/query", cut);
    assertThatThrownBy(() -> client(server).query(TABLE, QueryRequest.latest(PARQUET, FEATURES)))
        .isInstanceOfSatisfying(
            SharingServerException.class, e -> assertThat(e.status()).isEqualTo(404))
        .hasMessageContaining("ended its response with an error: HTTP 404, gone.");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void idsOfAnotherSchemeThanAskedForAreRefused() {
    StubAnswer answer = table(3, "", PROTOCOL, METADATA, file(1), END);
    server.on(
        TABLE_PATH + "/query",
        answer,
        answer.withHeader("fileidhash", "Parquet"),
        answer.withHeader("fileidhash", "delta"));
    QueryRequest request =
        QueryRequest.latest(PARQUET, FEATURES).withFileIds(ResponseFormat.PARQUET);
    for (int i = 0; i < 2; i++) {
      assertThat(client(server).query(TABLE, request).files()).hasSize(1);
    }
    assertThatThrownBy(() -> client(server).query(TABLE, request))
        .hasMessageContaining("its files' ids are of the scheme 'delta' where 'parquet' was");
    assertThat(server.requests()).extracting(r -> r.header("fileidhash")).containsOnly("parquet");
  }

  @Test
  void deltaAnsweredWhereParquetWasAskedForIsAnError() {
    server
        .on(
            TABLE_PATH + "/metadata",
            table(3, "responseformat=delta", DELTA_PROTOCOL, DELTA_METADATA))
        .on(
            TABLE_PATH + "/query",
            table(3, "responseformat=delta", DELTA_PROTOCOL, DELTA_METADATA));
    assertThatThrownBy(() -> client(server).metadata(TABLE, PARQUET, FEATURES))
        .hasMessageContaining("it is in delta format where parquet was requested");
    assertThatThrownBy(() -> client(server).query(TABLE, QueryRequest.latest(PARQUET, FEATURES)))
        .hasMessageContaining("it is in delta format where parquet was requested");
  }

  @Test
  void parquetAnsweredWhereDeltaWasAskedForIsALegacyServer() {
    server.on(TABLE_PATH + "/metadata", StubAnswer.ndjson(PROTOCOL, METADATA));
    assertThat(client(server).metadata(TABLE, List.of(ResponseFormat.DELTA), FEATURES).format())
        .isEqualTo(ResponseFormat.PARQUET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"metaData\":{\"id\":\"m\",\"schemaString\":\"{}\"}} | no 'protocol' line",
        "{\"protocol\":{\"minReaderVersion\":1}} | no 'metaData' line",
        "<html>canary</html> | looks like HTML",
        "`` | the response is empty"
      })
  void anAnswerThatIsNoTableSaysWhy(String line, String reason) {
    server.on(TABLE_PATH + "/metadata", StubAnswer.ndjson(line));
    assertThatThrownBy(() -> client(server).metadata(TABLE, BOTH, FEATURES))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("Metadata of share.schema.table failed")
        .hasMessageContaining(server.authority())
        .hasMessageContaining(reason)
        .hasMessageNotContaining("canary");
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | the response is empty",
        "<html>canary</html> | looks like HTML",
        "[1] | not a JSON object",
        "{\"items\":[{\"name\":\"canary | the response ends in the middle of its JSON",
        "{\"items\":[{\"id\":\"1\"}]} | it lists an item without a 'name'"
      })
  void aListingThatIsNoneSaysWhy(String body, String reason) {
    server.on("/api/shares", StubAnswer.json(body));
    assertThatThrownBy(() -> client(server).listShares())
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("Listing shares failed")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("canary");
  }

  @Test
  void gzippedAnswersAreRead() {
    server
        .on("/api/shares", StubAnswer.json("{\"items\":[{\"name\":\"a\"}]}").gzipped())
        .on(
            TABLE_PATH + "/query",
            table(3, "includeendstreamaction=true", PROTOCOL, METADATA, file(1), END).gzipped());
    assertThat(client(server).listShares()).containsExactly(new Share("a", ""));
    assertThat(client(server).query(TABLE, QueryRequest.latest(PARQUET, FEATURES)).files())
        .hasSize(1);
  }

  @Test
  void connectionsAreKeptBetweenCalls() {
    server
        .on("/api/shares", StubAnswer.json("{\"items\":[]}"))
        .on(TABLE_PATH + "/metadata", table(1, "", PROTOCOL, METADATA));
    SharingClient client = client(server);
    for (int i = 0; i < 3; i++) {
      client.listShares();
      client.metadata(TABLE, BOTH, FEATURES);
    }
    assertThat(server.requests()).extracting(StubRequest::remotePort).hasSize(6);
    assertThat(Set.copyOf(server.requests().stream().map(StubRequest::remotePort).toList()))
        .hasSize(1);
  }
}
