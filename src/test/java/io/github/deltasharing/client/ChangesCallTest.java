/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import static io.github.deltasharing.client.ClientFixture.DELTA_METADATA;
import static io.github.deltasharing.client.ClientFixture.DELTA_PROTOCOL;
import static io.github.deltasharing.client.ClientFixture.METADATA;
import static io.github.deltasharing.client.ClientFixture.PROTOCOL;
import static io.github.deltasharing.client.ClientFixture.TABLE;
import static io.github.deltasharing.client.ClientFixture.TABLE_PATH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.client.ChangesRequest.Feed;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.protocol.ChangeFile.Kind;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is asked for a range of commits, and what is made of the answers. */
@Tag("unit")
class ChangesCallTest {
  private static final List<ResponseFormat> BOTH =
      List.of(ResponseFormat.PARQUET, ResponseFormat.DELTA);
  private static final Instant NOON = Instant.parse("2024-01-31T12:00:00Z");

  private final StubServer server = new StubServer();

  @AfterEach
  void close() {
    server.close();
  }

  private static ChangesRequest rows(AsOf start, AsOf end, Integer maxFiles) {
    return new ChangesRequest(Feed.ROWS, start, end, BOTH, Set.of("deletionvectors"), maxFiles);
  }

  private ChangesResult ask(ChangesRequest request) {
    return ClientFixture.client(server).changes(TABLE, request);
  }

  private static String change(String kind, String id, String more) {
    return ("{\"%s\":{\"url\":\"https://store/%s?sig=canary\",\"id\":\"%s\",\"size\":1,\"partitionValues\":{}%s}}")
        .formatted(kind, id, id, more);
  }

  private static String at(long version) {
    return ",\"version\":" + version + ",\"timestamp\":1700000000000";
  }

  private StubServer answering(String... lines) {
    String[] all = new String[lines.length + 2];
    all[0] = PROTOCOL;
    all[1] = METADATA;
    System.arraycopy(lines, 0, all, 2, lines.length);
    return server.onAnything(request -> ClientFixture.table(2, "responseformat=parquet", all));
  }

  @Test
  void aRangeOfVersionsIsAskedForWithItsHistory() {
    answering();
    assertThat(ask(rows(AsOf.ofVersion(2), AsOf.ofVersion(5), null)).files()).isEmpty();
    assertThat(ClientFixture.targets(server))
        .containsExactly(
            "GET "
                + TABLE_PATH
                + "/changes?startingVersion=2&endingVersion=5&includeHistoricalMetadata=true"
                + "&includeHistoricalProtocol=true");
    assertThat(server.requests().get(0).header("delta-sharing-capabilities"))
        .contains("responseformat=parquet,delta")
        .contains("readerfeatures=deletionvectors")
        .contains("includeendstreamaction=true");
  }

  @Test
  void timesAreAskedForInUtcAndAnOpenEndNotAtAll() {
    answering();
    ask(rows(AsOf.ofTimestamp(NOON), AsOf.ofTimestamp(NOON.plusSeconds(1)), null));
    ask(rows(AsOf.ofVersion(0), AsOf.latest(), null));
    assertThat(ClientFixture.targets(server))
        .containsExactly(
            "GET "
                + TABLE_PATH
                + "/changes?startingTimestamp=2024-01-31T12%3A00%3A00Z&endingTimestamp=2024-01-31T12%3A00%3A01Z"
                + "&includeHistoricalMetadata=true&includeHistoricalProtocol=true",
            "GET "
                + TABLE_PATH
                + "/changes?startingVersion=0&includeHistoricalMetadata=true&includeHistoricalProtocol=true");
  }

  @Test
  void whoOffersParquetAloneAsksForNoProtocols() {
    answering();
    ask(
        new ChangesRequest(
            Feed.ROWS,
            AsOf.ofVersion(1),
            AsOf.latest(),
            List.of(ResponseFormat.PARQUET),
            Set.of(),
            null));
    assertThat(ClientFixture.targets(server))
        .containsExactly(
            "GET " + TABLE_PATH + "/changes?startingVersion=1&includeHistoricalMetadata=true");
  }

