/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfigReader;
import io.github.deltasharing.testing.WrittenIceberg;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the server says of an Iceberg table whose metadata Iceberg's library has written. */
@Tag("unit")
class IcebergServerTest {
  private static final String[] DELTA = {
    "delta-sharing-capabilities",
    "responseformat=delta;readerfeatures=columnmapping,deletionvectors,timestampntz,typewidening"
  };

  @TempDir Path directory;

  private SharingServer server;
  private ServerClient client;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  /** Shares the table in {@code lake/db/t} as {@code Retail.s.t}, and others beside it. */
  private void serve(String... more) throws IOException {
    stop();
    Path config = directory.resolve("share.yaml");
    Files.writeString(
        config,
        """
        port: 0
        authorization: {bearerToken: %s}
        evaluatePredicateHints: true
        signingKey: 0123456789012345678901234567890123456789
        catalogs: [{name: lake, type: hadoop, warehouse: lake}]
        shares:
        - name: Retail
          schemas:
          - name: s
            tables:
            - {name: t, location: 'iceberg://lake/db/t', historyShared: true}
        %s
        """
            .formatted(ServerTables.TOKEN, String.join("\n", more)));
    server = SharingServer.start(ShareConfigReader.read(config).build());
    client = new ServerClient(server);
  }

  private WrittenIceberg table(int formatVersion) {
    return WrittenIceberg.create(directory.resolve("lake/db/t"), formatVersion);
  }

  private HttpResponse<String> get(String path) {
    return client.get("/shares/Retail/schemas/s/tables/t/" + path, DELTA);
  }

  private HttpResponse<String> query(String body) {
    return client.query("s.t", body, DELTA);
  }

  private static String version(HttpResponse<String> response) {
    return response.headers().firstValue("delta-table-version").orElse(response.body());
  }

  private static List<String> names(HttpResponse<String> response) {
    return actions(response, "file").stream()
        .map(file -> file.at("/deltaSingleAction/add/path").asText())
        .map(url -> url.replaceFirst(".*/data/", "").replaceFirst("\\?.*", ""))
        .sorted()
        .toList();
  }

  @Test
  void versionsAreSequenceNumbersOfTheHeadsAncestors() throws IOException {
    WrittenIceberg written = table(2).append("a", 0);
    written.table().manageSnapshots().createBranch("side").commit();
    written.table().newAppend().appendFile(written.built("s", 5)).toBranch("side").commit();
    written.append("b", 10);
    serve("    - {name: side, location: 'iceberg://lake/db/t?ref=side'}");

    assertThat(version(get("version"))).isEqualTo("3");
    assertThat(names(query("{}"))).containsExactly("a", "b");
    assertThat(names(query("{\"version\":1}"))).containsExactly("a");
    assertThat(names(client.query("s.side", "{}", DELTA))).containsExactly("a", "s");
    assertThat(version(client.get("/shares/Retail/schemas/s/tables/side/version", DELTA)))
        .isEqualTo("2");
    HttpResponse<String> other = query("{\"version\":2}");
    assertThat(other.statusCode()).isEqualTo(400);
    assertThat(ServerClient.message(other)).contains("version 2 of Retail.s.t", "from 1 to 3");
    assertThat(ServerClient.message(query("{\"version\":4}"))).contains("latest version is 3");

    written.table().expireSnapshots().expireSnapshotId(snapshot(written, 1).snapshotId()).commit();
    assertThat(query("{\"version\":1}").statusCode()).isEqualTo(400);
    assertThat(names(query("{}"))).containsExactly("a", "b");
  }

  private static Snapshot snapshot(WrittenIceberg written, long number) {
    written.table().refresh();
    for (Snapshot snapshot : written.table().snapshots()) {
      if (snapshot.sequenceNumber() == number) {
        return snapshot;
      }
    }
    throw new IllegalStateException("no snapshot " + number);
  }

  @Test
  void versionsOfFormatVersion1AreTimes() throws IOException {
    WrittenIceberg written = table(1).append("a", 0).append("b", 10);
    long head = written.table().currentSnapshot().timestampMillis();
    serve();

    assertThat(version(get("version"))).isEqualTo("" + head);
    assertThat(names(query("{\"version\":%d}".formatted(head)))).containsExactly("a", "b");
    assertThat(query("{\"version\":1}").statusCode()).isEqualTo(400);

    written.table().updateProperties().set("format-version", "2").commit();
    written.append("c", 20);
    assertThat(version(get("version"))).isEqualTo("1");
    assertThat(names(query("{}"))).containsExactly("a", "b", "c");
  }

  @Test
  void timesFindTheVersionThatWasTheNewest() throws IOException {
    WrittenIceberg written = table(2).append("a", 0).append("b", 10);
    serve();

    Instant first = Instant.ofEpochMilli(snapshot(written, 1).timestampMillis());
    Instant second = Instant.ofEpochMilli(snapshot(written, 2).timestampMillis());
    assertThat(version(get("version?startingTimestamp=" + first.minusMillis(1)))).isEqualTo("1");
    assertThat(version(get("version?startingTimestamp=" + second))).isEqualTo("2");
    assertThat(get("version?startingTimestamp=" + second.plusMillis(1)).statusCode())
        .isEqualTo(400);
    assertThat(names(query("{\"timestamp\":\"%s\"}".formatted(first)))).containsExactly("a");
    assertThat(query("{\"timestamp\":\"%s\"}".formatted(first.minusMillis(1))).statusCode())
        .isEqualTo(400);
  }

