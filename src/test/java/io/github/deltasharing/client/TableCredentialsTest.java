/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import static io.github.deltasharing.client.ClientFixture.METADATA;
import static io.github.deltasharing.client.ClientFixture.PROTOCOL;
import static io.github.deltasharing.client.ClientFixture.TABLE;
import static io.github.deltasharing.client.ClientFixture.TABLE_PATH;
import static io.github.deltasharing.client.ClientFixture.client;
import static io.github.deltasharing.client.ClientFixture.conf;
import static io.github.deltasharing.client.ClientFixture.profile;
import static io.github.deltasharing.client.ClientFixture.profileJson;
import static io.github.deltasharing.client.ClientFixture.table;
import static io.github.deltasharing.client.ClientFixture.targets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.cache.ExpiringCache;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.options.AccessMode;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.StoreCredential.S3Keys;
import io.github.deltasharing.protocol.TableAccess;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's side of access by directory: credentials, and the choice of the way. */
@Tag("unit")
class TableCredentialsTest {
  private static final String CREDENTIALS = TABLE_PATH + "/temporary-table-credentials";
  private static final String ROOT = "s3://bucket/table";
  private static final TableAccess DIRECTORY =
      new TableAccess(List.of("dir"), ROOT, List.of("s3://bucket/more"));

  private final StubServer server = new StubServer();
  private final MovableClock clock = new MovableClock();

  @AfterEach
  void close() {
    server.close();
  }

  private static StubAnswer aws(int number, Instant expires) {
    return StubAnswer.json(
        ("{\"credentials\":{\"location\":\"%s\",\"awsTempCredentials\":{\"accessKeyId\":\"canary-%d\","
                + "\"secretAccessKey\":\"canary-secret\",\"sessionToken\":\"canary-token\"},\"expirationTime\":%d}}")
            .formatted(ROOT, number, expires.toEpochMilli()));
  }

  /** The requests so far decide the number of the key. */
  private void gives(Duration life) {
    server.on(CREDENTIALS, request -> aws(server.requests().size(), clock.instant().plus(life)));
  }

  private TableCredentials credentials(ExpiringCache<TableCredential> cache, String token) {
    ProfileSource profile = () -> Profile.fromJson("p.share", profileJson(server, token));
    return new TableCredentials(new RestCaller(profile, conf()), cache, clock);
  }

  private static String keyId(TableCredential credential) {
    return ((S3Keys) credential.credential()).accessKeyId();
  }

  @Test
  void theLocationIsInTheBodyIfThereIsOne() {
    gives(Duration.ofHours(1));
    SharingClient client = client(server);
    assertThat(client.temporaryCredential(TABLE, null).location()).isEqualTo(ROOT);
    assertThat(client.temporaryCredential(TABLE, "s3://bucket/more").location())
        .isEqualTo("s3://bucket/more");
    assertThat(targets(server)).containsOnly("POST " + CREDENTIALS);
    assertThat(server.requests())
        .extracting(StubRequest::body)
        .containsExactly("{}", "{\"location\":\"s3://bucket/more\"}");
    assertThat(server.requests().get(0).header("Content-Type")).startsWith("application/json");
  }

  @Test
  void oneIsKeptForAllClientsOfARecipientUntilShortlyBeforeItsEnd() {
    gives(Duration.ofMinutes(15));
    ExpiringCache<TableCredential> cache = new ExpiringCache<>(100, clock);
    TableCredentials one = credentials(cache, "canary-a");
    TableCredentials same = credentials(cache, "canary-a");
    TableCredentials other = credentials(cache, "canary-b");
    assertThat(keyId(one.get(TABLE, path(TABLE), null))).isEqualTo("canary-1");
    assertThat(keyId(same.get(TABLE, path(TABLE), null))).isEqualTo("canary-1");
    assertThat(keyId(same.get(new TableName("SHARE", "Schema", "table"), path(TABLE), null)))
        .isEqualTo("canary-1");
    assertThat(keyId(other.get(TABLE, path(TABLE), null))).as("recipient").isEqualTo("canary-2");
    assertThat(keyId(one.get(TABLE, path(TABLE), ROOT))).as("location").isEqualTo("canary-3");
    clock.move(Duration.ofMinutes(11));
    assertThat(keyId(one.get(TABLE, path(TABLE), null))).isEqualTo("canary-1");
    clock.move(Duration.ofMinutes(1));
    TableCredential renewed = one.get(TABLE, path(TABLE), null);
    assertThat(keyId(renewed)).as("3 of 15 minutes are left").isEqualTo("canary-4");
    assertThat(keyId(one.replace(TABLE, path(TABLE), null, renewed))).isEqualTo("canary-5");
    assertThat(keyId(same.get(TABLE, path(TABLE), null))).isEqualTo("canary-5");
  }

