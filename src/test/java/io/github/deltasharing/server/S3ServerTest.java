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
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.S3Relay;
import io.github.deltasharing.testing.S3Request.Kind;
import io.github.deltasharing.testing.S3Sessions;
import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.WrittenLog;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables that lie in an S3 store which checks signatures. What the server says of them must be what
 * it says of the same files on disk.
 */
class S3ServerTest {
  private static final List<String> TABLES =
      List.of("plain", "parts", "dv", "mapped", "travel", "checkpointed");

  private static S3Store store;
  private static S3Relay relay;

  /** Another name of the store, for recipients. */
  private static S3Relay publicRelay;

  private static String bucket;
  private static S3Store.Key key;

  private final List<AccessRecord> accesses = new CopyOnWriteArrayList<>();
  private SharingServer server;
  private ServerClient client;

  @BeforeAll
  static void fill() {
    store = S3Store.shared();
    relay = new S3Relay(store.endpoint());
    publicRelay = new S3Relay(store.endpoint());
    bucket = store.newBucket("served");
    key = store.newKey(bucket);
    for (String table : TABLES) {
      store.copy(ServerTables.directory(table), bucket, "in it/" + table + "/");
    }
  }

  @AfterAll
  static void closeRelays() {
    relay.close();
    publicRelay.close();
  }

  @AfterEach
  void stop() {
    relay.letThrough();
    if (server != null) {
      server.close();
    }
  }

  /** An entry of {@code storage}. */
  private static String stored(String prefix, URI endpoint, S3Store.Key by, String... more) {
    Map<String, String> hadoop = S3Store.hadoop(endpoint, by);
    Arrays.stream(more)
        .map(pair -> pair.split("=", 2))
        .forEach(pair -> hadoop.put(pair[0], pair[1]));
    return "- prefix: '%s'\n  hadoop: {%s}\n"
        .formatted(
            prefix,
            hadoop.entrySet().stream()
                .map(pair -> pair.getKey() + ": '" + pair.getValue() + "'")
                .collect(Collectors.joining(", ")));
  }

  /** Starts a server of tables by their locations. */
  private void serve(String storage, Map<String, String> locations) {
    String tables =
        locations.entrySet().stream()
            .map(
                table ->
                    "{name: %s, location: '%s', historyShared: true}"
                        .formatted(table.getKey(), table.getValue()))
            .collect(Collectors.joining(", "));
    try {
      Path config = Files.createTempFile("share", ".yaml");
      Files.writeString(
          config,
          """
          authorization: {bearerToken: '%s'}
          port: 0
          endpoint: /s
          shares: [{name: Retail, schemas: [{name: sales, tables: [%s]}]}]
          storage:
          %s
          """
              .formatted(ServerTables.TOKEN, tables, storage));
      server = SharingServer.start(ShareConfig.read(config), accesses::add);
      Files.delete(config);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    client = new ServerClient(server);
    relay.forget();
    publicRelay.forget();
  }

  private static Map<String, String> locations() {
    return TABLES.stream()
        .collect(Collectors.toMap(t -> t, t -> "s3://" + bucket + "/in it/" + t + "/"));
  }

  private static HttpResponse<String> ok(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response;
  }

  /** The lines of a response with the files' bytes in place of their URLs, in some order. */
  private static List<String> lines(HttpResponse<String> response) {
    List<String> lines = new ArrayList<>();
    for (String line : ok(response).body().split("\n", -1)) {
      if (!line.isEmpty()) {
        lines.add(withBytes(ServerClient.tree(line)).toString());
      }
    }
    lines.sort(null);
    return lines;
  }

  private static JsonNode withBytes(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove("expirationTimestamp");
      object.remove("minUrlExpirationTimestamp");
      // Stores have times of files in seconds.
      if (object.path("timestamp").isNumber()) {
        object.put("timestamp", object.path("timestamp").asLong() / 1000);
      }
      object
          .fieldNames()
          .forEachRemaining(
              name -> {
                JsonNode value = object.get(name);
                if (value.isTextual() && value.textValue().startsWith("http")) {
                  HttpResponse<byte[]> file = ServerClient.fetch(value.textValue());
                  assertThat(file.statusCode()).isBetween(200, 299);
                  object.put(name, Arrays.hashCode(file.body()));
                }
              });
    }
    node.forEach(S3ServerTest::withBytes);
    return node;
  }

