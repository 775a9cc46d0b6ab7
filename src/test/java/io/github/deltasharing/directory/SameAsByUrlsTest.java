/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.ProfileSource;
import io.github.deltasharing.client.QueryRequest;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.ScanHints;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableCredential;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.StoreCredential.S3Keys;
import io.github.deltasharing.schema.TableFeatures;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.StreamRuns;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the driver finds in a table's directory is what a sharing server responds about the same
 * table. Delta Lake writes the table.
 */
class SameAsByUrlsTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final List<ResponseFormat> BOTH =
      List.of(ResponseFormat.PARQUET, ResponseFormat.DELTA);

  @TempDir static Path directory;
  private static TestShare share;

  private TableOnStore table;
  private SharingClient urls;
  private SharingClient dir;

  @BeforeAll
  static void write() throws IOException {
    Path path = directory.resolve("t");
    sql(
        "CREATE TABLE %s (id BIGINT, p STRING, v STRING) USING delta PARTITIONED BY (p) TBLPROPERTIES"
            + " (delta.enableChangeDataFeed = true, delta.enableDeletionVectors = true,"
            + " delta.columnMapping.mode = 'name', delta.checkpointInterval = 3)",
        path);
    sql(
        "INSERT INTO %s SELECT id, IF(id %% 3 = 0, NULL, concat('a b/', id %% 3)), concat('v', id) FROM range(0, 60, 1, 2)",
        path);
    sql("DELETE FROM %s WHERE id %% 7 = 1", path);
    sql("UPDATE %s SET v = 'u' WHERE id = 5", path);
    sql("INSERT INTO %s VALUES (100, 'x', 'y')", path);
    sql("DELETE FROM %s WHERE p = 'a b/2'", path);
    inWholeSeconds(path.resolve("_delta_log"));
    share = TestShare.withHistory(directory, List.of("t"));
  }

  /** As stores have the times of files: those of commits are versions' times. */
  private static void inWholeSeconds(Path log) throws IOException {
    try (Stream<Path> files = Files.list(log)) {
      for (Path file : files.toList()) {
        Instant time = Files.getLastModifiedTime(file).toInstant();
        Files.setLastModifiedTime(file, FileTime.from(time.truncatedTo(ChronoUnit.SECONDS)));
      }
    }
  }

  @AfterAll
  static void close() {
    share.close();
  }

  private static void sql(String statement, Path path) {
    SPARK.sql(statement.formatted("delta.`" + path + "`"));
  }

  @BeforeEach
  void open() {
    urls =
        SharingClient.open(
            ProfileSource.file(share.profile()), new SharingReadConf(Map.of(), name -> null));
    table = new TableOnStore(urls).with(directory.resolve("t"));
    dir = table.directory();
  }

  @AfterEach
  void closeStore() {
    table.close();
  }

  @Test
  void metadataOfAllVersions() {
    for (AsOf asOf :
        List.of(AsOf.latest(), AsOf.ofVersion(0), AsOf.ofVersion(2), AsOf.ofVersion(5))) {
      TableMetadata expected =
          urls.metadata(TableOnStore.NAME, asOf, BOTH, TableFeatures.SUPPORTED);
      TableMetadata found = dir.metadata(TableOnStore.NAME, asOf, BOTH, TableFeatures.SUPPORTED);
      assertThat(found.version()).isEqualTo(expected.version());
      assertThat(found.format()).isEqualTo(expected.format());
      assertThat(found.protocol().readerFeatures()).isEqualTo(expected.protocol().readerFeatures());
      assertThat(found.metadata().served(null, null, null, table.access))
          .isEqualTo(expected.metadata().served(null, null, null, table.access));
      assertThat(found.metadata().size()).isEqualTo(expected.metadata().size());
    }
    assertThat(dir.version(TableOnStore.NAME)).isEqualTo(urls.version(TableOnStore.NAME));
    assertThat(table.requested).hasSize(1);
  }

  @Test
  void filesOfSnapshotsWithTheirBytes() throws Exception {
    for (AsOf asOf : List.of(AsOf.latest(), AsOf.ofVersion(1), AsOf.ofVersion(3))) {
      QueryRequest ofStreams = QueryRequest.latest(BOTH, TableFeatures.SUPPORTED).at(asOf);
      for (QueryRequest request : List.of(ofStreams, ofStreams.withFileIds(ResponseFormat.DELTA))) {
        QueryResult expected = urls.query(TableOnStore.NAME, request);
        QueryResult found = dir.query(TableOnStore.NAME, request);
        assertThat(found.files()).hasSameSizeAs(expected.files()).isNotEmpty();
        assertSame(found.files(), expected.files());
        assertThat(found.urlExpiration()).isGreaterThan(System.currentTimeMillis() + 3_000_000);
      }
    }
  }

  @Test
  void changes() throws Exception {
    for (ChangesRequest.Feed feed : ChangesRequest.Feed.values()) {
      ChangesRequest request =
          new ChangesRequest(
              feed, AsOf.ofVersion(1), AsOf.ofVersion(5), BOTH, TableFeatures.SUPPORTED, null);
      ChangesResult expected = urls.changes(TableOnStore.NAME, request);
      ChangesResult found = dir.changes(TableOnStore.NAME, request);
      assertThat(found.files().stream().map(file -> file.kind() + key(file.file())))
          .containsExactlyInAnyOrderElementsOf(
              expected.files().stream().map(file -> file.kind() + key(file.file())).toList());
      assertThat(found.laterMetadata()).hasSameSizeAs(expected.laterMetadata());
      assertThat(found.laterProtocols()).isEqualTo(expected.laterProtocols());
      assertThat(found.table().version()).isEqualTo(expected.table().version());
      assertSame(
          found.files().stream().map(file -> file.file()).toList(),
          expected.files().stream().map(file -> file.file()).toList());
    }
  }

  @Test
  void aRefreshSignsThePlannedVersionAgain() {
    QueryRequest request = QueryRequest.latest(BOTH, TableFeatures.SUPPORTED).at(AsOf.latest());
    QueryResult planned = dir.query(TableOnStore.NAME, request);
    QueryResult again =
        dir.query(TableOnStore.NAME, request.refreshing(planned.refreshToken()).forUrls());
    assertThat(again.table().version()).isEqualTo(planned.table().version());
    assertThat(ids(again)).containsExactlyInAnyOrderElementsOf(ids(planned));
    assertThat(again.files()).allMatch(file -> file.stats() == null);
  }

  @Test
  void hintsLeaveOutTheSameFiles() {
    String p =
        "{\"op\":\"equal\",\"children\":[{\"op\":\"column\",\"name\":\"p\",\"valueType\":\"string\"},"
            + "{\"op\":\"literal\",\"value\":\"x\",\"valueType\":\"string\"}]}";
    for (ScanHints hints :
        List.of(new ScanHints(List.of(), p, null), new ScanHints(List.of(), null, 1))) {
      QueryRequest request = QueryRequest.latest(BOTH, TableFeatures.SUPPORTED).with(hints);
      assertThat(dir.query(TableOnStore.NAME, request).files())
          .hasSameSizeAs(urls.query(TableOnStore.NAME, request).files())
          .hasSize(1);
    }
  }

  @Test
  void refusalsHaveTheStatusOfTheServers() {
    List<Function<SharingClient, Object>> requests =
        List.of(
            client ->
                client.metadata(
                    TableOnStore.NAME, AsOf.ofVersion(99), BOTH, TableFeatures.SUPPORTED),
            client -> client.version(TableOnStore.NAME, "2999-01-01T00:00:00Z"),
            client ->
                client.metadata(
                    TableOnStore.NAME,
                    AsOf.ofTimestamp(Instant.EPOCH),
                    BOTH,
                    TableFeatures.SUPPORTED),
            client ->
                client.changes(
                    TableOnStore.NAME,
                    new ChangesRequest(
                        ChangesRequest.Feed.ROWS,
                        AsOf.ofVersion(50),
                        AsOf.latest(),
                        BOTH,
                        TableFeatures.SUPPORTED,
                        null)),
            client ->
                client.metadata(
                    TableOnStore.NAME, AsOf.latest(), List.of(ResponseFormat.PARQUET), List.of()));
    for (Function<SharingClient, Object> request : requests) {
      Throwable expected = catchThrowable(() -> request.apply(urls));
      Throwable found = catchThrowable(() -> request.apply(dir));
      assertThat(found).isInstanceOf(SharingServerException.class);
      assertThat(((SharingServerException) found).status())
          .isEqualTo(((SharingServerException) expected).status());
      assertThat(((SharingServerException) found).errorCode())
          .isEqualTo(((SharingServerException) expected).errorCode());
    }
  }

  /** A server that knows the table's place and gives credentials, and nothing else. */
  private StubServer server() {
    String path = "/api/shares/share/schemas/schema/tables/t";
    return new StubServer()
        .on(
            path,
            StubAnswer.json(
                "{\"name\":\"t\",\"accessModes\":[\"dir\"],\"location\":\"%s\"}"
                    .formatted(table.access.location())))
        .on(
            path + "/temporary-table-credentials",
            request -> {
              TableCredential given =
                  table.temporaryCredential(TableOnStore.NAME, table.access.location(), null);
              S3Keys keys = (S3Keys) given.credential();
              return StubAnswer.json(
                  ("{\"credentials\":{\"location\":\"%s\",\"awsTempCredentials\":{\"accessKeyId\":\"%s\","
                          + "\"secretAccessKey\":\"%s\",\"sessionToken\":\"%s\",\"endpoint\":\"%s\","
                          + "\"region\":\"%s\",\"pathStyleAccess\":true},\"expirationTime\":%d}}")
                      .formatted(
                          table.access.location(),
                          keys.accessKeyId(),
                          keys.secretAccessKey(),
                          keys.sessionToken(),
                          keys.endpoint(),
                          keys.region(),
                          given.expires().toEpochMilli()));
            });
  }

  private static Path profile(StubServer server) throws IOException {
    Path profile = Files.createTempFile(directory, "p", ".share");
    TestShare.writeProfile(profile, "http://127.0.0.1:" + server.port() + "/api", TestShare.CANARY);
    return profile;
  }

  private static Dataset<Row> delta(Map<String, String> options) {
    return SPARK.read().format("delta").options(options).load(directory.resolve("t").toString());
  }

  private static Dataset<Row> shared(Path profile, Map<String, String> options) {
    return SPARK
        .read()
        .format("deltaSharing")
        .option("accessMode", "dir")
        .options(options)
        .load(profile + "#share.schema.t");
  }

  @Test
  void rowsAreThoseThatDeltaLakeReads() throws Exception {
    try (StubServer server = server()) {
      Path profile = profile(server);
      for (Map<String, String> options :
          List.of(
              Map.<String, String>of(),
              Map.of("versionAsOf", "2"),
              Map.of("readChangeFeed", "true", "startingVersion", "1"),
              Map.of("readChangeFeed", "true", "startingVersion", "2", "endingVersion", "3"))) {
        Rows.assertSame(shared(profile, options), delta(options));
      }
      Rows.assertSame(
          shared(profile, Map.of()).where("p = 'a b/1' AND id > 20").select("v", "id"),
          delta(Map.of()).where("p = 'a b/1' AND id > 20").select("v", "id"));
      assertThat(shared(profile, Map.of()).count()).isEqualTo(delta(Map.of()).count());
      Map<String, String> feed = Map.of("readChangeFeed", "true", "startingVersion", "1");
      Map<String, String> shared = new HashMap<>(feed);
      shared.put("accessMode", "dir");
      StreamRuns.Run stream =
          StreamRuns.availableNow(
              StreamRuns.shared(name -> profile + "#share.schema." + name, "t", shared),
              Files.createTempDirectory(directory, "checkpoint"));
      assertThat(stream.rows()).isEqualTo(Rows.of(delta(feed)));
      assertThat(server.requests().stream().map(StubRequest::target).distinct())
          .as("nothing else is requested")
          .hasSize(2);
    }
  }

  /** A checkpoint within the first snapshot, by URLs and then by the directory. */
  @Test
  void aStreamGoesOnInTheOtherMode() throws Exception {
    Path checkpoint = Files.createTempDirectory(directory, "checkpoint");
    Map<Long, List<String>> byBatch = new ConcurrentHashMap<>();
    Map<String, String> one = Map.of("maxFilesPerTrigger", "1");
    StreamingQuery query =
        batches(StreamRuns.shared(share, "t", one), checkpoint, Trigger.ProcessingTime(0), byBatch);
    for (int i = 0; i < 600 && byBatch.size() < 2; i++) {
      Thread.sleep(50);
    }
    query.stop();
    int before = byBatch.size();
    try (StubServer server = server()) {
      Path profile = profile(server);
      batches(
              StreamRuns.shared(
                  name -> profile + "#share.schema." + name,
                  "t",
                  Map.of("maxFilesPerTrigger", "1", "accessMode", "dir")),
              checkpoint,
              Trigger.AvailableNow(),
              byBatch)
          .awaitTermination();
    }
    assertThat(before).isGreaterThanOrEqualTo(1);
    assertThat(byBatch.size()).isGreaterThan(before);
    assertThat(byBatch.values().stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(Rows.of(delta(Map.of())));
  }

  /** By the batch's number: one that was cut off is done again. */
  private static StreamingQuery batches(
      Dataset<Row> stream, Path checkpoint, Trigger trigger, Map<Long, List<String>> to)
      throws Exception {
    VoidFunction2<Dataset<Row>, Long> keep =
        (batch, id) -> to.put(id, batch.collectAsList().stream().map(Rows::render).toList());
    return stream
        .writeStream()
        .option("checkpointLocation", checkpoint.toString())
        .trigger(trigger)
        .foreachBatch(keep)
        .start();
  }

  /** Credentials of two seconds, and a scan that takes longer: each file's URL is signed again. */
  @Test
  void credentialsThatEndInTheMiddleOfAScanAreRenewed() throws Exception {
    table.life = Duration.ofSeconds(2);
    table.relay.delay(Duration.ofMillis(300));
    try (StubServer server = server()) {
      Dataset<Row> rows = shared(profile(server), Map.of("prefetchMemory", "0"));
      Rows.assertSame(rows.coalesce(1), delta(Map.of()));
    }
    assertThat(table.requested).hasSizeGreaterThan(1);
  }

  private static List<String> ids(QueryResult result) {
    return result.files().stream().map(AddFile::id).toList();
  }

  private static String key(AddFile file) {
    return "%s %d %s %s %s %s %s %s"
        .formatted(
            file.id(),
            file.size(),
            file.partitionValues(),
            file.stats(),
            file.version(),
            file.timestamp(),
            file.modificationTime(),
            file.deletionVector() == null
                ? ""
                : file.deletionVector().storageType()
                    + file.deletionVector().offset()
                    + file.deletionVector().sizeInBytes()
                    + file.deletionVector().cardinality());
  }

  /** The same files, and the same bytes behind their URLs. */
  private static void assertSame(List<AddFile> found, List<AddFile> expected) throws Exception {
    assertThat(found.stream().map(SameAsByUrlsTest::key))
        .containsExactlyInAnyOrderElementsOf(expected.stream().map(SameAsByUrlsTest::key).toList());
    Comparator<AddFile> order = Comparator.comparing(SameAsByUrlsTest::key);
    List<AddFile> a = found.stream().sorted(order).toList();
    List<AddFile> b = expected.stream().sorted(order).toList();
    for (int i = 0; i < a.size(); i++) {
      assertThat(get(a.get(i).url())).isEqualTo(get(b.get(i).url()));
      if (a.get(i).deletionVector() != null
          && a.get(i).deletionVector().storageType().equals("p")) {
        assertThat(get(a.get(i).deletionVector().pathOrInlineDv()))
            .isEqualTo(get(b.get(i).deletionVector().pathOrInlineDv()));
      }
    }
  }

  private static byte[] get(String url) throws Exception {
    var response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }
}
