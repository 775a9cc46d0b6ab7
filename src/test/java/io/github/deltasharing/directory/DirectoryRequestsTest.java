/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.Profile;
import io.github.deltasharing.client.QueryRequest;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableCredential;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.StoreCredential;
import io.github.deltasharing.protocol.StoreCredential.S3Keys;
import io.github.deltasharing.protocol.TableAccess;
import io.github.deltasharing.source.ListedFile;
import io.github.deltasharing.testing.ClosedPort;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.S3Request;
import io.github.deltasharing.testing.S3Sessions;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.WrittenLog;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The driver's requests to a table's directory: how many, with which credential, and what becomes
 * of refusals and of logs that lead elsewhere. The store checks signatures and session tokens.
 */
@Tag("unit")
class DirectoryRequestsTest {
  private static final List<ResponseFormat> FORMATS =
      List.of(ResponseFormat.PARQUET, ResponseFormat.DELTA);
  private static final QueryRequest LATEST = QueryRequest.latest(FORMATS, List.of());

  @TempDir private Path directory;
  private final ClosedPort port = new ClosedPort();
  private WrittenLog log;
  private TableOnStore table;

  @BeforeEach
  void write() {
    Path path = directory.resolve("t");
    log = new WrittenLog(path);
    table =
        new TableOnStore(
            SharingClient.open(
                () ->
                    Profile.fromJson(
                        "p.share",
                        "{\"shareCredentialsVersion\":1,\"endpoint\":\"http://127.0.0.1:"
                            + port.number()
                            + "/s\",\"bearerToken\":\"t\"}"),
                new SharingReadConf(Map.of("numRetries", "0"), name -> null)));
  }

  @AfterEach
  void close() {
    table.close();
    port.close();
  }

  private void commits(int versions) {
    for (int version = 0; version < versions; version++) {
      log.commit(
          version,
          (version == 0
                  ? Stream.of(
                      WrittenLog.PROTOCOL,
                      WrittenLog.metadata(WrittenLog.SCHEMA),
                      WrittenLog.add("part-0.parquet"))
                  : Stream.of(WrittenLog.add("part-" + version + ".parquet")))
              .toArray(String[]::new));
    }
  }

  private static TableMetadata metadata(SharingClient client) {
    return client.metadata(TableOnStore.NAME, AsOf.latest(), FORMATS, List.of());
  }

  private static QueryResult query(SharingClient client) {
    return client.query(TableOnStore.NAME, LATEST);
  }

  @Test
  void noRequestForAFileAndNoneTwice() {
    log.commit(
        0,
        Stream.concat(
                Stream.of(WrittenLog.PROTOCOL, WrittenLog.metadata(WrittenLog.SCHEMA)),
                IntStream.range(0, 5_000).mapToObj(i -> WrittenLog.add("part-" + i + ".parquet")))
            .toArray(String[]::new));
    table.with(directory.resolve("t"));
    SharingClient client = table.directory();
    metadata(client);
    // The hint for a checkpoint, the listing, the commit.
    assertThat(table.relay.counts())
        .isEqualTo(Map.of(S3Request.Kind.LIST, 1L, S3Request.Kind.GET, 2L));
    table.relay.forget();
    assertThat(query(client).files()).hasSize(5_000);
    // Whether there is another commit; the last one was listed a moment ago.
    assertThat(table.relay.counts()).isEqualTo(Map.of(S3Request.Kind.LIST, 1L));
    assertThat(table.requested).hasSize(1);
  }

  @Test
  void aNewCommitIsSeenAtOnce() {
    commits(2);
    table.with(directory.resolve("t"));
    SharingClient client = table.directory();
    assertThat(metadata(client).version()).isEqualTo(1);
    commits(3);
    table.with(directory.resolve("t"));
    assertThat(client.version(TableOnStore.NAME)).isEqualTo(2);
    assertThat(query(client).files()).hasSize(3);
  }

  /** It is listed with the log, and each checkpoint writes it again. */
  @Test
  void theHintForACheckpointIsReadAsItIsNow() throws Exception {
    commits(1);
    String hint = "_last_checkpoint";
    log.write(hint, "{\"version\":9,\"size\":2}");
    table.with(directory.resolve("t"));
    ObjectDirectory storage = table.storage();
    assertThat(storage.list("_delta_log", "")).hasSize(2);
    for (String now : List.of("{\"version\":10,\"size\":12}", "{}")) {
      log.write(hint, now);
      table.with(directory.resolve("t"));
      try (InputStream in = storage.open("_delta_log/" + hint)) {
        assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo(now);
      }
    }
  }

  /** Kernel asks for it four times, with pauses of a second. */
  @Test
  void aHintThatCannotBeReadCostsNoTime() {
    commits(2);
    table.with(directory.resolve("t"));
    table.relay.answerBy(
        request ->
            request.kind() == S3Request.Kind.GET && request.key().endsWith("_last_checkpoint")
                ? S3Sessions.refusal(403, "AccessDenied", "Access Denied")
                : Optional.empty());
    assertThat(metadata(table.directory()).version()).isEqualTo(1);
    assertThat(table.relay.requests(S3Request.Kind.GET))
        .filteredOn(request -> request.key().endsWith("_last_checkpoint"))
        .hasSize(1);
  }