  @Test
  void whatItSaysIsWhatItSaysOfTheSameFilesOnDisk() {
    Map<String, String> here =
        TABLES.stream()
            .collect(Collectors.toMap(t -> t, t -> ServerTables.directory(t).toUri().toString()));
    serve("", here);
    List<List<String>> local = TABLES.stream().map(this::everythingOf).toList();
    server.close();
    serve(stored("s3a://" + bucket, relay.endpoint(), key), locations());
    for (int i = 0; i < TABLES.size(); i++) {
      assertThat(everythingOf(TABLES.get(i))).as(TABLES.get(i)).isEqualTo(local.get(i));
    }
    assertThat(relay.requests()).extracting(r -> r.keyId()).containsOnly(key.id());
  }

  private List<String> everythingOf(String table) {
    String all = ServerClient.DELTA_ALL;
    List<String> lines = new ArrayList<>();
    lines.addAll(lines(client.query("sales." + table, "{}", "delta-sharing-capabilities", all)));
    if (table.equals("plain") || table.equals("parts")) {
      lines.addAll(lines(client.query("sales." + table, "{}")));
    }
    if (table.equals("travel")) {
      lines.addAll(lines(client.query("sales.travel", "{\"version\": 2}")));
      lines.addAll(lines(client.query("sales.travel", "{\"startingVersion\": 1}")));
    }
    return lines;
  }

  @Test
  void urlsLeadToThePublicEndpointAreSignedForItAndEndInTime() {
    serve(
        stored("s3a://" + bucket + "/in it", relay.endpoint(), key)
            + "  publicEndpoint: "
            + publicRelay.endpoint()
            + "\n",
        locations());
    JsonNode file = ServerClient.actions(ok(client.query("sales.plain", "{}")), "file").get(0);
    String url = file.path("url").asText();
    assertThat(url).startsWith(publicRelay.endpoint() + "/" + bucket + "/in%20it/plain/");
    assertThat(Instant.ofEpochMilli(file.path("expirationTimestamp").asLong()))
        .isCloseTo(Instant.now().plusSeconds(3600), within(20, ChronoUnit.SECONDS));
    assertThat(publicRelay.requests()).isEmpty();
    assertThat(ServerClient.fetch(url, "Range", "bytes=0-3").body()).asString().isEqualTo("PAR1");
    assertThat(publicRelay.requests()).hasSize(1);
    assertThat(ServerClient.fetch(url.replace("plain", "parts")).statusCode()).isEqualTo(403);
    assertThat(ServerClient.fetch(url.replace("Expires=3", "Expires=9")).statusCode())
        .isEqualTo(403);
    String elsewhere = url.replace(publicRelay.endpoint().toString(), relay.endpoint().toString());
    assertThat(ServerClient.fetch(elsewhere).statusCode()).isEqualTo(403);
  }

  @Test
  void twoEntriesNeverMix(@TempDir Path directory) {
    String other = store.newBucket("other");
    S3Store.Key otherKey = store.newKey(other);
    HandWrittenTable.write(directory, 1, 100);
    store.copy(directory, other, "t/");
    store.copy(directory, other, "deep/t/");
    S3Store.Key deepKey = store.newKey(other);
    serve(
        stored("s3a://" + bucket, relay.endpoint(), key)
            + stored("s3a://" + other, relay.endpoint(), otherKey)
            + stored("s3a://" + other + "/deep", relay.endpoint(), deepKey),
        Map.of(
            "plain", "s3a://" + bucket + "/in it/plain",
            "other", "s3a://" + other + "/t",
            "deep", "s3a://" + other + "/deep/t"));
    for (String table : List.of("plain", "other", "deep", "other", "plain")) {
      relay.forget();
      S3Store.Key expected = Map.of("plain", key, "other", otherKey, "deep", deepKey).get(table);
      String url =
          ServerClient.actions(ok(client.query("sales." + table, "{}")), "file")
              .get(0)
              .path("url")
              .asText();
      assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
      assertThat(relay.requests())
          .isNotEmpty()
          .allSatisfy(request -> assertThat(request.keyId()).isEqualTo(expected.id()));
    }
  }

