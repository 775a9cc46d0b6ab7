/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.Profile;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.ScanHints;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.storage.url.UrlRefresher;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is requested for a list of files, and what comes with it. */
@Timeout(60)
class RestFileListerTest {
  private static final TableName TABLE = new TableName("share", "schema", "t");
  private static final String PATH = "/api/shares/share/schemas/schema/tables/t";
  private static final ScanHints HINTS = new ScanHints(List.of("a = 1"), null, 7);
  private static final ListingSettings SETTINGS = ListingSettings.of(SharingReadConf.defaults());

  private final StubServer server = new StubServer();

  @AfterEach
  void close() {
    server.close();
  }

  private RestFileLister lister(ListingSettings settings) {
    String profile =
        "{\"shareCredentialsVersion\":1,\"endpoint\":\"%s\",\"bearerToken\":\"%s\"}"
            .formatted(server.url("/api"), TestShare.CANARY);
    SharingClient client =
        SharingClient.open(() -> Profile.fromJson("p.share", profile), SharingReadConf.defaults());
    return new RestFileLister(client, TABLE, settings);
  }

  private static StubAnswer answer(long version, String... lines) {
    String[] all = new String[lines.length + 2];
    all[0] = "{\"protocol\":{\"minReaderVersion\":1}}";
    all[1] =
        "{\"metaData\":{\"id\":\"m\",\"format\":{\"provider\":\"parquet\"},\"schemaString\":\"{}\",\"partitionColumns\":[]}}";
    System.arraycopy(lines, 0, all, 2, lines.length);
    return StubAnswer.ndjson(all).withHeader("Delta-Table-Version", "" + version);
  }

  private static String file(String kind, String signature, String more) {
    return "{\"%s\":{\"url\":\"https://store/f?sig=%s\",\"id\":\"f\",\"size\":1,\"partitionValues\":{}%s}}"
        .formatted(kind, signature, more);
  }

  private static ListingSettings ofTable(int readerVersion) {
    return SETTINGS.of(
        new TableMetadata(1, ResponseFormat.DELTA, new Protocol(readerVersion, 0, Set.of()), null));
  }

  private static SnapshotRequest hinted(Listed<QueryResult> pinned) {
    return new SnapshotRequest(AsOf.latest(), HINTS, null, pinned);
  }

  private String body(int request) {
    return server.requests().get(request).body();
  }

  @Test
  void sqlIsForTablesWithoutFeaturesOnly() {
    server.on(PATH + "/query", answer(3));
    lister(ofTable(1)).snapshot(hinted(null));
    lister(ofTable(3)).snapshot(hinted(null));
    assertThat(body(0)).contains("a = 1").contains("\"limitHint\":7");
    assertThat(body(1)).doesNotContain("a = 1").contains("\"limitHint\":7");
  }

  @Test
  void deletedRowsAreNotCountedForALimit() {
    String delta =
        "{\"file\":{\"id\":\"f\",\"deltaSingleAction\":{\"add\":{\"path\":\"https://store/f?sig=1\",\"partitionValues\":{},\"size\":1,\"modificationTime\":1,\"dataChange\":true,\"deletionVector\":{\"storageType\":\"i\",\"pathOrInlineDv\":\"x\",\"sizeInBytes\":1,\"cardinality\":1}}}}}";
    server.on(
        PATH + "/query",
        StubAnswer.ndjson(
                "{\"protocol\":{\"deltaProtocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"deletionVectors\"],\"writerFeatures\":[\"deletionVectors\"]}}}",
                "{\"metaData\":{\"deltaMetadata\":{\"id\":\"m\",\"format\":{\"provider\":\"parquet\"},\"schemaString\":\"{}\",\"partitionColumns\":[],\"configuration\":{}}}}",
                delta)
            .withHeader("Delta-Table-Version", "3")
            .withHeader("Delta-Sharing-Capabilities", "responseformat=delta"));
    assertThat(lister(SETTINGS).snapshot(hinted(null)).result().files()).hasSize(1);
    assertThat(body(0)).contains("\"limitHint\":7");
    assertThat(body(1)).contains("a = 1").doesNotContain("limitHint");
  }

  @Test
  void aPinnedListHasItsVersion() {
    String token = "{\"endStreamAction\":{\"refreshToken\":\"t0\"}}";
    server.on(PATH + "/query", answer(3, token), answer(3), answer(4));
    RestFileLister lister = lister(SETTINGS);
    Listed<QueryResult> first = lister.snapshot(hinted(null));
    assertThat(lister.snapshot(hinted(first)).result().table().version()).isEqualTo(3);
    assertThat(body(1)).contains("\"refreshToken\":\"t0\"");
    assertThatThrownBy(() -> lister.snapshot(hinted(first)))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("share.schema.t");
  }

  @Test
  void changesComeWithTheEndOfTheirUrlsAndNewOnes() throws Exception {
    long end = System.currentTimeMillis() + 30_000_000;
    String commit = ",\"version\":2,\"timestamp\":5";
    String ends = "{\"endStreamAction\":{\"minUrlExpirationTimestamp\":" + end + "}}";
    server.on(
        PATH + "/changes",
        answer(2, file("add", "1", commit), ends),
        answer(2, file("add", "2", commit), ends));
    Listed<ChangesResult> listed =
        lister(SETTINGS)
            .changes(
                new CommitsRequest(
                    ChangesRequest.Feed.ROWS, AsOf.ofVersion(2), AsOf.latest(), null));
    assertThat(listed.result().files()).hasSize(1);
    assertThat(listed.life().refreshAt(null)).isEqualTo(end - 60_000);
    assertThat(
            listed
                .urls()
                .refresh("2/ADD/f", 0, UrlRefresher.REFUSED)
                .get(30, TimeUnit.SECONDS)
                .file()
                .secret())
        .endsWith("sig=2");
    assertThat(server.requests().get(1).target()).isEqualTo(server.requests().get(0).target());
  }
}
