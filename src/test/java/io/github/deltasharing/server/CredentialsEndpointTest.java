/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.StorageConfig;
import io.github.deltasharing.server.config.VendorConfig;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials to tables' directories, by a stub in the place of STS. No table is read. */
@Tag("unit")
class CredentialsEndpointTest {
  private static final String TABLES = "/shares/r/schemas/s/tables";
  private static final String PATH = TABLES + "/%s/temporary-table-credentials";
  private static final String ROLE = "arn:aws-cn:iam::123456789012:role/recipients";

  @TempDir Path dir;
  private final StubServer sts = new StubServer();
  private final MovableClock clock =
      new MovableClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final List<AccessRecord> records = new CopyOnWriteArrayList<>();
  private SharingServer server;
  private ServerClient client;

  private static SharedTable shared(String name, String... modes) {
    URI location = URI.create("s3a://bucket/dir/" + name);
    return new SharedTable("r", "s", name, location, "", true, 0, List.of(modes));
  }

  @BeforeEach
  void start() {
    sts.on("/", request -> assumed(sts.requests().size(), clock.instant().plusSeconds(1800)));
    start(
        new VendorConfig.Sts(
            ROLE,
            Optional.of(sts.url("")),
            Optional.of("eu-test-9"),
            Optional.of("ext-1"),
            "share",
            Optional.empty()),
        Map.of());
  }