  @Test
  void aTableThatMovedIsFoundByTheNextRequest() {
    commits(2);
    table.with(directory.resolve("t"));
    SharingClient client = table.directory();
    metadata(client);
    table.delete("some dir/t/");
    table.copy(directory.resolve("t"), "moved/t/");
    table.access = new TableAccess(List.of("dir"), "s3://" + table.bucket + "/moved/t", List.of());
    assertThatThrownBy(
            () -> client.metadata(TableOnStore.NAME, AsOf.ofVersion(0), FORMATS, List.of()))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("share.schema.t");
    assertThat(query(client).files())
        .hasSize(2)
        .allMatch(file -> file.place().contains("/moved/t/part-"));
  }

  /** A server may have no third one: who was refused with the first goes on with the second. */
  @Test
  void aCredentialThatAnotherThreadRenewedIsNotRenewedAgain() {
    ServerCredential credential =
        new ServerCredential(table, TableOnStore.NAME, table.access.location());
    credential.current();
    long used = System.nanoTime();
    assertThat(credential.renew(used)).isTrue();
    assertThat(credential.renew(used)).isTrue();
    assertThat(table.requested).hasSize(2);
    assertThat(credential.renew(System.nanoTime())).isTrue();
    assertThat(table.requested).hasSize(3);
  }

  @Test
  void aLongLogIsListedFromItsNewestPart() throws Exception {
    commits(4);
    for (int i = 0; i < 2_500; i++) {
      log.write("%020d.crc".formatted(i), "{}");
    }
    table.with(directory.resolve("t"));
    ObjectDirectory storage = table.storage();
    assertThat(storage.list("_delta_log", "").stream().map(ListedFile::name))
        .hasSize(2_504)
        .isSorted()
        .startsWith("%020d.crc".formatted(0), "%020d.json".formatted(0))
        .endsWith("%020d.crc".formatted(2_499));
    assertThat(table.relay.requests(S3Request.Kind.LIST)).hasSize(3);
    table.relay.forget();
    assertThat(storage.list("_delta_log", "%020d.".formatted(2_490))).hasSize(10);
    assertThat(storage.list("_delta_log", "%020d.crc".formatted(2_499))).hasSize(1);
    assertThat(storage.list("_delta_log", "x")).isEmpty();
    assertThat(storage.list("nothing", "")).isEmpty();
    assertThat(table.relay.requests(S3Request.Kind.LIST)).hasSize(4);
  }

  @Test
  void anExpiredTokenIsRenewedOnce() {
    commits(1);
    table.with(directory.resolve("t"));
    table.given =
        session -> {
          TableCredential keys = table.keys(session);
          // The store's clock ends it before the one here does.
          return new TableCredential(
              null, keys.credential(), Instant.now(), Instant.now().plusSeconds(600));
        };
    table.life = Duration.ofMillis(-1);
    SharingClient client = table.directory();
    assertThatThrownBy(() -> metadata(client))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("ExpiredToken")
        .hasMessageContaining("share.schema.t")
        .hasMessageContaining("s3:ListBucket")
        .hasMessageContaining("accessMode");
    table.life = Duration.ofHours(1);
    assertThat(metadata(client).version()).isZero();
  }

  @Test
  void aRefusalNamesTableReasonAndWhatIsAllowed() {
    commits(1);
    table.with(directory.resolve("t"));
    table.relay.answerBy(
        request ->
            request.kind() == S3Request.Kind.LIST
                ? S3Sessions.refusal(403, "AccessDenied", "no s3:ListBucket")
                : Optional.empty());
    assertThatThrownBy(() -> metadata(table.directory()))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("share.schema.t")
        .hasMessageContaining("AccessDenied")
        .hasMessageContaining("s3:ListBucket")
        .hasMessageContaining("'accessMode' = 'url'")
        .satisfies(
            e ->
                assertThat(e.getMessage()).doesNotContain("X-Amz", "Signature=", "Security-Token"));
  }

  @Test
  void aBucketElsewhereIsSignedForItsRegion() {
    commits(1);
    table.with(directory.resolve("t"));
    table.relay.answerBy(
        request ->
            request.query().getOrDefault("X-Amz-Credential", "").contains("/eu-central-1/")
                ? Optional.empty()
                : Optional.of(
                    StubAnswer.status(400)
                        .withHeader("x-amz-bucket-region", "eu-central-1")
                        .withBody(
                            "<Error><Code>AuthorizationQueryParametersError</Code></Error>"
                                .getBytes(StandardCharsets.UTF_8))));
    SharingClient client = table.directory();
    assertThat(metadata(client).version()).isZero();
    long refused =
        table.relay.requests().stream()
            .filter(request -> !request.query().get("X-Amz-Credential").contains("eu-central-1"))
            .count();
    assertThat(refused).isEqualTo(1);
    assertThat(query(client).files().get(0).url()).contains("eu-central-1");
  }