  @Test
  void filesOfAStreamAreAskedForByAQuery() {
    answering(change("add", "a", at(2)));
    ChangesRequest request =
        new ChangesRequest(Feed.FILES, AsOf.ofVersion(2), AsOf.ofVersion(3), BOTH, Set.of(), 10);
    assertThat(ask(request).files()).hasSize(1);
    assertThat(ClientFixture.targets(server)).containsExactly("POST " + TABLE_PATH + "/query");
    assertThat(server.requests().get(0).body())
        .isEqualTo(
            "{\"startingVersion\":2,\"endingVersion\":3,\"includeHistoricalProtocol\":true,\"maxFiles\":10}");
  }

  @Test
  void pagesAreFollowed() {
    StubAnswer first =
        ClientFixture.table(
            2,
            "responseformat=parquet;includeendstreamaction=true",
            PROTOCOL,
            METADATA,
            change("add", "a", at(2)),
            "{\"endStreamAction\":{\"nextPageToken\":\"p 2\"}}");
    StubAnswer second =
        ClientFixture.table(
            2,
            "responseformat=parquet;includeendstreamaction=true",
            PROTOCOL,
            METADATA,
            change("remove", "b", at(3)),
            "{\"endStreamAction\":{}}");
    server.onAnything(request -> request.target().contains("pageToken") ? second : first);
    ChangesResult result = ask(rows(AsOf.ofVersion(2), AsOf.latest(), 1));
    assertThat(result.pages()).isEqualTo(2);
    assertThat(result.files()).extracting(file -> file.file().id()).containsExactly("a", "b");
    assertThat(result.files()).extracting(f -> f.kind()).containsExactly(Kind.ADD, Kind.REMOVE);
    assertThat(ClientFixture.targets(server).get(0)).endsWith("&maxFiles=1");
    assertThat(ClientFixture.targets(server).get(1)).endsWith("&maxFiles=1&pageToken=p+2");
  }

  @Test
  void filesBehindTheEndAreDropped() {
    answering(change("add", "a", at(2)), change("cdf", "b", at(3)), change("add", "c", at(4)));
    assertThat(ask(rows(AsOf.ofVersion(2), AsOf.ofVersion(3), null)).files())
        .extracting(file -> file.file().id())
        .containsExactly("a", "b");
  }

  @Test
  void aFileBeforeTheStartIsRefused() {
    answering(change("add", "a", at(1)));
    assertThatThrownBy(() -> ask(rows(AsOf.ofVersion(2), AsOf.latest(), null)))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("file a is of version 1");
  }

  @Test
  void aFileWithoutVersionIsRefused() {
    answering(change("add", "a", ""));
    assertThatThrownBy(() -> ask(rows(AsOf.ofVersion(2), AsOf.latest(), null)))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("file a has no 'version' or no 'timestamp'");
  }

  @Test
  void laterProtocolsAndMetadataAreKept() {
    server.onAnything(
        request ->
            ClientFixture.table(
                4,
                "responseformat=delta",
                DELTA_PROTOCOL,
                DELTA_METADATA,
                DELTA_METADATA.replace("\"version\":4", "\"version\":6"),
                DELTA_PROTOCOL.replace("timestampNtz", "deletionVectors")));
    ChangesResult result = ask(rows(AsOf.ofVersion(4), AsOf.latest(), null));
    assertThat(result.laterMetadata()).extracting(m -> m.version()).containsExactly(6L);
    assertThat(result.laterProtocols())
        .extracting(p -> p.readerFeatures())
        .containsExactly(Set.of("deletionVectors"));
  }

  @Test
  void aRefusalSaysWhatToAskFor() {
    server.onAnything(request -> StubAnswer.error(400, "UNSUPPORTED_OPERATION", "no change data"));
    assertThatThrownBy(() -> ask(rows(AsOf.ofVersion(2), AsOf.latest(), null)))
        .isInstanceOf(SharingException.class)
        .hasMessageStartingWith("Query for changes of share.schema.table from version 2 on failed")
        .hasMessageContaining("no change data")
        .hasMessageContaining("'startingVersion'")
        .hasMessageContaining("delta.enableChangeDataFeed")
        .hasMessageNotContaining("versionAsOf");
  }
}
