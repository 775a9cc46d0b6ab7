/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.testing.ClosedPort;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a user sees who gets something wrong, or whose server does: one clear exception, without the
 * token.
 */
class BadInputTest {
  private static final String TABLE = "/delta-sharing/shares/share/schemas/schema/tables/t";
  private static final String PROTOCOL = "{\"protocol\":{\"minReaderVersion\":1}}";
  private static final String METADATA =
      "{\"metaData\":{\"id\":\"i\",\"format\":{\"provider\":\"parquet\"},\"schemaString\":\"{\\\"type\\\":\\\"struct\\\","
          + "\\\"fields\\\":[{\\\"name\\\":\\\"a\\\",\\\"type\\\":\\\"long\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}}]}\","
          + "\"partitionColumns\":[]}}";

  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void writeAndShare() {
    TestSpark.session().range(3).write().format("delta").save(directory.resolve("t").toString());
    share = TestShare.of(directory, List.of("t"));
  }

  @AfterAll
  static void stop() {
    share.close();
  }

  private static Throwable read(String path, Map<String, String> options) {
    return catchThrowable(
        () ->
            TestSpark.session()
                .read()
                .format("deltaSharing")
                .option("retrySleepInterval", "1ms")
                .options(options)
                .load(path)
                .collectAsList());
  }

  private static Throwable read(String path) {
    return read(path, Map.of());
  }

  /**
   * The token is in no message and no stack trace, causes included; the message ends in a sentence
   * of advice.
   */
  private static void assertClear(Throwable e, String... parts) {
    assertThat(e).isNotNull();
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(TestShare.CANARY);
    assertThat(e.getMessage()).contains(parts).doesNotContain("\n");
    assertThat(e.getMessage()).endsWith(".");
  }

  private static String profile(String name, String json) throws IOException {
    return Files.writeString(directory.resolve(name), json) + "#share.schema.t";
  }