  @Test
  void aTableWithoutSnapshotsIsVersion0() throws IOException {
    table(2);
    serve();

    assertThat(version(get("version"))).isEqualTo("0");
    assertThat(names(query("{}"))).isEmpty();
    assertThat(names(query("{\"version\":0}"))).isEmpty();
  }

  @Test
  void columnsAreMappedByIcebergsIds() throws IOException {
    WrittenIceberg written = table(2).append("a", 0);
    written.table().updateSchema().renameColumn("name", "title").commit();
    written
        .table()
        .updateSchema()
        .addColumn("name", Types.TimestampType.withoutZone(), "of now")
        .commit();
    serve();

    JsonNode metadata = actions(get("metadata"), "metaData").get(0).at("/deltaMetadata");
    assertThat(metadata.at("/configuration/delta.columnMapping.mode").asText()).isEqualTo("id");
    assertThat(actions(get("metadata"), "protocol").get(0).at("/deltaProtocol/readerFeatures"))
        .extracting(JsonNode::asText)
        .containsExactly("columnMapping", "timestampNtz");
    assertThat(ServerClient.tree(metadata.at("/schemaString").asText()).toString())
        .isEqualTo(
            """
            {"type":"struct","fields":[\
            {"name":"id","type":"long","nullable":false,"metadata":{"delta.columnMapping.id":1,"delta.columnMapping.physicalName":"id"}},\
            {"name":"title","type":"string","nullable":true,"metadata":{"delta.columnMapping.id":2,"delta.columnMapping.physicalName":"col-2"}},\
            {"name":"name","type":"timestamp_ntz","nullable":true,"metadata":{"delta.columnMapping.id":3,"delta.columnMapping.physicalName":"col-3","comment":"of now"}}]}\
            """);
    // A change of the schema alone is no version: the head has it, as Iceberg reads it.
    assertThat(version(get("version"))).isEqualTo("1");
    written.append("b", 10);
    assertThat(actions(get("metadata?version=1"), "metaData").get(0).toString())
        .contains("\\\"name\\\":\\\"name\\\"")
        .doesNotContain("title");
  }

  /** Columns that have had one name always are found by it. */
  @Test
  void parquetFormatHasWhatTakesNoTableFeature() throws IOException {
    WrittenIceberg written = table(2).append("a", 0);
    written.table().updateSchema().addColumn("later", Types.IntegerType.get()).commit();
    written.append("b", 10);
    serve();

    HttpResponse<String> response = client.query("s.t", "{\"predicateHints\":[\"id > 12\"]}");
    assertThat(actions(response, "protocol").get(0)).hasToString("{\"minReaderVersion\":1}");
    JsonNode metadata = actions(response, "metaData").get(0);
    assertThat(metadata.path("schemaString").asText())
        .contains("later")
        .doesNotContain("columnMapping");
    assertThat(metadata.toString()).doesNotContain("delta.columnMapping");
    assertThat(actions(response, "file"))
        .singleElement()
        .matches(file -> file.path("url").asText().contains("/data/b?"));
    assertThat(actions(client.get("/shares/Retail/schemas/s/tables/t/metadata"), "protocol").get(0))
        .hasToString("{\"minReaderVersion\":1}");
    assertThat(names(query("{}"))).containsExactly("a", "b");
    assertThat(actions(query("{}"), "protocol").toString()).contains("columnMapping");
  }

  private interface Change {
    void make(WrittenIceberg table) throws IOException;
  }

