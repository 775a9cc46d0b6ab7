/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.IcebergCatalogServer.ANN;
import static io.github.deltasharing.server.IcebergCatalogServer.BOB;
import static io.github.deltasharing.server.IcebergCatalogServer.TABLES;
import static io.github.deltasharing.server.IcebergCatalogServer.error;
import static io.github.deltasharing.server.IcebergCatalogServer.follow;
import static io.github.deltasharing.server.IcebergCatalogServer.inStore;
import static io.github.deltasharing.server.IcebergCatalogServer.snapshotIds;
import static io.github.deltasharing.server.IcebergCatalogServer.snapshots;
import static io.github.deltasharing.testing.WrittenLog.metadata;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.WrittenIceberg;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recipient gets of the REST catalog's tables: its shares, their versions, credentials. */
class IcebergCatalogSharingTest {
  @TempDir static Path dir;
  private static IcebergCatalogServer iceberg;

  @BeforeAll
  static void start() throws IOException {
    iceberg = new IcebergCatalogServer(dir);
  }

  @AfterAll
  static void stop() {
    iceberg.close();
  }

  @Test
  void oneRecipientSeesNothingOfAnothers() {
    assertThatThrownBy(() -> iceberg.catalog("Retail", "wrong"))
        .isInstanceOf(NotAuthorizedException.class);
    HttpResponse<String> none =
        iceberg.send("GET", "/iceberg/v1/config?warehouse=Retail", null, null);
    assertThat(error(none)).isEqualTo("401 NotAuthorizedException");
    String state = iceberg.load("whole").path("config").path("s3.signer.endpoint").asText();
    for (String path :
        List.of(
            "/iceberg/v1/config?warehouse=Retail",
            "/iceberg/v1/Retail/namespaces",
            "/iceberg/v1/Retail/namespaces/sales",
            TABLES,
            TABLES + "/whole",
            TABLES + "/both/credentials",
            "/iceberg/v1/Retail/namespaces/sales/views")) {
      HttpResponse<String> there = iceberg.send("GET", path, BOB, null);
      HttpResponse<String> nowhere =
          iceberg.send("GET", path.replace("Retail", "Nowhere"), BOB, null);
      assertThat(there.statusCode()).as(path).isEqualTo(404);
      assertThat(there.body().replace("Retail", "Nowhere")).isEqualTo(nowhere.body());
    }
    assertThat(error(iceberg.send("POST", "/iceberg/" + state, BOB, "{}"))).startsWith("404 ");
    assertThat(error(iceberg.send("POST", TABLES + "/whole/metrics", BOB, "{}")))
        .startsWith("404 ");
    assertThat(
            ServerClient.json(
                    iceberg.send(
                        "GET", "/iceberg/v1/config?warehouse=OTHER%20%26%20MORE", BOB, null))
                .path("overrides")
                .path("prefix")
                .asText())
        .isEqualTo("Other%20%26%20more");
    assertThat(
            iceberg
                .send("GET", "/iceberg/v1/Other%20%26%20more/namespaces/s/tables/t", BOB, null)
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void onlyTheCurrentSnapshotIsThereWhereHistoryIsNotShared() {
    JsonNode loaded = iceberg.load("newest");
    long current = iceberg.newest.table().currentSnapshot().snapshotId();
    assertThat(snapshots(loaded)).containsExactly(current);
    JsonNode metadata = loaded.path("metadata");
    assertThat(metadata.path("metadata-log")).isEmpty();
    assertThat(metadata.path("snapshot-log")).hasSize(1);
    assertThat(metadata.path("refs").path("main").path("snapshot-id").asLong()).isEqualTo(current);
    assertThat(TableMetadataParser.fromJson(metadata.toString()).currentSnapshot().snapshotId())
        .isEqualTo(current);
    String lists = iceberg.newest.table().currentSnapshot().manifestListLocation();
    assertThat(follow("GET", iceberg.sign("newest", "GET", inStore(lists))).statusCode())
        .isEqualTo(200);
    for (Snapshot snapshot : iceberg.newest.table().snapshots()) {
      if (snapshot.snapshotId() != current) {
        assertThat(error(iceberg.sign("newest", "GET", inStore(snapshot.manifestListLocation()))))
            .isEqualTo("403 ForbiddenException");
      }
    }
    assertThat(error(iceberg.sign("newest", "GET", iceberg.url("newest/part-0.parquet"))))
        .isEqualTo("403 ForbiddenException");
    assertThat(
            error(
                iceberg.sign("newest", "GET", inStore(loaded.path("metadata-location").asText()))))
        .isEqualTo("403 ForbiddenException");
    // Clients ask for its size.
    HttpResponse<String> head =
        iceberg.sign("newest", "HEAD", inStore(loaded.path("metadata-location").asText()));
    assertThat(follow("HEAD", head).statusCode()).isEqualTo(200);
    assertThat(follow("GET", head).statusCode()).isEqualTo(403);
    assertThat(
            follow("GET", iceberg.sign("newest", "GET", iceberg.url("newest/part-1.parquet")))
                .body())
        .isEqualTo("file 1");
    // All of it where it is.
    assertThat(
            follow("GET", iceberg.sign("whole", "GET", iceberg.url("whole/part-0.parquet"))).body())
        .isEqualTo("file 0");
    String file = iceberg.load("whole").path("metadata-location").asText();
    assertThat(follow("GET", iceberg.sign("whole", "GET", inStore(file))).statusCode())
        .isEqualTo(200);
  }

  @Test
  void icebergTablesShowWhatTheirVersionsAre() throws IOException {
    List<Snapshot> main = new ArrayList<>();
    for (Snapshot at = iceberg.lake.currentSnapshot();
        at != null;
        at = at.parentId() == null ? null : iceberg.lake.snapshot(at.parentId())) {
      main.add(0, at);
    }
    Snapshot branch = iceberg.lake.snapshot("audit");
    assertThat(main).hasSize(3);
    Map<String, List<Snapshot>> shared =
        Map.of(
            "all", main,
            "new", main.subList(2, 3),
            "later", main.subList(1, 3),
            "branch", List.of(branch),
            "tag", main.subList(0, 1));
    try (RESTCatalog catalog = iceberg.catalog("Retail", ANN)) {
      assertThat(catalog.listTables(Namespace.of("lake")))
          .extracting(TableIdentifier::name)
          .containsExactlyInAnyOrderElementsOf(shared.keySet());
      shared.forEach(
          (name, snapshots) -> {
            Table table = catalog.loadTable(TableIdentifier.of("lake", name));
            assertThat(snapshotIds(table))
                .as(name)
                .containsExactlyInAnyOrderElementsOf(
                    snapshots.stream().map(Snapshot::snapshotId).toList());
            Snapshot head = snapshots.get(snapshots.size() - 1);
            assertThat(table.currentSnapshot()).as(name).isEqualTo(head);
            assertThat(table.refs().containsKey("audit")).as(name).isEqualTo(name.equals("branch"));
            assertThat(table.refs().containsKey("first"))
                .as(name)
                .isEqualTo(snapshots.contains(main.get(0)));
            assertThat(table.schema().asStruct())
                .as(name)
                .isEqualTo(
                    (name.equals("tag") ? WrittenIceberg.SCHEMA : iceberg.lake.schema())
                        .asStruct());
            assertThat(table.history()).hasSameSizeAs(snapshots);
            assertSigned(name, snapshots);
          });
    }
    assertThat(error(iceberg.get("/iceberg/v1/Retail/namespaces/lake/tables/none")))
        .isEqualTo("404 NoSuchTableException");
  }

  /** Files of these snapshots are signed, those of others are not. */
  private static void assertSigned(String name, List<Snapshot> shared) {
    String table = "/iceberg/v1/Retail/namespaces/lake/tables/" + name;
    JsonNode loaded = ServerClient.json(iceberg.get(table));
    String endpoint = loaded.path("config").path("s3.signer.endpoint").asText();
    for (Snapshot snapshot : iceberg.lake.snapshots()) {
      List<String> files = new ArrayList<>(List.of(snapshot.manifestListLocation()));
      snapshot
          .addedDataFiles(iceberg.lake.io())
          .forEach(
              file -> {
                // Files of older snapshots are those of newer ones too.
                if (shared.contains(snapshot)
                    || snapshot.snapshotId() == iceberg.lake.snapshot("audit").snapshotId()) {
                  files.add(file.location());
                }
              });
      for (String file : files) {
        assertThat(iceberg.post(endpoint, inStore(file)).statusCode())
            .as(name + " " + file)
            .isEqualTo(shared.contains(snapshot) ? 200 : 403);
      }
    }
    // All of the history is in it.
    assertThat(
            iceberg.post(endpoint, inStore(loaded.path("metadata-location").asText())).statusCode())
        .isEqualTo(403);
  }

  @Test
  void credentialsAreGivenForTablesThatAreOfferedByTheirDirectory() {
    String vended = "X-Iceberg-Access-Delegation";
    JsonNode both = iceberg.load("both", vended, "remote-signing, Vended-Credentials");
    assertThat(both.path("config").path("s3.secret-access-key").asText())
        .isEqualTo("canary-vended");
    assertThat(both.path("config").path("s3.session-token").asText()).isEqualTo("canary-session");
    assertThat(both.path("config").path("s3.endpoint").asText())
        .isEqualTo(S3Store.shared().endpoint() + "/");
    assertThat(both.path("config").path("s3.path-style-access").asText()).isEqualTo("true");
    assertThat(both.path("config").path("client.region").asText()).isEqualTo(S3Store.REGION);
    assertThat(both.path("config").has("s3.remote-signing-enabled")).isFalse();
    JsonNode stored = both.path("storage-credentials").get(0);
    assertThat(stored.path("prefix").asText()).isEqualTo("s3://" + iceberg.bucket + "/t/both");
    assertThat(stored.path("config")).isEqualTo(both.path("config"));
    assertThat(iceberg.records)
        .last()
        .satisfies(r -> assertThat(r.granted()).contains("/t/both until "));
    assertThat(
            ServerClient.json(iceberg.get(TABLES + "/both/credentials"))
                .path("storage-credentials"))
        .hasSize(1);
    assertThat(iceberg.load("directory").path("config").has("s3.access-key-id")).isTrue();
    assertThat(error(iceberg.sign("directory", "GET", iceberg.url("directory/part-1.parquet"))))
        .startsWith("403 ");
    JsonNode signed = iceberg.load("both", vended, "remote-signing");
    assertThat(signed.path("config").path("s3.remote-signing-enabled").asText()).isEqualTo("true");
    assertThat(signed.path("config").has("s3.access-key-id")).isFalse();
    assertThat(
            iceberg
                .load("whole", vended, "vended-credentials")
                .path("config")
                .has("s3.access-key-id"))
        .isFalse();
    assertThat(error(iceberg.get(TABLES + "/whole/credentials")))
        .isEqualTo("403 ForbiddenException");
  }

  @Test
  void theLogHasNoSecrets() {
    try (LogCapture log = LogCapture.ofProject(Level.TRACE)) {
      String endpoint = iceberg.load("whole").path("config").path("s3.signer.endpoint").asText();
      iceberg.sign("whole", "GET", iceberg.url("whole/part-1.parquet"));
      iceberg.sign("whole", "PUT", iceberg.url("whole/part-1.parquet"));
      iceberg.load("both", "X-Iceberg-Access-Delegation", "vended-credentials");
      iceberg.get(TABLES + "/elsewhere");
      String all = String.join("\n", log.lines()) + iceberg.records;
      assertThat(all)
          .doesNotContain("canary")
          .doesNotContain(endpoint.substring(endpoint.lastIndexOf('/') + 1));
    }
  }
}