  @Test
  void aMissingProfile() {
    assertClear(
        read(directory.resolve("nowhere.share") + "#share.schema.t"),
        "nowhere.share",
        "does not exist",
        "Check");
    assertClear(read("env:NO_SUCH_VARIABLE#share.schema.t"), "NO_SUCH_VARIABLE", "is not set");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "not json; is not JSON",
        "[]; not a JSON object",
        "{\"endpoint\":\"http://h\",\"bearerToken\":\"x\"}; shareCredentialsVersion",
        "{\"shareCredentialsVersion\":3,\"endpoint\":\"http://h\",\"bearerToken\":\"x\"}; Upgrade the connector",
        "{\"shareCredentialsVersion\":1,\"bearerToken\":\"x\"}; 'endpoint'",
        "{\"shareCredentialsVersion\":1,\"endpoint\":\"ftp://h\",\"bearerToken\":\"x\"}; 'endpoint'",
        "{\"shareCredentialsVersion\":1,\"endpoint\":\"http://h\"}; 'bearerToken'",
        "{\"shareCredentialsVersion\":2,\"type\":\"oauth_client_credentials\",\"endpoint\":\"http://h\"};"
            + " 'tokenEndpoint'",
      })
  void aMalformedProfile(String json, String expected) throws IOException {
    Throwable e = read(profile("bad.share", json));
    assertThat(e).isInstanceOf(IllegalArgumentException.class);
    assertClear(e, "bad.share", expected.trim());
  }

  @Test
  void anExpiredProfile() throws IOException {
    String json =
        "{\"shareCredentialsVersion\":1,\"endpoint\":\"%s\",\"bearerToken\":\"%s\",\"expirationTime\":\"%s\"}"
            .formatted(share.server().uri(), TestShare.CANARY, "2021-11-12T00:12:29.0Z");
    Throwable e = read(profile("expired.share", json));
    assertClear(e, "expired.share", "expired at 2021-11-12T00:12:29Z", "Ask the provider");
  }

  @Test
  void aWrongToken() {
    Path wrong = directory.resolve("wrong.share");
    TestShare.writeProfile(wrong, share.server().uri().toString(), TestShare.CANARY + "x");
    Throwable e = read(wrong + "#share.schema.t");
    assertThat(((SharingServerException) e).status()).isEqualTo(401);
    assertClear(e, "share.schema.t", "HTTP 401", "UNAUTHENTICATED", "wrong.share");
  }

  @ParameterizedTest
  @CsvSource({"nope.schema.t", "share.nope.t", "share.schema.nope"})
  void anUnknownName(String table) {
    Throwable e = read(share.profile() + "#" + table);
    assertThat(((SharingServerException) e).status()).isEqualTo(404);
    assertThat(((SharingServerException) e).errorCode()).isEqualTo("RESOURCE_DOES_NOT_EXIST");
    assertClear(e, table, "HTTP 404", "Check the names", "request id");
  }

  /** The nearest names, and how to list them. */
  @ParameterizedTest
  @CsvSource({
    "shar.schema.t, did you mean 'share'?",
    "share.schem.t, did you mean share.schema.t?",
    "share.schema.tt, did you mean share.schema.t?",
    "a.share.schema.t, The path names table 't' in schema 'schema' of share 'a.share'"
  })
  void aMisspelledName(String table, String suggestion) {
    assertThat(read(share.profile() + "#" + table))
        .isInstanceOf(IllegalArgumentException.class) // PySpark shows such without Java's stack.
        .hasMessageContaining(suggestion)
        .hasMessageContaining("SHOW TABLES")
        .hasMessageContaining("SharingClient.list");
  }

  /** A 404 of a table that is there is about something else. */
  @Test
  void noSuggestionForATableThatIsThere() {
    Throwable e = read(share.profile() + "#share.schema.t", Map.of("versionAsOf", "999"));
    assertThat(e).isNotNull();
    assertThat(e.getMessage()).doesNotContain("did you mean");
  }

  @ParameterizedTest
  @CsvSource({
    "config.share, it has no '#'",
    "config.share#schema.t, three parts",
    "config.share#t, three parts",
    "config.share#, three parts",
    "config.share#a..b, three parts",
    "config.share#a.b., three parts",
    "#a.b.c, before the '#'",
  })
  void aPathThatNamesNoTable(String path, String expected) {
    Throwable e = read(path);
    assertThat(e).isInstanceOf(IllegalArgumentException.class);
    assertClear(e, "'" + path + "'", expected, "load(\"<profile file>#<share>.<schema>.<table>\")");
  }

  @Test
  void noPathOrSeveral() {
    assertClear(
        catchThrowable(() -> TestSpark.session().read().format("deltaSharing").load()), "'path'");
    assertClear(
        catchThrowable(
            () ->
                TestSpark.session()
                    .read()
                    .format("deltaSharing")
                    .load(share.path("t"), share.path("t"))),
        "several paths");
  }

  @ParameterizedTest
  @CsvSource({
    "responseFormat, avro",
    "numRetries, many",
    "numRetries, -1",
    "timeout, soon",
    "sslTrustAll, perhaps",
    "proxyHost, somewhere",
    "versionAsOf, -1",
    "timestampAsOf, soon",
  })
  void aWrongOption(String name, String value) {
    Throwable e = read(share.path("t"), Map.of(name, value));
    assertThat(e).isInstanceOf(IllegalArgumentException.class);
    assertClear(e, name);
  }

  @ParameterizedTest
  @CsvSource({"BEARERTOKEN, x", "endpoint, x"})
  void aCredentialBesideAProfileIsRefused(String name, String value) {
    Throwable e = read(share.path("t"), Map.of(name, value));
    assertThat(e).isInstanceOf(IllegalArgumentException.class);
    assertThat(e.getMessage()).containsIgnoringCase(name).contains("they exclude each other");
  }

  @Test
  void aSchemaAtReadTimeIsRefused() {
    Throwable e =
        catchThrowable(
            () ->
                TestSpark.session()
                    .read()
                    .format("deltaSharing")
                    .schema("id INT")
                    .load(share.path("t")));
    assertThat(e).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void anUnreachableServer() throws IOException {
    try (ClosedPort port = new ClosedPort()) {
      Path profile = directory.resolve("unreachable.share");
      TestShare.writeProfile(
          profile, "http://127.0.0.1:" + port.number() + "/delta-sharing", TestShare.CANARY);
      Throwable e = read(profile + "#share.schema.t");
      assertClear(
          e, "share.schema.t", "127.0.0.1:" + port.number(), "connection was refused", "proxyHost");
    }
  }

  static Stream<Arguments> badAnswers() {
    return Stream.of(
        Arguments.of(
            "HTML", StubAnswer.html(200, "<html><body>Log in</body></html>"), "looks like HTML"),
        Arguments.of(
            "half a line",
            StubAnswer.empty().withBody(PROTOCOL + "\n" + METADATA.substring(0, 60)),
            "in the middle of line 2"),
        Arguments.of("an empty body", StubAnswer.empty(), "the response is empty"),
        Arguments.of("no metadata", StubAnswer.ndjson(PROTOCOL), "no 'metaData' line"),
        Arguments.of("not objects", StubAnswer.ndjson("[]"), "not a JSON object"),
        Arguments.of(
            "a 503 that stays",
            StubAnswer.error(503, "", "down for " + TestShare.CANARY),
            "HTTP 503"),
        Arguments.of("a 500 with HTML", StubAnswer.html(500, "<html>oops</html>"), "HTTP 500"),
        Arguments.of(
            "a cut body",
            StubAnswer.ndjson(PROTOCOL, METADATA).cutAfter(PROTOCOL.length() + 20),
            "share.schema.t"),
        Arguments.of(
            "a promised end that is missing",
            StubAnswer.ndjson(PROTOCOL, METADATA)
                .withHeader(
                    "delta-sharing-capabilities",
                    "responseformat=parquet;includeendstreamaction=true"),
            "cut off"),
        Arguments.of(
            "an error at the end",
            StubAnswer.ndjson(
                PROTOCOL, METADATA, "{\"endStreamAction\":{\"errorMessage\":\"lost it\"}}"),
            "lost it"),
        Arguments.of(
            "a schema that is none",
            StubAnswer.ndjson(PROTOCOL, METADATA.replace("\\\"long\\\"", "\\\"wat\\\"")),
            "schema"),
        Arguments.of(
            "an unknown reader version",
            StubAnswer.ndjson("{\"protocol\":{\"minReaderVersion\":9}}", METADATA),
            "reader version 9"),
        Arguments.of(
            "a redirect",
            StubAnswer.status(302).withHeader("Location", "http://elsewhere/"),
            "HTTP 302"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badAnswers")
  void aServerThatAnswersBadly(String what, StubAnswer answer, String expected) {
    try (StubServer stub = new StubServer();
        LogCapture log = LogCapture.ofProject(Level.INFO)) {
      stub.on(TABLE + "/metadata", answer);
      Path profile = directory.resolve("stub.share");
      TestShare.writeProfile(profile, stub.url("/delta-sharing"), TestShare.CANARY);
      Throwable e = read(profile + "#share.schema.t");
      assertThat(e).isInstanceOf(SharingException.class);
      assertClear(e, "share.schema.t", expected);
      for (String line : log.lines()) {
        assertThat(line)
            .doesNotContain(TestShare.CANARY)
            .doesNotContain("\n\tat ")
            .doesNotContain("[");
      }
      assertThat(stub.requests()).hasSizeBetween(1, 4);
    }
  }

  @Test
  void aDataFileThatIsNotWhatWasPromised() {
    byte[] junk =
        "this is not Parquet, whatever its name says"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    List<Arguments> cases =
        List.of(
            Arguments.of(junk.length, "cannot be read as Parquet"),
            Arguments.of(junk.length + 1, "bytes long where the server promised"));
    for (Arguments one : cases) {
      try (StubServer stub = new StubServer()) {
        List<String> lines = new ArrayList<>(List.of(PROTOCOL, METADATA));
        stub.on(TABLE + "/metadata", StubAnswer.ndjson(lines.toArray(String[]::new)));
        lines.add(
            "{\"file\":{\"url\":\"%s?signature=%s\",\"id\":\"f1\",\"partitionValues\":{},\"size\":%s}}"
                .formatted(stub.url("/data"), TestShare.CANARY, one.get()[0]));
        stub.on(TABLE + "/query", StubAnswer.ndjson(lines.toArray(String[]::new)));
        stub.on("/data", request -> StubAnswer.file(request, junk));
        Path profile = directory.resolve("junk.share");
        TestShare.writeProfile(profile, stub.url("/delta-sharing"), TestShare.CANARY);
        Throwable e = read(profile + "#share.schema.t");
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString())
            .contains("share.schema.t")
            .contains("file f1")
            .contains((String) one.get()[1]);
        assertThat(trace.toString()).doesNotContain(TestShare.CANARY);
      }
    }
  }

  @Test
  void aTableThatNeedsMoreThanThisVersionReadsIsRefusedByName() {
    try (StubServer stub = new StubServer()) {
      stub.on(
          TABLE + "/metadata",
          StubAnswer.ndjson(
                  "{\"protocol\":{\"deltaProtocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,"
                      + "\"readerFeatures\":[\"deletionVectors\",\"variantType\",\"newFeature\"]}}}",
                  METADATA)
              .withHeader("delta-sharing-capabilities", "responseformat=delta"));
      Path profile = directory.resolve("features.share");
      TestShare.writeProfile(profile, stub.url("/delta-sharing"), TestShare.CANARY);
      assertClear(
          read(profile + "#share.schema.t"),
          "share.schema.t",
          "[newFeature, variantType]",
          "Upgrade");
    }
  }
}
