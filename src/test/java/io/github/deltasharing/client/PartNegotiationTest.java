/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import static io.github.deltasharing.client.ClientFixture.METADATA;
import static io.github.deltasharing.client.ClientFixture.PROTOCOL;
import static io.github.deltasharing.client.ClientFixture.TABLE;
import static io.github.deltasharing.client.ClientFixture.TABLE_PATH;
import static io.github.deltasharing.client.ClientFixture.client;
import static io.github.deltasharing.client.ClientFixture.file;
import static io.github.deltasharing.client.ClientFixture.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.client.ChangesRequest.Feed;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that refuse what requests have besides what they need. */
@Tag("unit")
class PartNegotiationTest {
  private static final List<ResponseFormat> BOTH =
      List.of(ResponseFormat.PARQUET, ResponseFormat.DELTA);

  /** What stands on the wire for each optional part. */
  private static final List<String> ON_THE_WIRE =
      List.of(
          "\"predicateHints\"",
          "\"jsonPredicateHints\"",
          "\"limitHint\"",
          "\"maxFiles\"",
          "\"includeRefreshToken\"",
          "asyncquery",
          "\"idempotencyKey\"",
          "\"idempotency_key\"",
          "includeendstreamaction",
          "readerfeatures",
          "fileidhash");

  private static final QueryRequest RICH =
      QueryRequest.latest(BOTH, List.of("deletionvectors"))
          .inPagesOf(10)
          .withFileIds(ResponseFormat.PARQUET)
          .with(new ScanHints(List.of("a = 1"), "{\"op\":\"and\"}", 5));

  private final StubServer server = new StubServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private static String wire(StubRequest request) {
    return request.headers() + "\n" + request.target() + "\n" + request.body();
  }

  /** Refuses requests that have some text in them. */
  private StubServer.Handler refusing(List<String> refused, StubAnswer refusal) {
    return request ->
        refused.stream().anyMatch(wire(request).toLowerCase(Locale.ROOT)::contains)
            ? refusal
            : request.target().contains("/changes")
                ? table(3, "", PROTOCOL, METADATA)
                : table(3, "", PROTOCOL, METADATA, file(1), file(2));
  }

  private void refuse(StubAnswer refusal, String... texts) {
    List<String> lower = Stream.of(texts).map(text -> text.toLowerCase(Locale.ROOT)).toList();
    server.on(TABLE_PATH + "/query", refusing(lower, refusal));
    server.on(TABLE_PATH + "/metadata", refusing(lower, refusal));
    server.on(TABLE_PATH + "/changes", refusing(lower, refusal));
  }

  private static StubAnswer badRequest() {
    return StubAnswer.error(400, "INVALID_PARAMETER_VALUE", "no");
  }

  private List<String> read() {
    return client(server, "useAsyncQuery", "true").query(TABLE, RICH).files().stream()
        .map(AddFile::id)
        .toList();
  }