  private static String path(TableName table) {
    return TABLE_PATH.substring("/api".length());
  }

  /** Names that differ in nothing but where one part ends. */
  @Test
  void tablesAreApart() {
    gives(Duration.ofHours(1));
    ExpiringCache<TableCredential> cache = new ExpiringCache<>(100, clock);
    TableCredentials credentials = credentials(cache, "canary-a");
    for (TableName name :
        List.of(new TableName("a", "b.c", "d"), new TableName("a.b", "c", "d"), TABLE)) {
      credentials.get(name, path(name), null);
    }
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void withoutAnEndItIsKeptForMinutesAndNoneForLongerThanADay() {
    server.on(
        CREDENTIALS,
        StubAnswer.json("{\"credentials\":{\"gcpOauthToken\":{\"oauthToken\":\"canary\"}}}"),
        StubAnswer.json(
            "{\"credentials\":{\"gcpOauthToken\":{\"oauthToken\":\"canary\"},\"expirationTime\":"
                + Long.MAX_VALUE
                + "}}"));
    TableCredentials credentials = credentials(new ExpiringCache<>(9, clock), "canary-a");
    TableCredential unsaid = credentials.get(TABLE, path(TABLE), ROOT);
    assertThat(Duration.between(unsaid.obtained(), unsaid.expires())).hasMinutes(10);
    TableCredential endless = credentials.replace(TABLE, path(TABLE), ROOT, unsaid);
    assertThat(Duration.between(endless.obtained(), endless.expires())).hasDays(1);
    assertThat(unsaid.toString()).doesNotContain("canary");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1718298900L, Long.MIN_VALUE})
  void oneThatIsOverWhenItComesIsAnError(long end) {
    server.on(CREDENTIALS, aws(1, Instant.ofEpochMilli(end)));
    assertThatThrownBy(() -> client(server).temporaryCredential(TABLE, null))
        .isInstanceOf(SharingException.class)
        .hasMessageStartingWith(
            "Temporary credential for share.schema.table failed: the sharing server "
                + server.authority()
                + " gave one that expired at ")
        .hasMessageContaining("clock")
        .hasMessageContaining("'accessMode' = 'url'")
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @CsvSource({
    "400, 1, Read the table with the option 'accessMode' = 'url' or 'auto'",
    "403, 1, Ask the provider to grant access",
    "404, 1, Check the names",
    "429, 4, The server is busy",
    "503, 4, It failed on the server's side",
  })
  void refusalsSayWhatToDoAndAreNotKept(int status, int requests, String advice) {
    StubAnswer refusal = StubAnswer.error(status, "CODE", "no");
    StubAnswer[] answers = new StubAnswer[requests + 1];
    Arrays.fill(answers, refusal);
    answers[requests] = aws(1, clock.instant().plusSeconds(3600));
    server.on(CREDENTIALS, answers);
    SharingClient client = client(server);
    assertThatThrownBy(() -> client.temporaryCredential(TABLE, null))
        .isInstanceOf(SharingServerException.class)
        .hasMessageContaining("emporary credential for share.schema.table")
        .hasMessageContaining("HTTP " + status)
        .hasMessageContaining(advice);
    assertThat(server.requests()).hasSize(requests);
    assertThat(keyId(client.temporaryCredential(TABLE, null))).isEqualTo("canary-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "{\"credentials\":{}}", "{\"credentials\":{\"awsTemp"})
  void garbageIsAnErrorWithoutTheText(String body) {
    server.on(CREDENTIALS, StubAnswer.json(body));
    assertThatThrownBy(() -> client(server, "numRetries", "0").temporaryCredential(TABLE, null))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("emporary credential for share.schema.table");
  }

  @Test
  void aHugeResponseIsRefused() {
    server.on(CREDENTIALS, StubAnswer.json("{\"x\":\"" + "x".repeat(2 << 20) + "\"}"));
    assertThatThrownBy(() -> client(server).temporaryCredential(TABLE, null))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("the response is longer than 1048576 bytes");
  }

  /** The one at hand is still good: one try, and a line that says so. */
  @Test
  void oneThatCannotBeReplacedAheadIsUsedToItsEnd() {
    Instant end = clock.instant().plusSeconds(1000);
    server.on(CREDENTIALS, aws(1, end), StubAnswer.status(503));
    TableCredentials credentials = credentials(new ExpiringCache<>(9, clock), "canary-a");
    credentials.get(TABLE, path(TABLE), null);
    clock.move(Duration.ofSeconds(900));
    try (LogCapture log = LogCapture.of(ExpiringCache.class, Level.WARN)) {
      assertThat(keyId(credentials.get(TABLE, path(TABLE), null))).isEqualTo("canary-1");
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("temporary credential for share.schema.table", "HTTP 503")
          .doesNotContain("canary");
    }
    assertThat(server.requests()).hasSize(2);
  }

  // What is offered, and which way is taken.

  private static String access(String modes) {
    return "{\"name\":\"TABLE\",\"location\":\""
        + ROOT
        + "\",\"auxiliaryLocations\":[\"s3://bucket/more\",7],\"accessModes\":["
        + modes
        + "]}";
  }

  @Test
  void aTableByItselfSaysWhatIsOffered() {
    server.on(TABLE_PATH, StubAnswer.json(access("\"dir\"")));
    assertThat(client(server).access(TABLE)).isEqualTo(DIRECTORY);
    assertThat(targets(server)).containsExactly("GET " + TABLE_PATH);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405, 501})
  void whereTablesAreNotShownByThemselvesTheListSaysIt(int status) {
    server
        .on(TABLE_PATH, StubAnswer.error(status, "NO", "no such endpoint"))
        .on(
            "/api/shares/share/schemas/schema/tables",
            StubAnswer.json("{\"items\":[{\"name\":\"other\"}],\"nextPageToken\":\"2\"}"),
            StubAnswer.json("{\"items\":[" + access("\"dir\"") + "]}"));
    assertThat(client(server, "numRetries", "0").access(TABLE)).isEqualTo(DIRECTORY);
  }

  @Test
  void whereNobodySaysItItIsUnsaid() {
    server.on("/api/shares/share/schemas/schema/tables", StubAnswer.json("{\"items\":[]}"));
    assertThat(client(server).access(TABLE)).isEqualTo(TableAccess.UNSAID);
    server.on(TABLE_PATH, StubAnswer.json("{\"accessModes\":\"x\",\"location\":[1]}"));
    assertThat(client(server).access(TABLE)).isEqualTo(TableAccess.UNSAID);
  }

  @Test
  void aRefusalOfTheTableIsNoWordOfTheEndpoint() {
    server.on(TABLE_PATH, StubAnswer.error(403, "PERMISSION_DENIED", "no"));
    assertThatThrownBy(() -> client(server).access(TABLE))
        .isInstanceOf(SharingServerException.class)
        .hasMessageContaining("HTTP 403");
  }

  @ParameterizedTest
  @EnumSource(
      value = AccessMode.class,
      names = {"AUTO", "URL"})
  void readingByUrlsCostsNoRequest(AccessMode mode) {
    for (TableAccess said :
        List.of(TableAccess.UNSAID, TableAccess.of("url"), TableAccess.of("dir", "URL"))) {
      assertThat(AccessChoice.directory(client(server), TABLE, mode, said)).isEmpty();
    }
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void autoReadsTheDirectoryWhereNothingElseIsOffered() {
    assertThat(AccessChoice.directory(client(server), TABLE, AccessMode.AUTO, DIRECTORY))
        .contains(DIRECTORY);
    assertThat(server.requests()).as("metadata said all").isEmpty();
    server.on(TABLE_PATH, StubAnswer.json(access("\"dir\"")));
    assertThat(
            AccessChoice.directory(client(server), TABLE, AccessMode.AUTO, TableAccess.of("dir")))
        .contains(DIRECTORY);
    assertThat(targets(server)).containsExactly("GET " + TABLE_PATH);
  }

  @Test
  void dirBeforeMetadataIsOneRequest() {
    server.on(TABLE_PATH, StubAnswer.json(access("\"url\",\"dir\"")));
    assertThat(
            AccessChoice.directory(client(server), TABLE, AccessMode.DIR, TableAccess.UNSAID)
                .orElseThrow()
                .location())
        .isEqualTo(ROOT);
    assertThat(targets(server)).containsExactly("GET " + TABLE_PATH);
  }

  /** The reference server gives credentials and says nothing of access modes. */
  @Test
  void dirWithAServerThatSaysNothingAsksForACredential() {
    server.on("/api/shares/share/schemas/schema/tables", StubAnswer.json("{\"items\":[]}"));
    gives(Duration.ofHours(1));
    assertThat(
            AccessChoice.directory(client(server), TABLE, AccessMode.DIR, TableAccess.UNSAID)
                .orElseThrow()
                .location())
        .isEqualTo(ROOT);
    server.on(CREDENTIALS, StubAnswer.error(400, "UNSUPPORTED_OPERATION", "none here"));
    ProfileSource another = () -> Profile.fromJson("p.share", profileJson(server, "canary-z"));
    assertThatThrownBy(
            () ->
                AccessChoice.directory(
                    SharingClient.open(another, conf()), TABLE, AccessMode.DIR, TableAccess.UNSAID))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("share.schema.table cannot be read with 'accessMode' = 'dir'")
        .hasMessageContaining("none here")
        .hasMessageContaining("'accessMode' = 'url'")
        .hasMessageNotContaining("canary");
  }

  @Test
  void dirWhereTheServerSaysUrlOnlyIsAnError() {
    server.on(TABLE_PATH, StubAnswer.json(access("\"url\"")));
    assertThatThrownBy(
            () -> AccessChoice.directory(client(server), TABLE, AccessMode.DIR, TableAccess.UNSAID))
        .isInstanceOf(SharingException.class)
        .hasMessage(
            "Table share.schema.table cannot be read with 'accessMode' = 'dir': the provider offers it with the access"
                + " modes [url] only. Read the table with the option 'accessMode' = 'url' or 'auto', or ask the"
                + " provider to offer the access mode 'dir' for it.");
  }

  @Test
  void urlWhereTheServerSaysDirOnlyIsAnError() {
    assertThatThrownBy(
            () -> AccessChoice.directory(client(server), TABLE, AccessMode.URL, DIRECTORY))
        .isInstanceOf(SharingException.class)
        .hasMessage(
            "Table share.schema.table cannot be read with 'accessMode' = 'url': the provider offers it with the access"
                + " modes [dir] only. Read it with the option 'accessMode' = 'auto', or ask the provider to offer 'url'"
                + " for it.");
    assertThatThrownBy(
            () ->
                AccessChoice.directory(
                    client(server), TABLE, AccessMode.AUTO, TableAccess.of("teleport")))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("[teleport]");
  }

  @Test
  void metadataSaysWhatIsOffered() {
    server.on(
        TABLE_PATH + "/metadata",
        table(
            3,
            "responseformat=parquet",
            PROTOCOL,
            METADATA.replace(
                "\"id\":\"m\"",
                "\"id\":\"m\",\"location\":\""
                    + ROOT
                    + "\",\"auxiliaryLocations\":[\"s3://bucket/more\"],\"accessModes\":[\"dir\"]")));
    assertThat(
            SharingClient.open(profile(server), conf())
                .metadata(TABLE, List.of(ResponseFormat.PARQUET), Set.of())
                .metadata()
                .access())
        .isEqualTo(DIRECTORY);
  }
}