  private void start(VendorConfig vendor, Map<String, String> more) {
    stop();
    Map<String, String> hadoop =
        new TreeMap<>(
            Map.of(
                "fs.s3a.endpoint", "http://127.0.0.1:1",
                "fs.s3a.endpoint.region", "eu-test-9",
                "fs.s3a.path.style.access", "true",
                "fs.s3a.access.key", "provider-key",
                "fs.s3a.secret.key", "canary-provider"));
    hadoop.putAll(more);
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .allowAnonymous(true)
            .temporaryCredentialValiditySeconds(2000)
            .storage(
                new StorageConfig(
                        "s3a://bucket/dir", hadoop, Optional.of("https://store.example.com:9000"))
                    .withCredentials(vendor, "url"))
            .table("r", "s", "local", dir)
            .table(shared("both", "url", "dir"))
            .table(shared("only", "dir"))
            .build();
    server =
        SharingServer.start(
            config,
            records::add,
            ServerParts.of(config)
                .withClock(clock)
                .withAuthenticator(
                    request ->
                        new Principal(
                            Optional.ofNullable(request.getHeaders().get("X-User"))
                                .orElse("ann"))));
    client = new ServerClient(server);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
      server = null;
    }
  }

  @AfterEach
  void close() {
    sts.close();
  }

  private static StubAnswer assumed(int number, Instant end) {
    return StubAnswer.status(200)
        .withHeader("Content-Type", "text/xml")
        .withBody(
            ("<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>"
                    + "<AccessKeyId>key-%d</AccessKeyId><SecretAccessKey>canary-secret</SecretAccessKey>"
                    + "<SessionToken>canary-token</SessionToken><Expiration>%s</Expiration></Credentials>"
                    + "</AssumeRoleResult></AssumeRoleResponse>")
                .formatted(number, end));
  }

  private static StubAnswer refused(int status, String code) {
    return StubAnswer.status(status)
        .withHeader("Content-Type", "text/xml")
        .withBody(
            "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>canary words</Message></Error><RequestId>req-1</RequestId></ErrorResponse>"
                .formatted(code));
  }

  private HttpResponse<String> ask(String table, String body, String user) {
    return client.post(PATH.formatted(table), body, "X-User", user);
  }

  private static JsonNode json(HttpResponse<String> response) throws Exception {
    return new ObjectMapper().readTree(response.body());
  }

  private static Map<String, String> form(StubRequest request) {
    Map<String, String> fields = new TreeMap<>();
    for (String field : request.body().split("&")) {
      String[] parts = field.split("=", 2);
      fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return fields;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"location\":null}",
        "{\"location\":\" \",\"new\":[1]}",
        "{\"location\":\"s3://bucket/dir/both\"}",
        "{\"location\":\"s3a://bucket/dir/both/\"}",
      })
  void theResponseIsTheProtocols(String body) throws Exception {
    HttpResponse<String> response = ask("both", body, "ann");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
    assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(json(response))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    ("{\"credentials\":{\"location\":\"s3://bucket/dir/both\",\"awsTempCredentials\":{\"accessKeyId\":\"key-1\","
                            + "\"secretAccessKey\":\"canary-secret\",\"sessionToken\":\"canary-token\","
                            + "\"endpoint\":\"https://store.example.com:9000\",\"region\":\"eu-test-9\",\"pathStyleAccess\":true},"
                            + "\"expirationTime\":%d}}")
                        .formatted(clock.instant().plusSeconds(1800).toEpochMilli())));
  }

  @Test
  void theRoleIsAssumedForOneRecipientAndDirectory() {
    ask("both", "", "token-1a/ü");
    StubRequest request = sts.requests().get(0);
    assertThat(request).hasToString("POST /");
    assertThat(request.header("Authorization"))
        .matches(
            "AWS4-HMAC-SHA256 Credential=provider-key/\\d{8}/eu-test-9/sts/aws4_request, SignedHeaders=.*host.*,"
                + " Signature=[0-9a-f]{64}");
    assertThat(form(request))
        .containsEntry("Action", "AssumeRole")
        .containsEntry("RoleArn", ROLE)
        .containsEntry("RoleSessionName", "share-token-1a--")
        .containsEntry("ExternalId", "ext-1")
        .containsEntry("DurationSeconds", "2000")
        .containsEntry(
            "Policy",
            "{\"Version\":\"2012-10-17\",\"Statement\":["
                + "{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws-cn:s3:::bucket/dir/both/*\"},"
                + "{\"Effect\":\"Allow\",\"Action\":\"s3:ListBucket\",\"Resource\":\"arn:aws-cn:s3:::bucket\","
                + "\"Condition\":{\"StringLike\":{\"s3:prefix\":\"dir/both/*\"}}}]}");
  }

  @Test
  void aSessionIsGivenAgainForTheFirstHalfOfItsLifeToItsRecipientOnly() throws Exception {
    String first = json(ask("both", "", "ann")).at("/credentials").toString();
    assertThat(first).contains("key-1");
    assertThat(json(ask("both", "{}", "ann")).at("/credentials").toString()).isEqualTo(first);
    assertThat(ask("both", "", "ben").body()).contains("key-2");
    assertThat(ask("only", "", "ann").body()).contains("key-3");
    clock.forwardMillis(899_000);
    assertThat(ask("both", "", "ann").body()).contains("key-1");
    clock.forwardMillis(2_000);
    assertThat(ask("both", "", "ann").body()).contains("key-4");
  }

  /** Role chaining, and what STS takes at least. */
  @ParameterizedTest
  @CsvSource({"50000, false, 43200", "50000, true, 3600", "100, false, 900"})
  void theDurationIsWithinTheLimitsOfSts(long validity, boolean session, String seconds) {
    VendorConfig vendor =
        new VendorConfig.Sts(
            ROLE,
            Optional.of(sts.url("")),
            Optional.empty(),
            Optional.empty(),
            "x-",
            Optional.empty());
    Map<String, String> keys =
        session
            ? Map.of(
                "fs.s3a.aws.credentials.provider",
                "org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider",
                "fs.s3a.session.token",
                "provider-session")
            : Map.of();
    stop();
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .allowAnonymous(true)
            .temporaryCredentialValiditySeconds(validity)
            .storage(
                new StorageConfig("s3a://bucket", hadoop(keys), Optional.empty())
                    .withCredentials(vendor, "url"))
            .table(shared("both", "url", "dir"))
            .build();
    server = SharingServer.start(config, records::add, ServerParts.of(config));
    client = new ServerClient(server);
    assertThat(ask("both", "", "ann").statusCode()).isEqualTo(200);
    assertThat(form(sts.requests().get(0)).get("DurationSeconds")).isEqualTo(seconds);
    assertThat(sts.requests().get(0).header("X-Amz-Security-Token"))
        .isEqualTo(session ? "provider-session" : null);
  }

  private static Map<String, String> hadoop(Map<String, String> more) {
    Map<String, String> all =
        new TreeMap<>(
            Map.of(
                "fs.s3a.endpoint", "http://127.0.0.1:1",
                "fs.s3a.access.key", "provider-key",
                "fs.s3a.secret.key", "canary-provider"));
    all.putAll(more);
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "both, '{\"location\":\"s3://bucket/dir\"}', INVALID_PARAMETER_VALUE",
    "both, '{\"location\":\"s3://bucket/dir/both/_delta_log\"}', INVALID_PARAMETER_VALUE",
    "both, '{\"location\":\"s3://bucket/dir/only\"}', INVALID_PARAMETER_VALUE",
    "both, '{\"location\":\"gs://bucket/dir/both\"}', INVALID_PARAMETER_VALUE",
    "both, '{\"location\":{\"a\":1}}', INVALID_PARAMETER_VALUE",
    "both, '[]', MALFORMED_REQUEST",
    "both, 'x', MALFORMED_REQUEST",
    "local, '{}', UNSUPPORTED_OPERATION",
    "none, '{}', RESOURCE_DOES_NOT_EXIST",
  })
  void whatIsNotOfferedIsRefused(String table, String body, String code) throws Exception {
    HttpResponse<String> response = ask(table, body, "ann");
    assertThat(response.statusCode()).isEqualTo(code.startsWith("RES") ? 404 : 400);
    assertThat(json(response).path("errorCode").asText()).isEqualTo(code);
    assertThat(sts.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "403, AccessDenied, 500, refuses",
    "400, PackedPolicyTooLarge, 500, refuses",
    "503, ServiceUnavailable, 503, not able to respond",
    "400, Throttling, 503, not able to respond",
  })
  void failuresOfStsAreToldWithoutItsWords(int status, String code, int told, String word)
      throws Exception {
    sts.on("/", refused(status, code));
    try (LogCapture log = LogCapture.ofProject(Level.INFO)) {
      HttpResponse<String> response = ask("both", "", "ann");
      assertThat(response.statusCode()).isEqualTo(told);
      assertThat(json(response).path("message").asText())
          .startsWith("Cannot give a credential for r.s.both: ")
          .contains(word)
          .doesNotContain("canary");
      assertThat(String.join("\n", log.lines()))
          .contains("r.s.both", code, "req-1")
          .doesNotContain("canary");
    }
    int before = sts.requests().size();
    sts.on("/", assumed(9, clock.instant().plusSeconds(1800)));
    assertThat(ask("both", "", "ann").body()).as("failures are not kept").contains("key-9");
    assertThat(sts.requests()).hasSize(before + 1);
  }

  @Test
  void listsAndTablesSayWhatIsOffered() throws Exception {
    JsonNode items = json(client.get(TABLES)).path("items");
    assertThat(items.get(0).path("accessModes").toString()).isEqualTo("[\"url\"]");
    assertThat(items.get(0).has("location")).isFalse();
    String both =
        "{\"name\":\"both\",\"schema\":\"s\",\"share\":\"r\",\"location\":\"s3://bucket/dir/both\","
            + "\"accessModes\":[\"url\",\"dir\"]";
    assertThat(items.get(1).toString()).isEqualTo(both + "}");
    assertThat(items.get(2).path("accessModes").toString()).isEqualTo("[\"dir\"]");
    assertThat(client.get(TABLES + "/both").body()).isEqualTo(both + ",\"format\":\"delta\"}");
    assertThat(client.get("/shares/r/all-tables").body()).contains(both);
  }

  @Test
  void aTableOfferedByItsDirectoryOnlyHasNoUrls() throws Exception {
    for (HttpResponse<String> response :
        List.of(
            client.post(TABLES + "/only/query", "{}"),
            client.get(TABLES + "/only/changes?startingVersion=0"),
            client.post(TABLES + "/only/queries/x", "{}"))) {
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(json(response).path("errorCode").asText()).isEqualTo("UNSUPPORTED_OPERATION");
      assertThat(json(response).path("message").asText()).contains("r.s.only", "[dir]");
    }
  }

  @Test
  void theAccessLogSaysWhoGotWhatUntilWhenAndNoSecret() {
    try (LogCapture log = LogCapture.ofProject(Level.TRACE)) {
      ask("both", "", "ann");
      stop();
      assertThat(String.join("\n", log.lines())).doesNotContain("canary").contains("granted=");
    }
    AccessRecord record = records.get(records.size() - 1);
    assertThat(record.endpoint()).isEqualTo("credentials");
    assertThat(record.principal()).isEqualTo("ann");
    assertThat(record.table()).isEqualTo("r.s.both");
    assertThat(record.granted())
        .isEqualTo("s3://bucket/dir/both until " + clock.instant().plusSeconds(1800));
    assertThat(record.toLogLine()).doesNotContain("canary");
  }

  @Test
  void fixedKeysAreForDevelopmentAndTheLogSaysSo() throws Exception {
    try (LogCapture log = LogCapture.ofProject(Level.WARN)) {
      start(new VendorConfig.Fixed("fixed-id", "canary-fixed", Optional.empty()), Map.of());
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("s3a://bucket/dir", "For development only")
          .doesNotContain("canary");
    }
    assertThat(json(ask("only", "", "ann")).at("/credentials").toString())
        .isEqualTo(
            "{\"location\":\"s3://bucket/dir/only\",\"awsTempCredentials\":{\"accessKeyId\":\"fixed-id\",\"secretAccessKey\":"
                + "\"canary-fixed\",\"endpoint\":\"https://store.example.com:9000\",\"region\":\"eu-test-9\","
                + "\"pathStyleAccess\":true},\"expirationTime\":"
                + clock.instant().plusSeconds(2000).toEpochMilli()
                + "}");
    assertThat(sts.requests()).isEmpty();
  }
}