  @Test
  void aBusyStoreIsAskedAgain() {
    commits(1);
    table.with(directory.resolve("t"));
    int[] refused = {0};
    table.relay.answerBy(
        request ->
            request.kind() == S3Request.Kind.LIST && refused[0]++ == 0
                ? S3Sessions.refusal(503, "SlowDown", "Reduce your request rate.")
                : Optional.empty());
    assertThat(metadata(table.directory("retrySleepInterval", "10ms")).version()).isZero();
    assertThat(refused[0]).isGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../u/secret.parquet",
        "a/../../u/secret.parquet",
        "%2e%2e/u/secret.parquet",
        "/u/secret.parquet",
        "s3://other-bucket/u/secret.parquet",
        "s3a://{bucket}/u/secret.parquet",
        "s3a://{bucket}/some dir/t2/secret.parquet",
        "file:/etc/passwd",
        "http://169.254.169.254/latest/meta-data/",
        "https://example.com/x.parquet"
      })
  void noUrlIsSignedForAFileElsewhere(String path) {
    log.commit(
        0,
        WrittenLog.PROTOCOL,
        WrittenLog.metadata(WrittenLog.SCHEMA),
        WrittenLog.add("part-0.parquet"),
        WrittenLog.add(path.replace("{bucket}", table.bucket)));
    table.with(directory.resolve("t"));
    SharingClient client = table.directory();
    metadata(client);
    assertThatThrownBy(() -> query(client))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("share.schema.t");
  }

  @Test
  void filesOfAnAuxiliaryLocationAreSignedWithItsOwnCredential() {
    String other = "s3://" + table.bucket + "/other";
    table.access = new TableAccess(List.of("dir"), table.access.location(), List.of(other));
    log.commit(
        0,
        WrittenLog.PROTOCOL,
        WrittenLog.metadata(WrittenLog.SCHEMA),
        WrittenLog.add("part 0.parquet"),
        WrittenLog.add("s3://" + table.bucket + "/other/x%201/y.parquet"));
    table.with(directory.resolve("t"));
    SharingClient client = table.directory();
    metadata(client);
    assertThat(table.requested).containsExactly(table.access.location());
    List<AddFile> files = query(client).files();
    assertThat(table.requested).containsExactly(table.access.location(), other);
    assertThat(files.stream().map(AddFile::place))
        .containsExactlyInAnyOrder(
            table.relay.endpoint() + "/" + table.bucket + "/some%20dir/t/part%200.parquet",
            table.relay.endpoint() + "/" + table.bucket + "/other/x%201/y.parquet");
    assertThat(files.stream().map(file -> file.url().replaceAll(".*Credential=([^%]+).*", "$1")))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc", "http://169.254.169.254/latest", "gs://bucket/t"})
  void aLocationOfAnotherKindIsReadByUrlsWhereItCanBe(String location) {
    table.access = new TableAccess(List.of("dir"), location, List.of());
    assertThatThrownBy(() -> metadata(table.directory()))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("offers nothing else");
    table.access = new TableAccess(List.of("url", "dir"), location, List.of());
    try (LogCapture log = LogCapture.of(DirectoryClient.class, Level.WARN)) {
      // By URLs: of the server that does not run.
      assertThatThrownBy(() -> metadata(table.directory())).hasMessageContaining("refused");
      assertThat(log.lines()).hasSize(1).allMatch(line -> line.contains("is read by URLs"));
    }
    assertThat(table.requested).isEmpty();
    assertThat(table.relay.requests()).isEmpty();
  }

  @Test
  void aCredentialOfAnotherCloudIsNotUsed() {
    commits(1);
    table.with(directory.resolve("t"));
    table.given =
        session ->
            new TableCredential(
                null,
                new StoreCredential.GcpToken("secret"),
                Instant.now(),
                Instant.now().plusSeconds(60));
    try (LogCapture log = LogCapture.of(DirectoryClient.class, Level.WARN)) {
      assertThatThrownBy(() -> metadata(table.directory())).hasMessageContaining("refused");
      assertThat(log.lines())
          .hasSize(1)
          .allMatch(line -> line.contains("gcpOauthToken") && !line.contains("secret"));
    }
  }

  @Test
  void theStoreOfACredentialIsCheckedAsOthersAre() {
    commits(1);
    table.with(directory.resolve("t"));
    table.given =
        session ->
            new TableCredential(
                null,
                new S3Keys(S3Keys.AWS, "a", "b", "c", "http://169.254.169.254", "us-east-1", true),
                Instant.now(),
                Instant.now().plusSeconds(600));
    assertThatThrownBy(() -> metadata(table.directory()))
        .hasMessageContaining("metadata service")
        .hasMessageContaining("storeHosts");
  }

  @Test
  void byUrlsNothingIsAdded() {
    SharingClient auto = table.directory("accessMode", "auto");
    assertThatThrownBy(() -> metadata(auto)).hasMessageContaining("refused");
    assertThat(table.requested).isEmpty();
    assertThat(table.relay.requests()).isEmpty();
  }
}
