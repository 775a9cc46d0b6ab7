/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.testing.WrittenLog.PROTOCOL;
import static io.github.deltasharing.testing.WrittenLog.SCHEMA;
import static io.github.deltasharing.testing.WrittenLog.add;
import static io.github.deltasharing.testing.WrittenLog.metadata;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.auth.BearerHeader;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.server.share.Shares;
import io.github.deltasharing.testing.IcebergHttp;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.UniformTable;
import io.github.deltasharing.testing.WrittenIceberg;
import io.github.deltasharing.testing.WrittenLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Iceberg REST catalog over tables in an S3 store that checks signatures, as Iceberg's own
 * client and plain requests see it. The files of data are a few bytes: nothing here reads rows.
 */
class IcebergCatalogTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String FORMATS = "delta.universalFormat.enabledFormats";
  private static final Schema COLUMNS =
      new Schema(Types.NestedField.optional(1, "id", Types.LongType.get()));
  private static final String TABLES = "/iceberg/v1/Retail/namespaces/sales/tables";

  /** Sees the share Retail. */
  private static final String ANN = "ann-canary-token-1";

  /** Sees the share Other. */
  private static final String BOB = "bob-canary-token-2";

  @TempDir static Path dir;
  private static S3Store.Key key;
  private static String bucket;
  private static final List<AccessRecord> RECORDS = new CopyOnWriteArrayList<>();
  private static UniformTable whole;
  private static UniformTable newest;
  private static UniformTable moving;
  private static Table lake;
  private static final MovableClock clock = new MovableClock(Instant.now());
  private static SharingServer server;

  @BeforeAll
  static void start() throws IOException {
    S3Store store = S3Store.shared();
    bucket = store.newBucket("iceberg");
    key = store.newKeyOf("canary-secret-of-the-store", bucket);
    whole = uniform("whole", 2);
    newest = uniform("newest", 2);
    newest
        .table()
        .updateProperties()
        .set("s3.signer.uri", "http://evil.example")
        .set("comment", "of sales")
        .commit();
    uniform("behind", 3);
    moving = uniform("moving", 2);
    uniform("both", 2);
    uniform("directory", 2);
    log("delta", 1, Map.of());
    log("promised", 1, Map.of(FORMATS, "iceberg"));
    uniform("elsewhere", 2, "s3://" + bucket + "/t/another");
    Files.writeString(dir.resolve("whole/secret.txt"), "of the provider");
    store.copy(dir, bucket, "t/");
    lake = lake(store);
    Path local = dir.resolve("local");
    uniform("local", 2, "file:" + local);
    Path config = dir.resolve("share.yaml");
    Files.writeString(
        config,
        """
        authorization: {bearerToken: unused}
        port: 0
        endpoint: /s
        icebergCatalog: true
        storage:
        - prefix: s3a://%1$s
          hadoop: {%2$s}
          credentials: {type: static, accessKeyId: vended-id, secretAccessKey: canary-vended, sessionToken: canary-session}
        catalogs: [{name: lake, type: hadoop, warehouse: 's3://%1$s/lake'}]
        shares:
        - name: Retail
          schemas:
          - name: sales
            tables:
            - {name: Whole, location: 's3://%1$s/t/whole', historyShared: true}
            - {name: newest, location: 's3://%1$s/t/newest'}
            - {name: later, location: 's3://%1$s/t/newest', historyShared: true, startVersion: 3}
            - {name: behind, location: 's3://%1$s/t/behind'}
            - {name: moving, location: 's3://%1$s/t/moving'}
            - {name: both, location: 's3://%1$s/t/both', historyShared: true, accessModes: [url, dir]}
            - {name: directory, location: 's3://%1$s/t/directory', historyShared: true, accessModes: [dir]}
            - {name: delta, location: 's3://%1$s/t/delta'}
            - {name: promised, location: 's3://%1$s/t/promised'}
            - {name: elsewhere, location: 's3://%1$s/t/elsewhere'}
            - {name: missing, location: 's3://%1$s/t/missing'}
            - {name: local, location: '%3$s'}
          - name: lake
            tables:
            - {name: all, location: 'iceberg://lake/db/t', historyShared: true}
            - {name: new, location: 'iceberg://lake/db/t'}
            - {name: later, location: 'iceberg://lake/db/t', historyShared: true, startVersion: 2}
            - {name: branch, location: 'iceberg://lake/db/t?ref=audit'}
            - {name: tag, location: 'iceberg://lake/db/t?ref=first', historyShared: true}
            - {name: none, location: 'iceberg://lake/db/none'}
          - {name: empty, tables: []}
        - name: Other & more
          schemas:
          - {name: s, tables: [{name: t, location: 's3://%1$s/t/newest'}]}
        """
            .formatted(
                bucket,
                S3Store.hadoop(store.endpoint(), key).entrySet().stream()
                    .map(pair -> pair.getKey() + ": '" + pair.getValue() + "'")
                    .collect(Collectors.joining(", ")),
                local));
    ShareConfig read = ShareConfig.read(config);
    server =
        SharingServer.start(
            read,
            RECORDS::add,
            ServerParts.of(read)
                .withClock(clock)
                .withAuthenticator(
                    request -> {
                      String token = BearerHeader.require(request);
                      if (!token.equals(ANN) && !token.equals(BOB)) {
                        throw BearerHeader.refused();
                      }
                      return new Principal(token.substring(0, 3));
                    })
                .withShares(
                    principal ->
                        new Shares(
                            List.of(read.shares().get(principal.id().equals("ann") ? 0 : 1)))));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void forget() {
    RECORDS.clear();
  }

  private static void log(String name, int versions, Map<String, String> properties) {
    WrittenLog log = new WrittenLog(dir.resolve(name));
    log.commit(0, PROTOCOL, metadata(SCHEMA, properties), add("part-0.parquet"));
    for (int version = 1; version <= versions; version++) {
      log.commit(version, add("part-" + version + ".parquet"));
    }
  }

  private static UniformTable uniform(String name, int versions) throws IOException {
    return uniform(name, versions, "s3://" + bucket + "/t/" + name);
  }

  /** Of three files, of which each version adds one, and the last removes the first. */
  private static UniformTable uniform(String name, int versions, String location)
      throws IOException {
    Path directory = dir.resolve(name);
    log(name, versions, Map.of(FORMATS, "hudi, iceberg"));
    UniformTable table =
        new UniformTable(directory, location, COLUMNS, PartitionSpec.unpartitioned(), 0);
    for (int version = 0; version <= 2; version++) {
      Files.writeString(directory.resolve("part-" + version + ".parquet"), "file " + version);
      DataFile file = file(location, version);
      DataFile first = file(location, 0);
      if (version == 2) {
        table.commit(2, changes -> changes.newOverwrite().deleteFile(first).addFile(file).commit());
      } else {
        table.commit(version, changes -> changes.newAppend().appendFile(file).commit());
      }
    }
    return table;
  }

  /** A table of Iceberg's own catalog: a tag, two more commits, and another one on a branch. */
  private static Table lake(S3Store store) {
    Configuration hadoop = new Configuration();
    S3Store.hadoop(store.endpoint(), key).forEach(hadoop::set);
    WrittenIceberg written =
        WrittenIceberg.create(
            "s3a://" + bucket + "/lake/db/t",
            hadoop,
            WrittenIceberg.SCHEMA,
            PartitionSpec.unpartitioned(),
            Map.of("format-version", "2"));
    Table table = written.append("one", 0).table();
    table.manageSnapshots().createTag("first", table.currentSnapshot().snapshotId()).commit();
    table.updateSchema().addColumn("later", Types.StringType.get()).commit();
    written.append("two", 10).append("three", 20);
    table.manageSnapshots().createBranch("audit").commit();
    table.newAppend().appendFile(written.built("four", 30)).toBranch("audit").commit();
    return table;
  }

  private static DataFile file(String location, int number) {
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath(location + "/part-" + number + ".parquet")
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(6)
        .withRecordCount(1)
        .build();
  }

  private static RESTCatalog catalog(String warehouse, String token, String... more) {
    Map<String, String> properties =
        new java.util.HashMap<>(
            Map.of(
                "uri",
                server.uri().resolve("/iceberg").toString(),
                "warehouse",
                warehouse,
                "token",
                token,
                "io-impl",
                "org.apache.iceberg.inmemory.InMemoryFileIO"));
    for (int i = 0; i < more.length; i += 2) {
      properties.put(more[i], more[i + 1]);
    }
    return IcebergHttp.catalog(properties);
  }

  private static TableIdentifier id(String table) {
    return TableIdentifier.of("sales", table);
  }

  private static HttpResponse<String> send(
      String method, String path, String token, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri().resolve(path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return ServerClient.send(
        headers.length == 0 ? request.build() : request.headers(headers).build());
  }

  private static HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, ANN, null, headers);
  }

  private static JsonNode load(String table, String... headers) {
    HttpResponse<String> response = get(TABLES + "/" + table, headers);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return ServerClient.json(response);
  }

  private static String error(HttpResponse<String> response) {
    JsonNode error = ServerClient.json(response).path("error");
    assertThat(error.path("code").asInt()).isEqualTo(response.statusCode());
    assertThat(error.path("message").asText()).isNotEmpty();
    return response.statusCode() + " " + error.path("type").asText();
  }

  private static String message(HttpResponse<String> response) {
    return ServerClient.json(response).path("error").path("message").asText();
  }

  private static HttpResponse<String> sign(
      String table, String method, String url, Object... headers) {
    ObjectNode body = MAPPER.createObjectNode();
    body.put("method", method).put("uri", url).put("region", "nowhere");
    ObjectNode names = body.putObject("headers");
    for (int i = 0; i < headers.length; i += 2) {
      names.putArray((String) headers[i]).add((String) headers[i + 1]);
    }
    String endpoint = load(table).path("config").path("s3.signer.endpoint").asText("");
    return send(
        "POST",
        endpoint.isEmpty() ? TABLES + "/" + table + "/sign" : "/iceberg/" + endpoint,
        ANN,
        body.toString());
  }

  /** The URL of a path below the directories of tables. */
  private static String url(String path) {
    return S3Store.shared().endpoint() + "/" + bucket + "/t/" + path;
  }

  /** Sends a request as it was signed, and nothing else. */
  private static HttpResponse<String> follow(
      String method, HttpResponse<String> signed, String... more) {
    assertThat(signed.statusCode()).as(signed.body()).isEqualTo(200);
    JsonNode json = ServerClient.json(signed);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(json.path("uri").asText()))
            .method(method, BodyPublishers.noBody());
    json.path("headers")
        .fields()
        .forEachRemaining(
            header -> request.header(header.getKey(), header.getValue().get(0).asText()));
    return ServerClient.send(more.length == 0 ? request.build() : request.headers(more).build());
  }

  private static List<Long> snapshots(JsonNode loaded) {
    List<Long> ids = new ArrayList<>();
    loaded.path("metadata").path("snapshots").forEach(s -> ids.add(s.path("snapshot-id").asLong()));
    return ids;
  }

  @Test
  void icebergsClientListsWhatCanBeLoaded() throws IOException {
    try (RESTCatalog catalog = catalog("retail", ANN)) {
      assertThat(catalog.listNamespaces())
          .containsExactly(Namespace.of("empty"), Namespace.of("lake"), Namespace.of("sales"));
      assertThat(catalog.listNamespaces(Namespace.of("sales"))).isEmpty();
      assertThat(catalog.namespaceExists(Namespace.of("SALES"))).isTrue();
      assertThat(catalog.namespaceExists(Namespace.of("none"))).isFalse();
      assertThat(catalog.namespaceExists(Namespace.of("sales", "deeper"))).isFalse();
      assertThat(catalog.listTables(Namespace.of("empty"))).isEmpty();
      assertThat(catalog.listTables(Namespace.of("sales")))
          .extracting(TableIdentifier::name)
          .containsExactly("behind", "both", "directory", "moving", "newest", "Whole");
      assertThat(catalog.listViews(Namespace.of("sales"))).isEmpty();
      assertThat(catalog.tableExists(id("whole"))).isTrue();
      assertThat(catalog.tableExists(id("delta"))).isFalse();
      assertThat(catalog.tableExists(id("none"))).isFalse();
      assertThatThrownBy(() -> catalog.loadTable(id("none")))
          .isInstanceOf(NoSuchTableException.class);
      assertThatThrownBy(() -> catalog.loadTable(TableIdentifier.of("none", "t")))
          .hasMessageContaining("There is no schema 'none'");
      assertThatThrownBy(() -> catalog.listTables(Namespace.of("none")))
          .isInstanceOf(NoSuchNamespaceException.class);
    }
    try (RESTCatalog paged = catalog("Retail", ANN, "rest-page-size", "2")) {
      assertThat(paged.listTables(Namespace.of("sales"))).hasSize(6);
      assertThat(paged.listNamespaces()).hasSize(3);
    }
  }

  @Test
  void icebergsClientLoadsWhatItsOwnWriterWrote() throws IOException {
    try (RESTCatalog catalog = catalog("Retail", ANN)) {
      Table table = catalog.loadTable(id("whole"));
      assertThat(table.schema().sameSchema(whole.table().schema())).isTrue();
      assertThat(table.location()).isEqualTo(whole.table().location());
      assertThat(table.properties()).containsEntry("delta-version", "2");
      assertThat(snapshotIds(table)).isEqualTo(snapshotIds(whole.table()));
      assertThat(table.currentSnapshot()).isEqualTo(whole.table().currentSnapshot());
    }
    try (RESTCatalog catalog = catalog("Retail", ANN, "snapshot-loading-mode", "refs")) {
      Table table = catalog.loadTable(id("whole"));
      assertThat(table.currentSnapshot()).isEqualTo(whole.table().currentSnapshot());
      // The rest is loaded when it is wanted.
      assertThat(snapshotIds(table)).hasSize(3);
    }
    assertThat(snapshots(ServerClient.json(get(TABLES + "/whole?snapshots=refs")))).hasSize(1);
  }

  private static List<Long> snapshotIds(Table table) {
    return StreamSupport.stream(table.snapshots().spliterator(), false)
        .map(Snapshot::snapshotId)
        .toList();
  }

  @Test
  void nothingIsWritten() throws IOException {
    try (RESTCatalog catalog = catalog("Retail", ANN)) {
      Table table = catalog.loadTable(id("whole"));
      assertThatThrownBy(() -> table.updateProperties().set("a", "b").commit())
          .isInstanceOfAny(ForbiddenException.class, UnsupportedOperationException.class);
      assertThatThrownBy(() -> catalog.dropTable(id("whole")))
          .isInstanceOfAny(ForbiddenException.class, UnsupportedOperationException.class);
    }
    for (String each :
        List.of(
            "POST " + TABLES,
            "POST " + TABLES + "/whole",
            "DELETE " + TABLES + "/whole",
            "POST /iceberg/v1/Retail/namespaces",
            "DELETE /iceberg/v1/Retail/namespaces/sales",
            "POST /iceberg/v1/Retail/namespaces/sales/properties",
            "POST /iceberg/v1/Retail/namespaces/sales/register",
            "POST /iceberg/v1/Retail/tables/rename",
            "POST /iceberg/v1/Retail/transactions/commit",
            "POST /iceberg/v1/oauth/tokens",
            "PUT " + TABLES + "/whole/sign",
            "PATCH /iceberg/v1/config")) {
      String[] request = each.split(" ");
      assertThat(error(send(request[0], request[1], ANN, "{}")))
          .as(each)
          .isEqualTo("403 ForbiddenException");
    }
    assertThat(error(send("GET", TABLES + "/whole/sign", ANN, null)))
        .isEqualTo("405 UnsupportedOperationException");
    assertThat(error(get("/iceberg/v1/Retail/views/v"))).isEqualTo("404 NotFoundException");
    assertThat(send("POST", TABLES + "/whole/metrics", ANN, "{}").statusCode()).isEqualTo(204);
  }

  @Test
  void oneRecipientSeesNothingOfAnothers() {
    assertThatThrownBy(() -> catalog("Retail", "wrong")).isInstanceOf(NotAuthorizedException.class);
    HttpResponse<String> none = send("GET", "/iceberg/v1/config?warehouse=Retail", null, null);
    assertThat(error(none)).isEqualTo("401 NotAuthorizedException");
    String state = load("whole").path("config").path("s3.signer.endpoint").asText();
    for (String path :
        List.of(
            "/iceberg/v1/config?warehouse=Retail",
            "/iceberg/v1/Retail/namespaces",
            "/iceberg/v1/Retail/namespaces/sales",
            TABLES,
            TABLES + "/whole",
            TABLES + "/both/credentials",
            "/iceberg/v1/Retail/namespaces/sales/views")) {
      HttpResponse<String> there = send("GET", path, BOB, null);
      HttpResponse<String> nowhere = send("GET", path.replace("Retail", "Nowhere"), BOB, null);
      assertThat(there.statusCode()).as(path).isEqualTo(404);
      assertThat(there.body().replace("Retail", "Nowhere")).isEqualTo(nowhere.body());
    }
    assertThat(error(send("POST", "/iceberg/" + state, BOB, "{}"))).startsWith("404 ");
    assertThat(error(send("POST", TABLES + "/whole/metrics", BOB, "{}"))).startsWith("404 ");
    assertThat(
            ServerClient.json(
                    send("GET", "/iceberg/v1/config?warehouse=OTHER%20%26%20MORE", BOB, null))
                .path("overrides")
                .path("prefix")
                .asText())
        .isEqualTo("Other%20%26%20more");
    assertThat(
            send("GET", "/iceberg/v1/Other%20%26%20more/namespaces/s/tables/t", BOB, null)
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void onlyTheCurrentSnapshotIsThereWhereHistoryIsNotShared() {
    JsonNode loaded = load("newest");
    long current = newest.table().currentSnapshot().snapshotId();
    assertThat(snapshots(loaded)).containsExactly(current);
    JsonNode metadata = loaded.path("metadata");
    assertThat(metadata.path("metadata-log")).isEmpty();
    assertThat(metadata.path("snapshot-log")).hasSize(1);
    assertThat(metadata.path("refs").path("main").path("snapshot-id").asLong()).isEqualTo(current);
    assertThat(TableMetadataParser.fromJson(metadata.toString()).currentSnapshot().snapshotId())
        .isEqualTo(current);
    String lists = newest.table().currentSnapshot().manifestListLocation();
    assertThat(follow("GET", sign("newest", "GET", inStore(lists))).statusCode()).isEqualTo(200);
    for (Snapshot snapshot : newest.table().snapshots()) {
      if (snapshot.snapshotId() != current) {
        assertThat(error(sign("newest", "GET", inStore(snapshot.manifestListLocation()))))
            .isEqualTo("403 ForbiddenException");
      }
    }
    assertThat(error(sign("newest", "GET", url("newest/part-0.parquet"))))
        .isEqualTo("403 ForbiddenException");
    assertThat(error(sign("newest", "GET", inStore(loaded.path("metadata-location").asText()))))
        .isEqualTo("403 ForbiddenException");
    // Clients ask for its size.
    HttpResponse<String> head =
        sign("newest", "HEAD", inStore(loaded.path("metadata-location").asText()));
    assertThat(follow("HEAD", head).statusCode()).isEqualTo(200);
    assertThat(follow("GET", head).statusCode()).isEqualTo(403);
    assertThat(follow("GET", sign("newest", "GET", url("newest/part-1.parquet"))).body())
        .isEqualTo("file 1");
    // All of it where it is.
    assertThat(follow("GET", sign("whole", "GET", url("whole/part-0.parquet"))).body())
        .isEqualTo("file 0");
    String file = load("whole").path("metadata-location").asText();
    assertThat(follow("GET", sign("whole", "GET", inStore(file))).statusCode()).isEqualTo(200);
  }

  @Test
  void icebergTablesShowWhatTheirVersionsAre() throws IOException {
    List<Snapshot> main = new ArrayList<>();
    for (Snapshot at = lake.currentSnapshot();
        at != null;
        at = at.parentId() == null ? null : lake.snapshot(at.parentId())) {
      main.add(0, at);
    }
    Snapshot branch = lake.snapshot("audit");
    assertThat(main).hasSize(3);
    Map<String, List<Snapshot>> shared =
        Map.of(
            "all", main,
            "new", main.subList(2, 3),
            "later", main.subList(1, 3),
            "branch", List.of(branch),
            "tag", main.subList(0, 1));
    try (RESTCatalog catalog = catalog("Retail", ANN)) {
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
                .isEqualTo((name.equals("tag") ? WrittenIceberg.SCHEMA : lake.schema()).asStruct());
            assertThat(table.history()).hasSameSizeAs(snapshots);
            assertSigned(name, snapshots);
          });
    }
    assertThat(error(get("/iceberg/v1/Retail/namespaces/lake/tables/none")))
        .isEqualTo("404 NoSuchTableException");
  }

  /** Files of these snapshots are signed, those of others are not. */
  private static void assertSigned(String name, List<Snapshot> shared) {
    String table = "/iceberg/v1/Retail/namespaces/lake/tables/" + name;
    JsonNode loaded = ServerClient.json(get(table));
    String endpoint = loaded.path("config").path("s3.signer.endpoint").asText();
    for (Snapshot snapshot : lake.snapshots()) {
      List<String> files = new ArrayList<>(List.of(snapshot.manifestListLocation()));
      snapshot
          .addedDataFiles(lake.io())
          .forEach(
              file -> {
                // Files of older snapshots are those of newer ones too.
                if (shared.contains(snapshot)
                    || snapshot.snapshotId() == lake.snapshot("audit").snapshotId()) {
                  files.add(file.location());
                }
              });
      for (String file : files) {
        assertThat(post(endpoint, inStore(file)).statusCode())
            .as(name + " " + file)
            .isEqualTo(shared.contains(snapshot) ? 200 : 403);
      }
    }
    // All of the history is in it.
    assertThat(post(endpoint, inStore(loaded.path("metadata-location").asText())).statusCode())
        .isEqualTo(403);
  }

  private static String inStore(String location) {
    return location.replaceFirst("^s3a?://", S3Store.shared().endpoint() + "/");
  }

  @Test
  void requestsAreSignedAsTheyAreSent() {
    String file = url("whole/part-1.parquet");
    HttpResponse<String> range =
        follow("GET", sign("whole", "GET", file, "Range", "bytes=0-3"), "Range", "bytes=0-3");
    assertThat(range.statusCode()).isEqualTo(206);
    assertThat(range.body()).isEqualTo("file");
    assertThat(follow("HEAD", sign("whole", "HEAD", file)).statusCode()).isEqualTo(200);
    HttpResponse<String> mode = sign("whole", "GET", file, "X-Amz-Checksum-Mode", "ENABLED");
    assertThat(ServerClient.json(mode).path("headers").has("x-amz-checksum-mode")).isFalse();
    assertThat(follow("GET", mode, "x-amz-checksum-mode", "ENABLED").body()).isEqualTo("file 1");
    // What was signed for one method, file or header is of no use for another.
    assertThat(follow("HEAD", sign("whole", "GET", file)).statusCode()).isEqualTo(403);
    assertThat(follow("DELETE", sign("whole", "GET", file)).statusCode()).isEqualTo(403);
    assertThat(RECORDS)
        .filteredOn(record -> record.endpoint().equals("icebergSign"))
        .allSatisfy(
            record -> {
              assertThat(record.file()).isEqualTo("part-1.parquet");
              assertThat(record.table()).isEqualTo("Retail.sales.Whole");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "whole/secret.txt",
        "whole/_delta_log/00000000000000000000.json",
        "whole/part-9.parquet",
        "whole/",
        "whole",
        "newest/part-1.parquet",
        "whole/../newest/part-1.parquet",
        "whole/%2e%2e/newest/part-1.parquet",
        "whole/./part-1.parquet",
        "whole//part-1.parquet",
        "whole/part-1.parquet/",
        "whole/part-1.parquet?versionId=1",
        "whole/part-1.parquet?",
        "whole/part-1.parquet#x",
        "whole/part-1.parquet%00",
        "whole/part-1.parquet%0d%0aX: y",
        "whole/part-1%2",
        "whole%2fpart-1.parquet%ff",
        "Whole/part-1.parquet"
      })
  void noOtherFileIsSigned(String path) {
    assertThat(error(sign("whole", "GET", url(path)))).isEqualTo("403 ForbiddenException");
  }

  @Test
  void noOtherHostOrMethodIsSigned() {
    String file = "/" + bucket + "/t/whole/part-1.parquet";
    String store = S3Store.shared().endpoint().toString();
    for (String url :
        List.of(
            "http://127.0.0.1:1" + file,
            store.replace("http:", "https:") + file,
            store.replace("://", "://user@") + file,
            store + ".evil.example" + file,
            store + "/other" + file,
            store.replace("127.0.0.1", "evil.example") + file,
            "s3://" + bucket + "/t/whole/part-1.parquet",
            file,
            "")) {
      assertThat(error(sign("whole", "GET", url))).as(url).isEqualTo("403 ForbiddenException");
    }
    for (String method : List.of("PUT", "DELETE", "POST", "PATCH", "OPTIONS", "get", "GET\n", "")) {
      assertThat(error(sign("whole", method, store + file)))
          .as(method)
          .isEqualTo("403 ForbiddenException");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x-amz-copy-source, /other/key",
    "x-amz-date, 20200101T000000Z",
    "x-amz-security-token, t",
    "x-amz-request-payer, requester",
    "x-amz-server-side-encryption-customer-key, k",
    "x-amz-content-sha256, STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "Authorization, AWS4-HMAC-SHA256",
  })
  void noOtherHeaderIsSigned(String name, String value) {
    assertThat(error(sign("whole", "GET", url("whole/part-1.parquet"), name, value)))
        .isEqualTo("400 BadRequestException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{\"method\":\"GET\"}",
        "{\"method\":1,\"uri\":\"x\",\"headers\":{}}",
        "{\"method\":\"GET\",\"uri\":\"x\"}",
        "{\"method\":\"GET\",\"uri\":\"x\",\"headers\":[]}",
        "{\"method\":\"GET\",\"uri\":\"x\",\"headers\":{\"x-amz-a\":[\"1\",\"2\"]}}",
        "{\"method\":\"GET\",\"uri\":\"x\",\"headers\":{},\"provider\":\"gcs\"}",
        "{{"
      })
  void badRequestsToSignAreRefused(String body) {
    assertThat(error(send("POST", TABLES + "/whole/sign", ANN, body)))
        .isEqualTo("400 BadRequestException");
  }

  @Test
  void aClientGoesOnWithTheStateThatItHasLoaded() {
    String loaded = load("moving").path("config").path("s3.signer.endpoint").asText();
    String list = inStore(moving.table().currentSnapshot().manifestListLocation());
    assertThat(post(loaded, list).statusCode()).isEqualTo(200);
    DataFile first = file(moving.table().location(), 1);
    new WrittenLog(dir.resolve("moving")).commit(3, WrittenLog.remove("part-1.parquet"));
    moving.commit(3, changes -> changes.newDelete().deleteFile(first).commit());
    S3Store.shared().copy(dir.resolve("moving"), bucket, "t/moving/");

    String reloaded = load("moving").path("config").path("s3.signer.endpoint").asText();
    assertThat(error(post(reloaded, list))).startsWith("403 ");
    assertThat(error(post(reloaded, url("moving/part-1.parquet")))).startsWith("403 ");
    assertThat(post(loaded, list).statusCode()).isEqualTo(200);
    assertThat(post(loaded, url("moving/part-1.parquet")).statusCode()).isEqualTo(200);
    // A state that is not this one's, or is old, is none: the newest state counts.
    clock.move(Duration.ofSeconds(3601));
    try {
      assertThat(error(post(loaded, list))).startsWith("403 ");
      assertThat(post(loaded, url("moving/part-2.parquet")).statusCode()).isEqualTo(200);
    } finally {
      clock.move(Duration.ofSeconds(-3601));
    }
    assertThat(error(post(reloaded + "x", list))).startsWith("403 ");
    // Newer clients send it in the body, to the specification's endpoint.
    JsonNode state = load("moving").path("remote-signing-config").path("properties");
    ObjectNode body = MAPPER.createObjectNode();
    body.put("method", "GET").put("uri", url("moving/part-2.parquet")).putObject("headers");
    body.set("properties", state);
    assertThat(send("POST", TABLES + "/moving/sign", ANN, body.toString()).statusCode())
        .isEqualTo(200);
    assertThat(error(post(reloaded.replace("/moving/", "/newest/"), list))).startsWith("403 ");
  }

  private static HttpResponse<String> post(String endpoint, String url) {
    ObjectNode body = MAPPER.createObjectNode();
    body.put("method", "GET").put("uri", url).putObject("headers");
    return send("POST", "/iceberg/" + endpoint, ANN, body.toString());
  }

  @Test
  void metadataThatIsBehindItsTableSaysOfWhichVersionItIs() {
    assertThat(load("behind").path("metadata").path("properties").path("delta-version").asText())
        .isEqualTo("2");
    assertThat(RECORDS).last().satisfies(record -> assertThat(record.version()).isEqualTo(2));
  }

  @Test
  void tablesThatCannotBeServedAreRefusedByName() {
    Map<String, String> why =
        Map.of(
            "delta", "it is a Delta table without Iceberg metadata",
            "promised", "none of a version up to 1 is there",
            "elsewhere", "not below the table's directory",
            "local", "its files are not in S3",
            "later", "is of version 2, and it is shared from version 3 on");
    why.forEach(
        (table, words) -> {
          HttpResponse<String> response = get(TABLES + "/" + table);
          assertThat(error(response)).as(table).isEqualTo("400 BadRequestException");
          assertThat(message(response)).contains("Retail.sales." + table, words);
          assertThat(send("HEAD", TABLES + "/" + table, ANN, null).statusCode()).isEqualTo(404);
        });
    assertThat(error(get(TABLES + "/missing"))).isEqualTo("404 NoSuchTableException");
    assertThatThrownBy(() -> catalog("Retail", ANN).loadTable(id("delta")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("Delta table without Iceberg metadata");
  }

  @Test
  void credentialsAreGivenForTablesThatAreOfferedByTheirDirectory() {
    String vended = "X-Iceberg-Access-Delegation";
    JsonNode both = load("both", vended, "remote-signing, Vended-Credentials");
    assertThat(both.path("config").path("s3.secret-access-key").asText())
        .isEqualTo("canary-vended");
    assertThat(both.path("config").path("s3.session-token").asText()).isEqualTo("canary-session");
    assertThat(both.path("config").path("s3.endpoint").asText())
        .isEqualTo(S3Store.shared().endpoint().toString());
    assertThat(both.path("config").path("s3.path-style-access").asText()).isEqualTo("true");
    assertThat(both.path("config").path("client.region").asText()).isEqualTo(S3Store.REGION);
    assertThat(both.path("config").has("s3.remote-signing-enabled")).isFalse();
    JsonNode stored = both.path("storage-credentials").get(0);
    assertThat(stored.path("prefix").asText()).isEqualTo("s3://" + bucket + "/t/both");
    assertThat(stored.path("config")).isEqualTo(both.path("config"));
    assertThat(RECORDS).last().satisfies(r -> assertThat(r.granted()).contains("/t/both until "));
    assertThat(ServerClient.json(get(TABLES + "/both/credentials")).path("storage-credentials"))
        .hasSize(1);
    assertThat(load("directory").path("config").has("s3.access-key-id")).isTrue();
    assertThat(error(sign("directory", "GET", url("directory/part-1.parquet")))).startsWith("403 ");
    JsonNode signed = load("both", vended, "remote-signing");
    assertThat(signed.path("config").path("s3.remote-signing-enabled").asText()).isEqualTo("true");
    assertThat(signed.path("config").has("s3.access-key-id")).isFalse();
    assertThat(load("whole", vended, "vended-credentials").path("config").has("s3.access-key-id"))
        .isFalse();
    assertThat(error(get(TABLES + "/whole/credentials"))).isEqualTo("403 ForbiddenException");
  }

  @Test
  void propertiesOfTablesSetNoClients() {
    assertThat(newest.table().properties()).containsKeys("s3.signer.uri", "comment");
    JsonNode properties = load("newest").path("metadata").path("properties");
    assertThat(properties.has("s3.signer.uri")).isFalse();
    assertThat(properties.path("comment").asText()).isEqualTo("of sales");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/iceberg/v1/config",
        "/iceberg/v1/config?warehouse=",
        "/iceberg/v1/Retail/namespaces?pageSize=0",
        "/iceberg/v1/Retail/namespaces?pageSize=x",
        "/iceberg/v1/Retail/namespaces?pageToken=%20",
        "/iceberg/v1/Retail/namespaces/sales/tables?pageSize=-1",
        "/iceberg/v1/Retail/namespaces/sales/tables/whole?snapshots=none",
        "/iceberg/v1/Retail/namespaces?pageToken=a!",
        "/iceberg/v1/Retail/namespaces/%0a",
        "/iceberg/v1/Retail/namespaces/sales/tables/a%5cb"
      })
  void badParametersAreRefused(String path) {
    assertThat(error(get(path))).isEqualTo("400 BadRequestException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/iceberg",
        "/iceberg/",
        "/iceberg/v2/config",
        "/iceberg/v1/Retail/namespaces/",
        "/iceberg/v1/Retail/namespaces/sales%1Fwhole/tables/snapshots",
        "/iceberg/v1/Retail%1F/namespaces",
        "/iceberg/v1/Retail/namespaces/sales/tables/whole%2520",
        "/iceberg/v1/Retail/../Retail/namespaces/none",
        "/iceberg/v1/Retail/namespaces?parent=none"
      })
  void otherPathsLeadNowhere(String path) {
    assertThat(error(get(path))).startsWith("404 ");
  }

  @Test
  void theLogHasNoSecrets() {
    try (LogCapture log = LogCapture.ofProject(Level.TRACE)) {
      String endpoint = load("whole").path("config").path("s3.signer.endpoint").asText();
      sign("whole", "GET", url("whole/part-1.parquet"));
      sign("whole", "PUT", url("whole/part-1.parquet"));
      load("both", "X-Iceberg-Access-Delegation", "vended-credentials");
      get(TABLES + "/elsewhere");
      String all = String.join("\n", log.lines()) + RECORDS;
      assertThat(all)
          .doesNotContain("canary")
          .doesNotContain(endpoint.substring(endpoint.lastIndexOf('/') + 1));
    }
  }
}
