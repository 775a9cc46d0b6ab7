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
import io.github.deltasharing.table.DeletedRows;
import io.github.deltasharing.testing.WrittenIceberg;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files the server says that snapshots changed, and what it refuses. */
@Tag("unit")
class IcebergChangesTest {
  private static final String[] DELTA = {
    "delta-sharing-capabilities",
    "responseformat=delta;readerfeatures=columnmapping,deletionvectors,timestampntz,typewidening"
  };

  /** Rows by the texts of their vectors. */
  private static final Map<String, Integer> VECTORS = new ConcurrentHashMap<>();

  @TempDir Path directory;

  private SharingServer server;
  private ServerClient client;

  @BeforeEach
  void serve() throws IOException {
    Path config = directory.resolve("share.yaml");
    Files.writeString(
        config,
        """
        port: 0
        authorization: {bearerToken: %s}
        catalogs: [{name: lake, type: hadoop, warehouse: lake}]
        shares:
        - name: Retail
          schemas:
          - name: s
            tables:
            - {name: t, location: 'iceberg://lake/db/t', historyShared: true}
            - {name: side, location: 'iceberg://lake/db/t?ref=side', historyShared: true}
            - {name: from3, location: 'iceberg://lake/db/t', historyShared: true, startVersion: 3}
            - {name: now, location: 'iceberg://lake/db/t'}
        """
            .formatted(ServerTables.TOKEN));
    server = SharingServer.start(ShareConfigReader.read(config).build());
    client = new ServerClient(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private WrittenIceberg table(int formatVersion) {
    return WrittenIceberg.create(directory.resolve("lake/db/t"), formatVersion);
  }

  private HttpResponse<String> feed(String table, String query) {
    return client.changes("s." + table, query, DELTA);
  }

  private HttpResponse<String> feed(String query) {
    return feed("t", query);
  }

  private List<String> files(String query) {
    return files(feed(query));
  }

  /** Each as "version kind name, row of its vector". */
  private static List<String> files(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    List<String> files = new ArrayList<>();
    for (JsonNode file : actions(response, "file")) {
      String kind = file.at("/deltaSingleAction").fieldNames().next();
      JsonNode action = file.at("/deltaSingleAction").get(kind);
      String name =
          action.get("path").asText().replaceFirst(".*/data/", "").replaceFirst("\\?.*", "");
      JsonNode vector = action.at("/deletionVector/pathOrInlineDv");
      files.add(
          file.get("version").asText()
              + (kind.equals("add") ? " + " : " - ")
              + name
              + (vector.isMissingNode() ? "" : " " + VECTORS.get(vector.asText())));
    }
    return files;
  }

  private void assertRefused(String query, String... texts) {
    HttpResponse<String> refused = feed(query);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(ServerClient.message(refused)).contains("Retail.s.t").contains(texts);
  }

  private static Snapshot snapshot(Table table, long number) {
    for (Snapshot snapshot : table.snapshots()) {
      if (snapshot.sequenceNumber() == number) {
        return snapshot;
      }
    }
    throw new IllegalStateException("no snapshot " + number);
  }

  private static void expire(Table table, long... numbers) {
    for (long number : numbers) {
      table.expireSnapshots().expireSnapshotId(snapshot(table, number).snapshotId()).commit();
    }
  }

  /** A vector of one row of a file. */
  private static DeleteFile vector(WrittenIceberg written, String file, int row) {
    DeletedRows rows = new DeletedRows();
    rows.add(row);
    VECTORS.put(rows.inline(), row);
    return written.vector(file, row);
  }

  @Test
  void snapshotsAddAndRemoveFiles() {
    WrittenIceberg written = table(2).append("a", 0).append("b", 10);
    written
        .table()
        .newOverwrite()
        .deleteFile(written.built("a", 0))
        .addFile(written.built("c", 0))
        .commit();
    written.table().newDelete().deleteFile(written.built("b", 10)).commit();

    List<String> all = List.of("1 + a", "2 + b", "3 - a", "3 + c", "4 - b");
    assertThat(files("startingVersion=1")).isEqualTo(all);
    assertThat(files("startingVersion=0")).isEqualTo(all);
    assertThat(files("startingVersion=2&endingVersion=3")).isEqualTo(all.subList(1, 4));
    assertThat(files(client.query("s.t", "{\"startingVersion\":1}", DELTA))).isEqualTo(all);
    assertRefused("startingVersion=5", "latest version is 4");
    HttpResponse<String> response = feed("startingVersion=3&includeHistoricalMetadata=true");
    assertThat(response.headers().firstValue("delta-table-version")).hasValue("3");
    JsonNode metadata = actions(response, "metaData").get(0).at("/deltaMetadata");
    assertThat(metadata.at("/configuration/delta.enableChangeDataFeed").asText()).isEqualTo("true");
    assertThat(metadata.at("/configuration/delta.columnMapping.mode").asText()).isEqualTo("id");
    JsonNode removed = actions(response, "file").get(0);
    long time = snapshot(written.table(), 3).timestampMillis();
    assertThat(removed.at("/timestamp").asLong()).isEqualTo(time);
    JsonNode remove = removed.at("/deltaSingleAction/remove");
    assertThat(remove.at("/deletionTimestamp").asLong()).isEqualTo(time);
    assertThat(remove.at("/size").asLong()).isEqualTo("bytes of a".length());
    assertThat(actions(response, "file").get(1).at("/deltaSingleAction/add/stats").asText())
        .contains("\"numRecords\":10");
  }

  @Test
  void timesFindTheVersionsAsForDeltaTables() throws InterruptedException {
    WrittenIceberg written = table(2).append("a", 0);
    Thread.sleep(5);
    written.append("b", 10);
    Thread.sleep(5);
    written.append("c", 20);
    Instant second = Instant.ofEpochMilli(snapshot(written.table(), 2).timestampMillis());
    Instant first = Instant.ofEpochMilli(snapshot(written.table(), 1).timestampMillis());

    assertThat(files("startingTimestamp=" + second)).containsExactly("2 + b", "3 + c");
    assertThat(files("startingTimestamp=%s&endingTimestamp=%s".formatted(first, second)))
        .containsExactly("1 + a", "2 + b");
    assertThat(feed("startingTimestamp=" + first.minusMillis(1)).statusCode()).isEqualTo(400);
    assertThat(feed("from3", "startingTimestamp=" + second).statusCode()).isEqualTo(400);
    assertThat(files(feed("from3", "startingVersion=3"))).containsExactly("3 + c");
    HttpResponse<String> hidden = feed("now", "startingVersion=1");
    assertThat(hidden.statusCode()).isEqualTo(400);
    assertThat(ServerClient.message(hidden)).contains("history is not shared");
  }

  @Test
  void rowsDeletedInAFileAreAPairOfIt() {
    WrittenIceberg written = table(3).append("a", 0).append("b", 10);
    Table table = written.table();
    DeleteFile first = vector(written, "a", 4);
    table.newRowDelta().addDeletes(first).commit();
    DeleteFile second = vector(written, "a", 100);
    table
        .newRowDelta()
        .validateFromSnapshot(table.currentSnapshot().snapshotId())
        .removeDeletes(first)
        .addDeletes(second)
        .commit();
    table
        .newRowDelta()
        .addRows(written.built("c", 20))
        .addDeletes(vector(written, "c", 200))
        .addDeletes(vector(written, "b", 300))
        .commit();
    table.newDelete().deleteFile(written.built("a", 0)).commit();

    List<String> all =
        List.of(
            "1 + a",
            "2 + b",
            "3 - a",
            "3 + a 4",
            "4 - a 4",
            "4 + a 100",
            "5 - b",
            "5 + b 300",
            "5 + c 200",
            "6 - a 100");
    assertThat(files("startingVersion=1")).isEqualTo(all);
    assertThat(files("startingVersion=4&endingVersion=5")).isEqualTo(all.subList(4, 9));
    HttpResponse<String> response = feed("startingVersion=1&includeHistoricalMetadata=true");
    assertThat(actions(response, "protocol").get(0).at("/deltaProtocol/readerFeatures"))
        .extracting(JsonNode::asText)
        .contains("deletionVectors");
    HttpResponse<String> without =
        client.changes(
            "s.t",
            "startingVersion=1",
            "delta-sharing-capabilities",
            "responseformat=delta;readerfeatures=columnmapping");
    assertThat(without.statusCode()).isEqualTo(400);
    assertThat(ServerClient.message(without)).containsIgnoringCase("deletionvectors");
  }

  @Test
  void rowsWrittenAnewAreNoChange() {
    WrittenIceberg written = table(3).append("a", 0).append("b", 10);
    Table table = written.table();
    table.newRowDelta().addDeletes(vector(written, "a", 4)).commit();
    table
        .newRewrite()
        .validateFromSnapshot(table.currentSnapshot().snapshotId())
        .rewriteFiles(
            Set.of(written.built("a", 0), written.built("b", 10)), Set.of(written.built("c", 0)))
        .commit();
    table.rewriteManifests().clusterBy(file -> "all").commit();
    table.newDelete().deleteFile(written.built("c", 0)).commit();

    assertThat(files("startingVersion=3")).containsExactly("3 - a", "3 + a 4", "6 - c");
    assertThat(files("startingVersion=4&endingVersion=5")).isEmpty();
  }

  @Test
  void pagesHaveAllFilesOnce() {
    WrittenIceberg written = table(3).append("a", 0).append("b", 10);
    Table table = written.table();
    table
        .newRowDelta()
        .addDeletes(vector(written, "a", 4))
        .addDeletes(vector(written, "b", 100))
        .commit();
    table.updateSchema().addColumn("more", Types.IntegerType.get()).commit();
    table
        .newOverwrite()
        .deleteFile(written.built("a", 0))
        .deleteFile(written.built("b", 10))
        .addFile(written.built("c", 0))
        .addFile(written.built("d", 0))
        .commit();
    List<String> all = files("startingVersion=1");
    assertThat(all).hasSize(10);

    for (int size : new int[] {1, 2, 3, 7}) {
      String query = "startingVersion=1&includeHistoricalMetadata=true&maxFiles=" + size;
      List<String> paged = new ArrayList<>();
      int schemas = 0;
      String token = "";
      while (token != null) {
        HttpResponse<String> page = feed(query + token);
        paged.addAll(files(page));
        schemas += actions(page, "metaData").size() - 1;
        JsonNode next = actions(page, "endStreamAction").get(0).get("nextPageToken");
        token = next == null ? null : "&pageToken=" + next.asText();
      }
      assertThat(paged).isEqualTo(all);
      assertThat(schemas).isEqualTo(1);
    }
  }

  @Test
  void laterSchemasComeWithTheirVersions() {
    WrittenIceberg written = table(2).append("a", 0);
    written.table().updateSchema().renameColumn("name", "title").commit();
    written.append("b", 10).append("c", 20);
    written.table().updateSchema().addColumn("more", Types.IntegerType.get()).commit();

    List<JsonNode> metadata =
        actions(feed("startingVersion=1&includeHistoricalMetadata=true"), "metaData");
    assertThat(metadata).extracting(m -> m.get("version").asLong()).containsExactly(1L, 2L, 3L);
    // A change of the schema alone belongs to the newest version.
    assertThat(metadata)
        .extracting(m -> m.at("/deltaMetadata/schemaString").asText())
        .satisfiesExactly(
            one -> assertThat(one).contains("\"name\":\"name\"", "\"col-2\""),
            two -> assertThat(two).contains("\"name\":\"title\"", "\"col-2\""),
            three -> assertThat(three).contains("\"name\":\"more\""));
    assertThat(actions(feed("startingVersion=1"), "metaData"))
        .singleElement()
        .satisfies(m -> assertThat(m.toString()).contains("more"));
  }

  /** Where it takes no table feature. */
  @Test
  void clientsOfParquetFormatGetChangesToo() {
    WrittenIceberg written = table(3).append("a", 0).append("b", 10);
    written.table().updateSchema().addColumn("more", Types.IntegerType.get()).commit();
    written.append("c", 20);
    written.table().newDelete().deleteFile(written.built("a", 0)).commit();

    HttpResponse<String> response =
        client.changes("s.t", "startingVersion=1&includeHistoricalMetadata=true");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(actions(response, "protocol").get(0).path("minReaderVersion").asInt()).isEqualTo(1);
    assertThat(actions(response, "metaData"))
        .extracting(m -> m.path("schemaString").asText().contains("more"))
        .containsExactly(false, true);
    assertThat(actions(response, "metaData").get(0).at("/configuration/delta.enableChangeDataFeed"))
        .hasToString("\"true\"");
    assertThat(actions(response, "add"))
        .extracting(add -> add.path("version").asLong())
        .containsExactly(1L, 2L, 3L);
    assertThat(actions(response, "remove"))
        .extracting(remove -> remove.path("version").asLong())
        .containsExactly(4L);

    written.append("d", 30);
    written.table().newRowDelta().addDeletes(vector(written, "d", 4)).commit();
    assertThat(client.changes("s.t", "startingVersion=1").body()).contains("deletionVectors");
    assertThat(client.changes("s.t", "startingVersion=5&endingVersion=5").body())
        .as("a client without later metadata starts with the newest version")
        .contains("deletionVectors");
    assertThat(
            client
                .changes("s.t", "startingVersion=5&endingVersion=5&includeHistoricalMetadata=true")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void numbersOfOtherBranchesAreGaps() {
    WrittenIceberg written = table(2).append("a", 0);
    Table table = written.table();
    table.manageSnapshots().createBranch("side").commit();
    table.newAppend().appendFile(written.built("s", 5)).toBranch("side").commit();
    written.append("b", 10);
    table.newAppend().appendFile(written.built("s2", 5)).toBranch("side").commit();

    assertThat(files("startingVersion=1")).containsExactly("1 + a", "3 + b");
    assertThat(files("startingVersion=2")).containsExactly("3 + b");
    assertThat(files("startingVersion=3")).containsExactly("3 + b");
    assertThat(files("startingVersion=1&endingVersion=2")).containsExactly("1 + a");
    assertThat(files("startingVersion=2&endingVersion=2")).isEmpty();
    assertThat(files(feed("side", "startingVersion=3"))).containsExactly("4 + s2");
    assertThat(files(feed("side", "startingVersion=4"))).containsExactly("4 + s2");
  }

  @Test
  void whoHasRowsThatWereRolledBackIsRefused() {
    WrittenIceberg written = table(2).append("a", 0).append("b", 10).append("c", 20);
    Table table = written.table();
    table.manageSnapshots().rollbackTo(snapshot(table, 1).snapshotId()).commit();
    assertRefused("startingVersion=2&endingVersion=3", "latest version is 1");
    written.append("d", 30);

    for (String range : List.of("startingVersion=3", "startingVersion=4")) {
      assertRefused(range, "rolled back", "start with version 2");
    }
    assertRefused("startingVersion=1&endingVersion=3", "rolled back");
    assertThat(files("startingVersion=2")).containsExactly("4 + d");
    assertThat(files("startingVersion=1")).containsExactly("1 + a", "4 + d");
    // What is not known any more may have been rolled back.
    expire(table, 3);
    assertRefused("startingVersion=4", "rolled back");
    assertThat(files("startingVersion=2")).containsExactly("4 + d");
  }

  @Test
  void expiredSnapshotsHaveNoChanges() {
    WrittenIceberg written = table(3).append("a", 0).append("b", 10).append("c", 20);
    Table table = written.table();
    table.newRowDelta().addDeletes(vector(written, "a", 4)).commit();
    written.append("d", 30);
    expire(table, 1, 2);

    assertRefused("startingVersion=1", "before version 3 were expired", "Start with version 3");
    assertRefused("startingVersion=2", "before version 3 were expired");
    assertThat(files("startingVersion=3")).containsExactly("3 + c", "4 - a", "4 + a 4", "5 + d");
    expire(table, 3);
    assertRefused("startingVersion=4", "snapshot before it was expired", "Start with version 5");
    assertThat(files("startingVersion=5")).containsExactly("5 + d");
  }

  @Test
  void anotherTableOfTheSameNameStartsAnew() {
    WrittenIceberg written = table(2).append("a", 0).append("b", 10);
    Table table = written.table();
    // As CREATE OR REPLACE does.
    TableOperations operations = ((HasTableOperations) table).operations();
    TableMetadata now = operations.current();
    operations.commit(
        now,
        now.buildReplacement(
            table.schema(), table.spec(), table.sortOrder(), now.location(), Map.of()));
    table.refresh();
    written.append("c", 20);

    assertRefused("startingVersion=3", "rolled back");
    assertThat(files("startingVersion=1")).containsExactly("3 + c");
  }

  @Test
  void deletesByEqualityAreRefusedBeforeAnyLine() {
    WrittenIceberg written = table(2).append("a", 0);
    Table table = written.table();
    DeleteFile delete =
        FileMetadata.deleteFileBuilder(table.spec())
            .ofEqualityDeletes(1)
            .withPath(written.directory().resolve("data/d").toString())
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(10)
            .withRecordCount(1)
            .build();
    table.newRowDelta().addDeletes(delete).commit();
    written.append("b", 10);
    table.newDelete().deleteFile(written.built("a", 0)).commit();

    assertThat(files("startingVersion=1&endingVersion=1")).containsExactly("1 + a");
    assertRefused("startingVersion=1&endingVersion=3", "version 2", "equality deletes");
    assertThat(files("startingVersion=3&endingVersion=3")).containsExactly("3 + b");
    assertRefused("startingVersion=3", "version 4", "equality deletes");
  }

  @Test
  void positionDeletesThatAreNotParquetAreRefusedBeforeAnyLine() {
    WrittenIceberg written = table(2).append("a", 0);
    DeleteFile delete =
        FileMetadata.deleteFileBuilder(written.table().spec())
            .ofPositionDeletes()
            .withPath(written.directory().resolve("data/d").toString())
            .withFormat(FileFormat.AVRO)
            .withFileSizeInBytes(10)
            .withRecordCount(1)
            .build();
    written.table().newRowDelta().addDeletes(delete).commit();
    assertRefused("startingVersion=1", "AVRO");
  }

  @Test
  void manifestsThatDoNotSayAllAreRefused() throws IOException {
    WrittenIceberg written = table(2).append("a", 0).append("b", 10).append("c", 20);
    Table table = written.table();
    Files.copy(
        Path.of(snapshot(table, 1).manifestListLocation()),
        Path.of(snapshot(table, 3).manifestListLocation()),
        StandardCopyOption.REPLACE_EXISTING);
    assertRefused("startingVersion=1", "do not say which files it removed");
    assertThat(files("startingVersion=1&endingVersion=2")).containsExactly("1 + a", "2 + b");
  }

  @Test
  void formatVersion1HasNoChanges() {
    WrittenIceberg written = table(1).append("a", 0);
    long time = written.table().currentSnapshot().timestampMillis();
    assertRefused("startingVersion=" + time, "format version 2");
    written.table().updateProperties().set("format-version", "2").commit();
    written.append("b", 10).append("c", 20);
    assertThat(files("startingVersion=1")).containsExactly("1 + b", "2 + c");
    assertRefused("startingVersion=0", "before version 1");
  }

  @Test
  void anEmptyTableHasNoChangesYet() {
    WrittenIceberg written = table(2);
    assertThat(files("startingVersion=0")).isEmpty();
    written.append("a", 0);
    assertThat(files("startingVersion=1")).containsExactly("1 + a");
  }
}