  @Test
  void refusalsOfTheStoreSayWhatItIsAndNoSecret() {
    S3Store.Key elsewhere = store.newKey(store.newBucket("elsewhere"));
    S3Store.Key wrong = new S3Store.Key(key.id(), "canary-secret");
    serve(
        stored("s3a://" + bucket, relay.endpoint(), elsewhere)
            + stored("s3a://" + bucket + "/wrong", relay.endpoint(), wrong)
            + stored("s3a://", relay.endpoint(), key),
        Map.of(
            "other", "s3a://" + bucket + "/in it/plain",
            "wrong", "s3a://" + bucket + "/wrong/t",
            "none", "s3a://no-such-bucket-there/t"));
    relay.answerBy(
        request ->
            request.bucket().equals("no-such-bucket-there")
                ? S3Sessions.refusal(404, "NoSuchBucket", "The specified bucket does not exist")
                : Optional.empty());
    try (LogCapture logs = LogCapture.ofProject(Level.DEBUG)) {
      assertThat(refused("other", 500))
          .isEqualTo(
              "Cannot read Retail.sales.other: the server's credential may not read the table's"
                  + " bucket. Tell the provider, whose log has details");
      assertThat(refused("wrong", 500)).contains("may not read the table's bucket");
      assertThat(refused("none", 500)).contains("its bucket").doesNotContain("no-such-bucket");
      assertThat(logs.lines())
          .anyMatch(line -> line.contains("the store responded 403 ") && line.contains(bucket))
          .anyMatch(line -> line.contains("404 NoSuchBucket") && line.contains("no-such-bucket"));
      secretsAreNowhere(logs.lines(), elsewhere.secret(), "canary-secret", key.secret());
    }
  }