  static Stream<List<String>> onesAndPairs() {
    List<List<String>> all = new ArrayList<>();
    for (int i = 0; i < ON_THE_WIRE.size(); i++) {
      all.add(List.of(ON_THE_WIRE.get(i)));
      for (int j = i + 1; j < ON_THE_WIRE.size(); j++) {
        all.add(List.of(ON_THE_WIRE.get(i), ON_THE_WIRE.get(j)));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("onesAndPairs")
  void whateverIsRefusedTheFilesAreTheSame(List<String> refused) {
    refuse(badRequest(), refused.toArray(String[]::new));
    assertThat(read()).containsExactly("1", "2");
    int first = server.requests().size();
    assertThat(first).isBetween(2, 3);
    assertThat(read()).containsExactly("1", "2");
    assertThat(server.requests()).as("remembered for this table").hasSize(first + 1);
  }

  @Test
  void whatTheRefusalNamesIsLeftOutAlone() {
    refuse(
        StubAnswer.error(400, "INVALID_PARAMETER_VALUE", "predicateHints are not for this table"),
        "\"predicateHints\"");
    read();
    server.forget();
    read();
    assertThat(server.requests()).hasSize(1);
    assertThat(wire(server.requests().get(0)))
        .doesNotContain("\"predicateHints\"")
        .contains("\"jsonPredicateHints\"", "\"includeRefreshToken\"", "\"maxFiles\"");
  }

  @Test
  void theReferenceServersOldReaderIsKnown() {
    refuse(
        StubAnswer.error(
            400, "UNSUPPORTED_OPERATION", "Delta protocol version (3,7) is too new for this one"),
        "\"maxFiles\"",
        "\"predicateHints\"");
    read();
    server.forget();
    read();
    assertThat(wire(server.requests().get(0)))
        .doesNotContain("\"predicateHints\"", "\"maxFiles\"")
        .contains("\"jsonPredicateHints\"", "\"includeRefreshToken\"");
  }

  @Test
  void aTableWithoutAnIdFailsAtTheRefreshToken() {
    refuse(StubAnswer.error(500, "INTERNAL_ERROR", ""), "\"includeRefreshToken\"");
    assertThat(read()).containsExactly("1", "2");
    // Not tried again as it was: that could not help.
    assertThat(server.requests()).hasSize(2);
    server.forget();
    assertThat(read()).containsExactly("1", "2");
    assertThat(server.requests()).hasSize(1);
    assertThat(wire(server.requests().get(0)))
        .doesNotContain("\"includeRefreshToken\"")
        .contains("\"predicateHints\"", "includeendstreamaction");
  }

  @Test
  void aFailureThatNoServerExplainsIsNotRemembered() {
    server.on(
        TABLE_PATH + "/query", StubAnswer.status(500), table(3, "", PROTOCOL, METADATA, file(1)));
    assertThat(read()).containsExactly("1");
    assertThat(wire(server.requests().get(1)))
        .doesNotContain("\"includeRefreshToken\"")
        .contains("\"predicateHints\"", "\"maxFiles\"", "includeendstreamaction");
    read();
    assertThat(wire(server.requests().get(2))).contains("\"includeRefreshToken\"");
  }

  @Test
  void whatTheRefusalNamesIsLeftOutAloneAtOnce() {
    refuse(
        StubAnswer.error(400, "INVALID_PARAMETER_VALUE", "maxFiles is not known here"),
        "\"maxFiles\"");
    read();
    assertThat(server.requests()).hasSize(2);
    assertThat(wire(server.requests().get(1)))
        .doesNotContain("\"maxFiles\"")
        .contains("\"predicateHints\"", "\"includeRefreshToken\"");
  }

  @Test
  void urlsAreRenewedWithWhatTheServerTook() {
    refuse(badRequest(), "\"jsonPredicateHints\"");
    QueryRequest request = RICH.with(new ScanHints(List.of(), "{}", null));
    QueryResult planned = client(server).query(TABLE, request);
    server.forget();
    // However long ago that was, and whatever was learnt of the table since.
    UnsupportedParts.shared().forget(new UnsupportedParts.Key(server.url("/api"), TABLE));
    client(server).query(TABLE, request.forUrls().withPartsOf(planned));
    assertThat(server.requests()).hasSize(1);
    assertThat(wire(server.requests().get(0))).contains("readerfeatures");
    assertThat(planned.parts()).doesNotContain(OptionalPart.JSON_HINTS);
  }

  @Test
  void aFailureThatPassesIsTriedAgainAsEver() {
    server.on(
        TABLE_PATH + "/query",
        StubAnswer.status(500),
        StubAnswer.status(500),
        StubAnswer.status(503),
        table(3, "", PROTOCOL, METADATA, file(1)));
    assertThat(read()).containsExactly("1");
  }

  @Test
  void theTokenThatPinsAVersionIsNoExtra() {
    refuse(badRequest(), "\"refreshToken\"");
    assertThatThrownBy(() -> client(server).query(TABLE, RICH.refreshing("t")))
        .isInstanceOf(SharingServerException.class);
    assertThat(server.requests())
        .singleElement()
        .matches(r -> r.body().contains("\"refreshToken\":\"t\""));
  }

  /** What is wrong with the table; a request without reader features never gets that far. */
  @Test
  void theErrorIsThatOfTheRequestWithAllThatIsNeeded() {
    server.on(
        TABLE_PATH + "/query",
        request ->
            StubAnswer.error(
                400,
                "INVALID_PARAMETER_VALUE",
                wire(request).toLowerCase(Locale.ROOT).contains("readerfeatures")
                    ? "it has equality deletes"
                    : "it uses columnMapping, which the client did not name"));
    assertThatThrownBy(() -> client(server).query(TABLE, RICH))
        .isInstanceOf(SharingServerException.class)
        .hasMessageContaining("equality deletes");
  }

  @Test
  void theVersionIsNoExtra() {
    refuse(badRequest(), "\"version\"");
    assertThatThrownBy(() -> client(server).query(TABLE, RICH.at(AsOf.ofVersion(7))))
        .isInstanceOf(SharingServerException.class)
        .hasMessageContaining("as of version 7");
    assertThat(server.requests()).allMatch(r -> r.body().contains("\"version\":7"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"includeHistorical", "includeendstreamaction", "maxFiles"})
  void changesAreAskedForWithoutToo(String refused) {
    refuse(badRequest(), refused);
    ChangesRequest request =
        new ChangesRequest(
            Feed.ROWS, AsOf.ofVersion(2), AsOf.ofVersion(3), BOTH, Set.of("deletionvectors"), 10);
    assertThat(client(server).changes(TABLE, request).files()).isEmpty();
    boolean history = refused.equals("includeHistorical");
    assertThat(server.requests())
        .hasSize(history ? 3 : 2)
        .last()
        .hasToString(
            "GET "
                + TABLE_PATH
                + "/changes?startingVersion=2&endingVersion=3"
                + (history
                    ? ""
                    : "&includeHistoricalMetadata=true&includeHistoricalProtocol=true"));
  }

  @Test
  void metadataIsAskedForWithoutToo() {
    refuse(badRequest(), "includeendstreamaction", "readerfeatures");
    SharingClient client = client(server);
    assertThat(client.metadata(TABLE, BOTH, List.of("deletionvectors")).version()).isEqualTo(3);
    server.forget();
    client.metadata(TABLE, BOTH, List.of("deletionvectors"));
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void isToldOnce() {
    refuse(badRequest(), "\"predicateHints\"");
    try (LogCapture log = LogCapture.of(PartNegotiation.class, Level.INFO)) {
      read();
      read();
      read();
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("INFO query for share.schema.table: the server refused");
    }
  }

  @Test
  void otherTablesAndServersAreAskedAsEver() {
    UnsupportedParts refused = new UnsupportedParts(System::nanoTime);
    UnsupportedParts.Key key = new UnsupportedParts.Key("https://a/", TABLE);
    refused.add(key, EnumSet.of(OptionalPart.PAGES));
    assertThat(refused.of(key)).containsExactly(OptionalPart.PAGES);
    assertThat(refused.of(new UnsupportedParts.Key("https://b/", TABLE))).isEmpty();
    assertThat(refused.of(new UnsupportedParts.Key("https://a/", new TableName("s", "s", "t"))))
        .isEmpty();
  }

  @Test
  void aServerThatChangesIsAskedAgain() {
    AtomicLong now = new AtomicLong();
    UnsupportedParts refused = new UnsupportedParts(now::get);
    UnsupportedParts.Key key = new UnsupportedParts.Key("https://a/", TABLE);
    refused.add(key, EnumSet.of(OptionalPart.PAGES));
    now.addAndGet(Duration.ofMinutes(11).toNanos());
    assertThat(refused.of(key)).isEmpty();
  }

  @Test
  void whatMemoryLeftOutIsSentAgainWhereTheTableNowWantsIt() {
    refuse(badRequest(), "readerfeatures");
    read();
    server.on(
        TABLE_PATH + "/query",
        request ->
            wire(request).contains("readerfeatures")
                ? table(3, "", PROTOCOL, METADATA, file(3))
                : StubAnswer.error(400, "UNSUPPORTED_OPERATION", "it has deletion vectors"));
    assertThat(read()).containsExactly("3");
    server.forget();
    assertThat(read()).containsExactly("3");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void refusalsOfLaterPagesAreFinal() {
    server.on(
        TABLE_PATH + "/query",
        table(
            3, "", PROTOCOL, METADATA, file(1), "{\"endStreamAction\":{\"nextPageToken\":\"p2\"}}"),
        badRequest());
    assertThatThrownBy(this::read).isInstanceOf(SharingServerException.class);
    assertThat(server.requests()).hasSize(2);
  }
}
