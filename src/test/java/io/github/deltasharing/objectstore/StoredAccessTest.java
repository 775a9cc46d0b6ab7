/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.objectstore;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.Corpus;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.S3Relay;
import io.github.deltasharing.testing.S3Request;
import io.github.deltasharing.testing.S3Request.Kind;
import io.github.deltasharing.testing.S3Sessions;
import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What recipients ask a store for, with which keys, and what happens when these end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoredAccessTest {
  private static final int FILES = 40;

  /** Less than the tenth of a life of 6 s that URLs are refreshed ahead; 20 of them are more. */
  private static final Duration DELAY = Duration.ofMillis(400);

  private static final Map<String, String> DIRECTORY = Map.of("accessMode", "dir");

  @TempDir static Path directory;
  private final S3Store store = S3Store.shared();
  private S3Relay relay;
  private final String bucket = store.newBucket("ours");
  private final String others = store.newBucket("others");
  private List<String> rows;

  @BeforeAll
  void write() {
    Path table = directory.resolve("forty");
    Corpus.interpreted(
        () -> {
          TestSpark.session()
              .range(0, 80, 1, FILES)
              .selectExpr("id", "concat('v', id) AS v")
              .write()
              .format("delta")
              .save(table.toString());
          rows = Rows.of(TestSpark.session().read().format("delta").load(table.toString()));
          return null;
        });
    store.copy(table, bucket, "shared/forty/");
    store.copy(table, others, "shared/forty/");
  }

  @BeforeEach
  void open() {
    relay = new S3Relay(store.endpoint());
  }

  @AfterEach
  void close() {
    relay.close();
  }

  private static Map<String, String> at(String bucket) {
    return Map.of("forty", "s3a://" + bucket + "/shared/forty");
  }

  private static Dataset<Row> read(String path, Map<String, String> options) {
    return TestSpark.session().read().format("deltaSharing").options(options).load(path);
  }

  @Test
  void aScanAsksForEachSmallFileOnceAndForNothingElse() throws Exception {
    try (StoredShare share =
        StoredShare.start(directory, at(bucket), store.newKey(bucket), relay, "")) {
      Dataset<Row> table = read(share.path("forty"), Map.of());
      assertThat(relay.requests()).isEmpty();
      assertThat(Rows.of(table)).isEqualTo(rows);
    }
    assertThat(relay.counts()).isEqualTo(Map.of(Kind.GET, (long) FILES));
    assertThat(relay.requests().stream().map(S3Request::key).distinct()).hasSize(FILES);
  }

  @Test
  void urlsThatEndInTheMiddleOfAScanAreRefreshed() throws Exception {
    try (StoredShare share =
        StoredShare.start(
            directory,
            at(bucket),
            store.newKey(bucket),
            relay,
            "preSignedUrlTimeoutSeconds: 6\n")) {
      relay.delay(DELAY);
      assertThat(Corpus.with(oneFileATask(), () -> Rows.of(read(share.path("forty"), Map.of()))))
          .isEqualTo(rows);
    }
    assertThat(
            relay.requests().stream().map(request -> request.query().get("X-Amz-Date")).distinct())
        .as("times of signing")
        .hasSizeGreaterThan(1);
  }

  private static Map<String, String> oneFileATask() {
    return Map.of(
        "spark.sql.files.maxPartitionBytes", "64m", "spark.sql.files.openCostInBytes", "64m");
  }

  @Test
  void twoSharesInOneQueryKeepTheirKeysApart() throws Exception {
    S3Store.Key ours = store.newKey(bucket);
    S3Store.Key theirs = store.newKey(others);
    try (StoredShare first = StoredShare.start(directory, at(bucket), ours, relay, "");
        StoredShare second = StoredShare.start(directory, at(others), theirs, relay, "")) {
      Dataset<Row> left = read(first.path("forty"), Map.of());
      Dataset<Row> right = read(second.path("forty"), Map.of());
      assertThat(left.join(right, "id").count()).isEqualTo(rows.size());
      assertThat(left.unionAll(right).count()).isEqualTo(2L * rows.size());
    }
    assertThat(relay.requests())
        .allSatisfy(
            request ->
                assertThat(request.keyId())
                    .isEqualTo(request.bucket().equals(bucket) ? ours.id() : theirs.id()));
  }

  @Test
  void aServerThatNamesAnotherOnesBucketGetsNothing() throws Exception {
    S3Store.Key theirs = store.newKey(others);
    try (StoredShare hostile = StoredShare.start(directory, at(bucket), theirs, relay, "")) {
      assertThatThrownBy(() -> read(hostile.path("forty"), Map.of()).collectAsList())
          .hasMessageContaining("share.schema.forty")
          .hasMessageNotContainingAny(theirs.secret(), TestShare.CANARY);
    }
  }

  private VendingServer vending(StoredShare share, String of, Duration life) throws Exception {
    S3Sessions sessions = new S3Sessions(store);
    relay.answerBy(sessions);
    return new VendingServer(
        share, directory, at(of), location -> sessions.credential(relay, location, life));
  }

  @Test
  void aDirectoryTakesTheSameRequestsForFilesAsUrls() throws Exception {
    try (StoredShare share =
            StoredShare.start(directory, at(bucket), store.newKey(bucket), relay, "");
        VendingServer vending = vending(share, bucket, Duration.ofMinutes(10))) {
      assertThat(Rows.of(read(share.path("forty"), Map.of()))).isEqualTo(rows);
      List<String> byUrls = requestsForFiles();
      relay.forget();
      assertThat(Rows.of(read(vending.path("forty"), DIRECTORY))).isEqualTo(rows);
      assertThat(requestsForFiles()).isEqualTo(byUrls);
      assertThat(vending.given()).isEqualTo(1);
      assertThat(vending.takeQueries()).isZero();
    }
  }

  /** Of each its key and the range of bytes. */
  private List<String> requestsForFiles() {
    return relay.requests(Kind.GET).stream()
        .filter(request -> request.key().endsWith(".parquet"))
        .map(request -> request.key() + " " + request.headers().get("Range"))
        .sorted()
        .toList();
  }

  @Test
  void credentialsThatEndInTheMiddleOfAScanAreRenewed() throws Exception {
    try (StoredShare share =
            StoredShare.start(directory, at(bucket), store.newKey(bucket), relay, "");
        VendingServer vending = vending(share, bucket, Duration.ofSeconds(6))) {
      Dataset<Row> table = read(vending.path("forty"), DIRECTORY);
      relay.delay(DELAY);
      assertThat(Corpus.with(oneFileATask(), () -> Rows.of(table))).isEqualTo(rows);
      assertThat(vending.given()).isGreaterThan(1);
    }
    assertThat(relay.requests().stream().map(S3Request::keyId).distinct())
        .as("keys that signed")
        .hasSizeGreaterThan(1);
  }

  @Test
  void tenThousandFilesAreListedByTheLogAlone() throws Exception {
    Path table = WideLog.write(directory.resolve("wide"), 10_000);
    store.copy(table, bucket, "shared/wide/");
    Map<String, String> wide = Map.of("wide", "s3a://" + bucket + "/shared/wide");
    S3Sessions sessions = new S3Sessions(store);
    relay.answerBy(sessions);
    try (StoredShare share = StoredShare.start(directory, wide, store.newKey(bucket), relay, "");
        VendingServer vending =
            new VendingServer(
                share,
                directory,
                wide,
                location -> sessions.credential(relay, location, Duration.ofMinutes(10)))) {
      Dataset<Row> all = read(vending.path("wide"), DIRECTORY);
      assertThat(all.count()).isEqualTo(10_000);
      assertThat(relay.counts())
          .as("load and count(*) by statistics: %s", relay.requests())
          .isEqualTo(Map.of(Kind.LIST, 2L, Kind.GET, 3L));
      relay.forget();
      assertThat(Rows.of(read(vending.path("wide"), DIRECTORY).where("id IN (3, 9997)")))
          .isEqualTo(List.of("{id=Long:3}", "{id=Long:9997}"));
      assertThat(requestsForFiles()).hasSize(2);
      assertThat(relay.requests(Kind.LIST)).hasSize(2);
      assertThat(relay.requests(Kind.HEAD)).isEmpty();
    }
  }

  @Test
  void twoDirectoriesInOneQueryKeepTheirCredentialsApart() throws Exception {
    try (StoredShare first =
            StoredShare.start(directory, at(bucket), store.newKey(bucket), relay, "");
        StoredShare second =
            StoredShare.start(directory, at(others), store.newKey(others), relay, "");
        VendingServer ours = vending(first, bucket, Duration.ofMinutes(10));
        VendingServer theirs = vending(second, others, Duration.ofMinutes(10))) {
      Dataset<Row> left = read(ours.path("forty"), DIRECTORY);
      Dataset<Row> right = read(theirs.path("forty"), DIRECTORY);
      assertThat(left.join(right, "id").count()).isEqualTo(rows.size());
      assertThat(left.unionAll(right).count()).isEqualTo(2L * rows.size());
    }
    assertThat(
            relay.requests().stream()
                .collect(
                    Collectors.groupingBy(
                        S3Request::keyId, Collectors.mapping(S3Request::bucket, toSet())))
                .values())
        .containsExactlyInAnyOrder(Set.of(bucket), Set.of(others));
    TestSpark.session()
        .sparkContext()
        .hadoopConfiguration()
        .forEach(
            setting ->
                assertThat(setting.getKey())
                    .doesNotMatch("fs\\.s3a\\..*(access\\.key|secret\\.key|session\\.token)"));
  }

  /** A server that offers our table as at the other one's place, with a credential for its own. */
  @Test
  void aDirectoryOfAnotherOneIsRefusedByTheStore() throws Exception {
    S3Sessions sessions = new S3Sessions(store);
    relay.answerBy(sessions);
    S3Sessions.Session own = sessions.issue(others, "", Duration.ofMinutes(10));
    try (StoredShare share =
            StoredShare.start(directory, at(others), store.newKey(others), relay, "");
        VendingServer hostile =
            new VendingServer(
                share, directory, at(bucket), location -> S3Sessions.fields(own, relay))) {
      assertThatThrownBy(() -> read(hostile.path("forty"), DIRECTORY).collectAsList())
          .hasMessageContaining("share.schema.forty")
          .hasMessageContaining("403")
          .hasMessageNotContainingAny(own.key().secret(), own.token(), TestShare.CANARY);
    }
    assertThat(requestsForFiles()).isEmpty();
  }

  @Test
  void profilesOfReadsAndCatalogsLieInBuckets() throws Exception {
    S3Store.Key key = store.newKey(bucket);
    SparkSession session = TestSpark.session().newSession();
    S3Store.hadoop(store.endpoint(), key)
        .forEach(
            (name, value) ->
                session
                    .conf()
                    .set(name.replace("fs.s3a.", "fs.s3a.bucket." + bucket + "."), value));
    try (StoredShare share =
        StoredShare.start(directory, at(bucket), store.newKey(bucket), relay, "")) {
      Path profiles = Files.createTempDirectory(directory, "profiles");
      Files.copy(share.profile(), profiles.resolve("config.share"));
      store.copy(profiles, bucket, "team/");
      String profile = "s3a://" + bucket + "/team/config.share";
      SparkSession.setActiveSession(session);
      Dataset<Row> table =
          session.read().format("deltaSharing").load(profile + "#share.schema.forty");
      assertThat(Rows.of(table)).isEqualTo(rows);
      session
          .conf()
          .set("spark.sql.catalog.stored", "io.github.deltasharing.catalog.SharingCatalog");
      session.conf().set("spark.sql.catalog.stored.profile", profile);
      assertThat(Rows.of(session.table("stored.share.schema.forty"))).isEqualTo(rows);
    } finally {
      SparkSession.setActiveSession(TestSpark.session());
    }
  }
}