  private String refused(String table, int status) {
    HttpResponse<String> response = client.query("sales." + table, "{}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ServerClient.message(response);
  }

  private void secretsAreNowhere(List<String> logs, String... secrets) {
    assertThat(logs + " " + accesses)
        .doesNotContain(secrets)
        .doesNotContain("X-Amz-Signature", ServerTables.TOKEN);
  }

  @Test
  void keysAreInNoLogOfAQuery() {
    try (LogCapture logs = LogCapture.ofAll(Level.DEBUG, "org.apache.hadoop.metrics2")) {
      serve(stored("s3a://" + bucket, relay.endpoint(), key), locations());
      ok(client.query("sales.plain", "{}"));
      secretsAreNowhere(
          logs.lines().stream().filter(line -> line.contains("deltasharing")).toList(),
          key.secret());
      assertThat(logs.lines()).noneMatch(line -> line.contains(key.secret()));
    }
  }

  @Test
  void aStoreThatIsDownIsSaidSoAndSoon() {
    serve(
        stored("s3a://" + bucket, URI.create("http://127.0.0.1:1"), key)
            + stored("s3a://" + bucket + "/in it/plain", relay.endpoint(), key),
        locations());
    long start = System.nanoTime();
    assertThat(refused("parts", 503))
        .isEqualTo(
            "Cannot read Retail.sales.parts: the store that holds the table cannot be reached."
                + " Try again later");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    relay.answerBy(request -> S3Sessions.refusal(503, "SlowDown", "Reduce your request rate."));
    assertThat(refused("plain", 503)).contains("not able to respond now");
    assertThat(relay.requests()).hasSize(5);
    relay.letThrough();
    ok(client.query("sales.plain", "{}"));
  }

  @Test
  void aStoreThatFailsAtACheckpointIsNoDamagedTable() {
    serve(stored("s3a://" + bucket, relay.endpoint(), key), locations());
    relay.answerBy(
        request ->
            request.key().contains(".checkpoint.")
                ? S3Sessions.refusal(503, "SlowDown", "Reduce your request rate.")
                : Optional.empty());
    assertThat(refused("checkpointed", 503)).contains("not able to respond now");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://", "s3a://", "S3N://"})
  void absolutePathsInLogsAreBelowTheTableOrRefused(String scheme, @TempDir Path directory)
      throws Exception {
    WrittenLog log = new WrittenLog(directory);
    Files.writeString(Files.createDirectories(directory.resolve("a=é+%20")).resolve("f x"), "data");
    String inside = scheme + bucket + "/abs" + scheme.length() + "/t";
    log.commit(0, PROTOCOL, metadata(SCHEMA), add(inside + "/a=%C3%A9+%2520/f%20x", 4));
    store.copy(directory, bucket, "abs" + scheme.length() + "/t/");
    log.commit(1, add(scheme + bucket + "/in%20it/plain/x", 4));
    store.copy(directory, bucket, "clone" + scheme.length() + "/t/");
    serve(
        stored("s3a://" + bucket, relay.endpoint(), key),
        Map.of("t", inside, "clone", "s3a://" + bucket + "/clone" + scheme.length() + "/t"));
    String url =
        ServerClient.actions(ok(client.query("sales.t", "{}")), "file").get(0).path("url").asText();
    assertThat(ServerClient.fetch(url).body()).asString().isEqualTo("data");
    HttpResponse<String> outside = client.query("sales.clone", "{}");
    assertThat(outside.statusCode()).isEqualTo(400);
    assertThat(outside.body()).contains("outside its own directory");
  }

  /** Pages of ten names, as those of a thousand would take thousands of commits. */
  @Test
  void aLongLogTakesItsPagesAndOneRequestForEachCommit(@TempDir Path directory) {
    WrittenLog log = new WrittenLog(directory);
    log.commit(0, PROTOCOL, metadata(SCHEMA), add("f0"));
    for (int version = 1; version < 25; version++) {
      log.commit(version, add("f" + version));
    }
    store.copy(directory, bucket, "long/");
    serve(
        stored("s3a://" + bucket, relay.endpoint(), key, "fs.s3a.paging.maximum=10"),
        Map.of("long", "s3a://" + bucket + "/long"));
    assertThat(ServerClient.actions(ok(client.query("sales.long", "{}")), "file")).hasSize(25);
    // The estimate of memory and the log's own listing; metadata, which is in the first commit, and
    // files; the last commit for the next request, and again once the files are kept.
    assertThat(relay.counts())
        .containsOnly(entry(Kind.LIST, 6L), entry(Kind.GET, 52L), entry(Kind.HEAD, 2L));
    relay.forget();
    assertThat(ServerClient.actions(ok(client.query("sales.long", "{}")), "file")).hasSize(25);
    // Its commit as it was, no later one; the checksum file that may have the table's size.
    assertThat(relay.counts()).containsOnly(entry(Kind.GET, 1L), entry(Kind.HEAD, 2L));
  }

  @Test
  void aCheckpointIsReadByFewRequestsAndTheLogFromThereOn() {
    serve(stored("s3a://" + bucket, relay.endpoint(), key), locations());
    ok(client.query("sales.checkpointed", "{}"));
    // Beside the lists, of which one is for sidecars: the last checkpoint's name, a commit, its
    // checksum and the checkpoint, these and that twice; the last commit for the next request, and
    // again once the files are kept.
    assertThat(relay.counts())
        .containsOnly(entry(Kind.LIST, 3L), entry(Kind.GET, 6L), entry(Kind.HEAD, 4L));
    assertThat(relay.requests()).noneMatch(request -> request.key().contains("0000000.json"));
  }

  /** The store takes any token of a session. */
  @Test
  void urlsOfAnAssumedRoleEndWithItsSession() throws Exception {
    try (StubServer sts = new StubServer()) {
      sts.onAnything(
          request ->
              StubAnswer.status(200)
                  .withHeader("Content-Type", "text/xml")
                  .withBody(
                      """
                      <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                        <AssumeRoleResult><Credentials>
                          <AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>
                          <SessionToken>canary-session</SessionToken>
                          <Expiration>%s</Expiration>
                        </Credentials></AssumeRoleResult>
                      </AssumeRoleResponse>"""
                          .formatted(key.id(), key.secret(), Instant.now().plusSeconds(900))));
      serve(
          stored(
              "s3a://" + bucket,
              relay.endpoint(),
              new S3Store.Key("AKIALONGTERM", "canary-secret"),
              "fs.s3a.aws.credentials.provider="
                  + "org.apache.hadoop.fs.s3a.auth.AssumedRoleCredentialProvider",
              "fs.s3a.assumed.role.arn=arn:aws:iam::111122223333:role/reader",
              "fs.s3a.assumed.role.session.duration=15m",
              "fs.s3a.assumed.role.sts.endpoint=http://" + sts.authority(),
              "fs.s3a.assumed.role.sts.endpoint.region=us-east-1"),
          locations());
      JsonNode file = ServerClient.actions(ok(client.query("sales.plain", "{}")), "file").get(0);
      assertThat(Instant.ofEpochMilli(file.path("expirationTimestamp").asLong()))
          .isCloseTo(Instant.now().plusSeconds(900), within(30, ChronoUnit.SECONDS))
          .isBefore(Instant.now().plusSeconds(900));
      String url = file.path("url").asText();
      assertThat(url).contains("X-Amz-Security-Token=canary-session");
      assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
      assertThat(relay.requests()).extracting(r -> r.sessionToken()).containsOnly("canary-session");
      assertThat(sts.requests()).hasSizeBetween(1, 3);
      secretsAreNowhere(List.of(), "canary-session", "canary-secret", key.secret());
    }
  }
}