  static Stream<Named<Change>> changes() {
    return Stream.of(
        Named.of(
            "renamed",
            written -> written.table().updateSchema().renameColumn("name", "other").commit()),
        Named.of(
            "dropped and added",
            written -> {
              written.table().updateSchema().deleteColumn("name").commit();
              written.table().updateSchema().addColumn("name", Types.StringType.get()).commit();
            }),
        Named.of(
            "a name that files have in another spelling",
            written ->
                written.table().updateSchema().addColumn("a b", Types.IntegerType.get()).commit()),
        Named.of(
            "a time without a zone",
            written ->
                written
                    .table()
                    .updateSchema()
                    .addColumn("t", Types.TimestampType.withoutZone())
                    .commit()));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void parquetFormatIsRefusedWhereItWouldMislead(Change change) throws IOException {
    WrittenIceberg written = table(2).append("a", 0);
    change.make(written);
    serve();

    HttpResponse<String> refused = client.query("s.t", "{}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(ServerClient.message(refused)).contains("columnMapping", "responseformat=delta");
    assertThat(names(query("{}"))).containsExactly("a");
  }

  @Test
  void hintsAndLimitsLeaveFilesOut() throws IOException {
    table(2).append("a", 0).append("b", 10).append("c", 20);
    serve();

    assertThat(names(query("{\"predicateHints\":[\"id > 12\"]}"))).containsExactly("b", "c");
    assertThat(names(query("{\"predicateHints\":[\"name = 'x'\"]}"))).isEmpty();
    assertThat(names(query("{\"predicateHints\":[\"id IS NULL\"]}"))).isEmpty();
    assertThat(names(query("{\"limitHint\":11}"))).containsExactly("a", "b");
    JsonNode file = actions(query("{}"), "file").get(0).at("/deltaSingleAction/add");
    assertThat(ServerClient.tree(file.at("/stats").asText()).toString())
        .contains(
            "\"numRecords\":10", "\"nullCount\":{\"id\":0,\"name\":3}", "\"tightBounds\":false");
  }

  @Test
  void pagesAndRefreshTokensStayWithTheirVersion() throws IOException {
    WrittenIceberg written = table(2).append("a", 0).append("b", 10);
    serve();

    HttpResponse<String> first = query("{\"maxFiles\":1,\"includeRefreshToken\":true}");
    assertThat(names(first)).containsExactly("a");
    JsonNode end = actions(first, "endStreamAction").get(0);
    written.append("0", 20);
    serve();
    HttpResponse<String> next =
        query("{\"maxFiles\":1,\"pageToken\":\"%s\"}".formatted(end.at("/nextPageToken").asText()));
    assertThat(names(next)).containsExactly("b");
    HttpResponse<String> refreshed =
        query("{\"refreshToken\":\"%s\"}".formatted(end.at("/refreshToken").asText()));
    assertThat(version(refreshed)).isEqualTo("2");
    assertThat(names(refreshed)).containsExactly("a", "b");
  }

  @Test
  void filesAreServedBySignedUrlsAndMetadataIsNot() throws IOException {
    WrittenIceberg written = table(2).append("p=1/a b%20c", 0);
    serve();

    String url = actions(query("{}"), "file").get(0).at("/deltaSingleAction/add/path").asText();
    assertThat(new String(ServerClient.fetch(url).body(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("bytes of p=1/a b%20c");
    serve();
    String moved = url.replaceFirst("//[^/]+/", "//" + server.uri().getAuthority() + "/");
    assertThat(ServerClient.fetch(moved).statusCode()).isEqualTo(200);
    String metadata = written.metadata().getFileName().toString();
    assertThat(
            ServerClient.fetch(moved.replaceFirst("/data/[^?]*", "/metadata/" + metadata))
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void aFileOfMetadataIsALocationToo() throws IOException {
    WrittenIceberg written = table(2).append("a", 0);
    Path first = written.metadata();
    written.append("b", 10);
    serve(
        "    - {name: newest, location: 'lake/db/t/metadata/version-hint.text'}",
        "    - {name: first, location: 'lake/db/t/metadata/%s'}".formatted(first.getFileName()),
        "    - {name: nothing, location: 'lake/db/t/metadata/version-hint.text?ref=x'}");

    assertThat(names(client.query("s.newest", "{}", DELTA))).containsExactly("a", "b");
    assertThat(names(client.query("s.first", "{}", DELTA))).containsExactly("a");
    HttpResponse<String> nothing = client.query("s.nothing", "{}", DELTA);
    assertThat(nothing.statusCode()).isEqualTo(404);
    assertThat(ServerClient.message(nothing)).contains("no branch or tag 'x'");
  }

  @Test
  void aHintThatIsBehindOrGoneIsNotNeeded() throws IOException {
    WrittenIceberg written = table(2).append("a", 0).append("b", 10);
    serve();

    Path hint = written.directory().resolve("metadata/version-hint.text");
    for (String text : List.of("2", "7", "no number")) {
      Files.writeString(hint, text);
      assertThat(names(query("{}"))).containsExactly("a", "b");
    }
    Files.delete(hint);
    assertThat(names(query("{}"))).containsExactly("a", "b");
  }

  @Test
  void aTableHasManyFilesInManyManifests() throws IOException {
    WrittenIceberg written = table(2);
    written
        .table()
        .updateProperties()
        .set("commit.manifest-merge.enabled", "false")
        .set("write.metadata.delete-after-commit.enabled", "true")
        .commit();
    for (int i = 0; i < 20; i++) {
      AppendFiles append = written.table().newFastAppend();
      for (int j = 0; j < 100; j++) {
        String path = written.directory().resolve("data/f%d-%d".formatted(i, j)).toString();
        append.appendFile(written.file("f", 1000L * i + 10 * j).withPath(path).build());
      }
      append.commit();
    }
    serve();

    assertThat(names(query("{}"))).hasSize(2000).doesNotHaveDuplicates();
    assertThat(names(query("{\"predicateHints\":[\"id >= 19985\"]}")))
        .containsExactly("f19-98", "f19-99");
    HttpResponse<String> page = query("{\"maxFiles\":3}");
    assertThat(names(page)).containsExactly("f0-0", "f0-1", "f0-10");
  }
}
