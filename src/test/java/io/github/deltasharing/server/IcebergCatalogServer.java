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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.auth.BearerHeader;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.server.share.Shares;
import io.github.deltasharing.testing.IcebergHttp;
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
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;

/**
 * A server with Iceberg's REST catalog over tables in an S3 store that checks signatures, and what
 * clients send to it. The files of data are a few bytes: nothing here reads rows.
 */
final class IcebergCatalogServer implements AutoCloseable {
  static final String TABLES = "/iceberg/v1/Retail/namespaces/sales/tables";

  /** Sees the share Retail. */
  static final String ANN = "ann-canary-token-1";

  /** Sees the share Other. */
  static final String BOB = "bob-canary-token-2";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String FORMATS = "delta.universalFormat.enabledFormats";
  private static final Schema COLUMNS =
      new Schema(Types.NestedField.optional(1, "id", Types.LongType.get()));

  final String bucket;
  final UniformTable whole;
  final UniformTable newest;
  final UniformTable moving;
  final Table lake;
  final MovableClock clock = new MovableClock(Instant.now());
  final List<AccessRecord> records = new CopyOnWriteArrayList<>();
  private final Path dir;
  private final S3Store.Key key;
  private final SharingServer server;

  /**
   * Starts it.
   *
   * @param dir where its tables are written, to be copied to the store
   */
  IcebergCatalogServer(Path dir) throws IOException {
    this.dir = dir;
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
            records::add,
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

  @Override
  public void close() {
    server.close();
  }

  private void log(String name, int versions, Map<String, String> properties) {
    WrittenLog log = new WrittenLog(dir.resolve(name));
    log.commit(0, PROTOCOL, metadata(SCHEMA, properties), add("part-0.parquet"));
    for (int version = 1; version <= versions; version++) {
      log.commit(version, add("part-" + version + ".parquet"));
    }
  }

  private UniformTable uniform(String name, int versions) throws IOException {
    return uniform(name, versions, "s3://" + bucket + "/t/" + name);
  }

  /** Of three files, of which each version adds one, and the last removes the first. */
  private UniformTable uniform(String name, int versions, String location) throws IOException {
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
  private Table lake(S3Store store) {
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

  static DataFile file(String location, int number) {
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath(location + "/part-" + number + ".parquet")
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(6)
        .withRecordCount(1)
        .build();
  }

  RESTCatalog catalog(String warehouse, String token, String... more) {
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

  static TableIdentifier id(String table) {
    return TableIdentifier.of("sales", table);
  }

  HttpResponse<String> send(
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

  HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, ANN, null, headers);
  }

  JsonNode load(String table, String... headers) {
    HttpResponse<String> response = get(TABLES + "/" + table, headers);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return ServerClient.json(response);
  }

  static String error(HttpResponse<String> response) {
    JsonNode error = ServerClient.json(response).path("error");
    assertThat(error.path("code").asInt()).isEqualTo(response.statusCode());
    assertThat(error.path("message").asText()).isNotEmpty();
    return response.statusCode() + " " + error.path("type").asText();
  }

  static String message(HttpResponse<String> response) {
    return ServerClient.json(response).path("error").path("message").asText();
  }

  HttpResponse<String> sign(String table, String method, String url, Object... headers) {
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
  String url(String path) {
    return S3Store.shared().endpoint() + "/" + bucket + "/t/" + path;
  }

  HttpResponse<String> post(String endpoint, String url) {
    ObjectNode body = MAPPER.createObjectNode();
    body.put("method", "GET").put("uri", url).putObject("headers");
    return send("POST", "/iceberg/" + endpoint, ANN, body.toString());
  }

  /** Sends a request as it was signed, and nothing else. */
  static HttpResponse<String> follow(String method, HttpResponse<String> signed, String... more) {
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

  static List<Long> snapshots(JsonNode loaded) {
    List<Long> ids = new ArrayList<>();
    loaded.path("metadata").path("snapshots").forEach(s -> ids.add(s.path("snapshot-id").asLong()));
    return ids;
  }

  static List<Long> snapshotIds(Table table) {
    return StreamSupport.stream(table.snapshots().spliterator(), false)
        .map(Snapshot::snapshotId)
        .toList();
  }

  static String inStore(String location) {
    return location.replaceFirst("^s3a?://", S3Store.shared().endpoint() + "/");
  }
}
