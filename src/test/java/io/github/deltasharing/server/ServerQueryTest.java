/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.DELTA_ALL;
import static io.github.deltasharing.server.ServerClient.actions;
import static io.github.deltasharing.server.ServerClient.errorCode;
import static io.github.deltasharing.server.ServerClient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.TestSpark;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries in both dialects: files, versions, pages, limits, tokens, negotiation. */
class ServerQueryTest {
  private static final String CAPABILITIES = "delta-sharing-capabilities";
  private static SharingServer server;
  private static ServerClient client;

  @BeforeAll
  static void start() {
    server = SharingServer.start(ServerTables.config().build());
    client = new ServerClient(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void plainTableInParquetFormat() {
    HttpResponse<String> response = client.query("sales.plain", "{}");
    assertThat(response.statusCode()).isEqualTo(200);
    List<JsonNode> files = actions(response, "file");
    assertThat(files).hasSize(4);
    assertThat(actions(response, "endStreamAction")).isEmpty();
    for (JsonNode file : files) {
      assertThat(file.path("partitionValues")).isEmpty();
      assertThat(file.path("expirationTimestamp").asLong())
          .isGreaterThan(System.currentTimeMillis());
      assertThat(ServerClient.tree(file.path("stats").asText()).path("numRecords").asInt())
          .isEqualTo(25);
      assertThat(file.has("version")).isFalse();
      assertThat(ServerClient.fetch(file.path("url").asText()).body())
          .hasSize(file.path("size").asInt())
          .startsWith('P', 'A', 'R', '1');
    }
    assertThat(ids(response)).hasSize(4).isEqualTo(ids(client.query("sales.plain", "")));
  }

  @Test
  void plainTableInDeltaFormat() {
    HttpResponse<String> response =
        client.query(
            "sales.plain",
            "{\"includeRefreshToken\":true}",
            CAPABILITIES,
            DELTA_ALL + ";includeendstreamaction=true");
    JsonNode file = actions(response, "file").get(0);
    JsonNode add = file.path("deltaSingleAction").path("add");
    assertThat(add.path("path").asText()).startsWith(server.uri() + "/files/Retail/sales/plain/");
    assertThat(add.path("size").asLong()).isPositive();
    assertThat(add.path("modificationTime").asLong()).isPositive();
    assertThat(add.path("dataChange").asBoolean()).isTrue();
    assertThat(add.has("stats")).isTrue();
    assertThat(add.has("deletionVector")).isFalse();
    JsonNode end = actions(response, "endStreamAction").get(0);
    assertThat(end.path("minUrlExpirationTimestamp").asLong())
        .isEqualTo(file.path("expirationTimestamp").asLong());
    assertThat(end.path("refreshToken").asText()).isNotEmpty();
    assertThat(end.has("nextPageToken")).isFalse();
  }

  @Test
  void partitionValuesAndTheirDirectories() {
    HttpResponse<String> response = client.query("sales.parts", "{}");
    List<JsonNode> files = actions(response, "file");
    assertThat(files).hasSize(8);
    Set<String> countries = new HashSet<>();
    for (JsonNode file : files) {
      JsonNode country = file.path("partitionValues").path("country");
      countries.add(country.isNull() ? null : country.asText());
      HttpResponse<byte[]> data = ServerClient.fetch(file.path("url").asText());
      assertThat(data.statusCode()).as(file.toString()).isEqualTo(200);
      assertThat(data.body()).hasSize(file.path("size").asInt());
    }
    assertThat(countries)
        .containsExactlyInAnyOrder("a b", "50%", "x=y", "a:b", "ünï/slash", null, "a%20b", "plus+");
  }

  @Test
  void deletionVectorsBecomeSignedUrls() throws Exception {
    HttpResponse<String> response = client.query("sales.dv", "{}", CAPABILITIES, DELTA_ALL);
    List<JsonNode> files = actions(response, "file");
    assertThat(files).hasSize(1);
    assertThat(files.get(0).path("deletionVectorFileId").asText()).isNotEmpty();
    JsonNode vector = files.get(0).path("deltaSingleAction").path("add").path("deletionVector");
    assertThat(vector.path("storageType").asText()).isEqualTo("p");
    assertThat(vector.path("cardinality").asLong()).isEqualTo(100);
    HttpResponse<byte[]> data = ServerClient.fetch(vector.path("pathOrInlineDv").asText());
    assertThat(data.statusCode()).isEqualTo(200);
    // A deletion vector file starts with its format's version, then blocks of size, data, checksum.
    assertThat(data.body()[0]).isEqualTo((byte) 1);
    assertThat(data.body().length)
        .isGreaterThanOrEqualTo(vector.path("offset").asInt() + vector.path("sizeInBytes").asInt());
  }

  @Test
  void columnMappingKeepsPhysicalNames() {
    HttpResponse<String> response = client.query("sales.mapped", "{}", CAPABILITIES, DELTA_ALL);
    assertThat(actions(response, "file")).hasSize(2);
    String key =
        actions(response, "file")
            .get(0)
            .path("deltaSingleAction")
            .path("add")
            .path("partitionValues")
            .fieldNames()
            .next();
    assertThat(key).startsWith("col-");
    String hint = json("equal", "part", "string", "a");
    assertThat(actions(client.query("sales.mapped", hint, CAPABILITIES, DELTA_ALL), "file"))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plain||200|parquet",
        "plain|responseformat=parquet|200|parquet",
        "plain|responseformat=delta|200|delta",
        "plain|responseformat=delta,parquet|200|parquet",
        "plain|responseformat=arrow|400|INVALID_PARAMETER_VALUE",
        "plain|somethingelse=1|200|parquet",
        "dv||400|UNSUPPORTED_OPERATION",
        "dv|responseformat=parquet;readerfeatures=deletionvectors|400|UNSUPPORTED_OPERATION",
        "dv|responseformat=delta|400|UNSUPPORTED_OPERATION",
        "dv|responseformat=delta;readerfeatures=columnmapping|400|UNSUPPORTED_OPERATION",
        "dv|responseformat=parquet,delta;readerfeatures=DELETIONVECTORS|200|delta",
        "mapped||400|UNSUPPORTED_OPERATION",
        "mapped|RESPONSEFORMAT=Parquet,Delta;ReaderFeatures=columnMapping|200|delta",
      })
  void negotiatesTheFormat(String table, String capabilities, int status, String expected) {
    HttpResponse<String> response =
        capabilities == null
            ? client.query("sales." + table, "{}")
            : client.query("sales." + table, "{}", CAPABILITIES, capabilities);
    assertThat(response.statusCode()).isEqualTo(status);
    if (status == 200) {
      assertThat(response.headers().firstValue(CAPABILITIES))
          .contains("responseformat=" + expected);
      assertThat(actions(response, "protocol").get(0).has("deltaProtocol"))
          .isEqualTo(expected.equals("delta"));
    } else {
      assertThat(errorCode(response)).isEqualTo(expected);
    }
    if (expected.equals("UNSUPPORTED_OPERATION")) {
      assertThat(message(response))
          .contains("Retail.sales." + table)
          .contains(table.equals("dv") ? "deletionVectors" : "columnMapping");
    }
  }

  @Test
  void readsOlderVersions() {
    HttpResponse<String> response = client.query("sales.travel", "{\"version\":2}");
    assertThat(response.headers().firstValue("Delta-Table-Version")).contains("2");
    assertThat(actions(response, "file")).hasSize(2);
    assertThat(actions(response, "file").get(0).path("version").asLong()).isEqualTo(2);
    long time = actions(response, "file").get(0).path("timestamp").asLong();
    assertThat(actions(response, "metaData").get(0).path("version").asLong()).isEqualTo(2);
    String at = "{\"timestamp\":\"" + java.time.Instant.ofEpochMilli(time) + "\"}";
    assertThat(client.query("sales.travel", at).headers().firstValue("Delta-Table-Version"))
        .contains("2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "travel|{\"version\":0}|shared from version 1",
        "travel|{\"version\":9}|latest version is 3",
        "travel|{\"version\":-1}|version",
        "travel|{\"version\":\"x\"}|version",
        "travel|{\"timestamp\":\"2901-01-01T00:00:00Z\"}|after the latest",
        "travel|{\"timestamp\":\"soon\"}|timestamp",
        "travel|{\"version\":1,\"timestamp\":\"2024-01-01T00:00:00Z\"}|exclude",
        "plain|{\"version\":1}|history",
        "plain|{\"timestamp\":\"2024-01-01T00:00:00Z\"}|history",
        "travel|{\"version\":2,\"includeRefreshToken\":true}|includeRefreshToken",
        "travel|{\"timestamp\":\"2024-01-01T00:00:00Z\",\"includeRefreshToken\":true}|includeRefreshToken",
        "travel|{\"pageToken\":\"x.y\",\"includeRefreshToken\":true}|includeRefreshToken",
        "travel|{\"version\":2,\"refreshToken\":\"x.y\"}|refreshToken",
        "travel|{\"timestamp\":\"2024-01-01T00:00:00Z\",\"refreshToken\":\"x.y\"}|refreshToken",
        "travel|{\"pageToken\":\"x.y\",\"refreshToken\":\"x.y\"}|refreshToken",
        "plain|{\"maxFiles\":0}|maxFiles",
        "plain|{\"maxFiles\":2147483648}|maxFiles",
        "plain|{\"includeRefreshToken\":\"yes\"}|includeRefreshToken",
        "plain|{\"limitHint\":-1}|limitHint",
        "plain|{\"predicateHints\":\"id = 1\"}|predicateHints",
        "plain|{\"pageToken\":\"x.y\"}|pageToken",
        "plain|{\"refreshToken\":\"x.y\"}|refreshToken",
        "plain|{\"startingVersion\":0}|history",
        "plain|[]|JSON object",
        "plain|{|JSON",
      })
  void refusesQueriesByName(String table, String body, String reason) {
    HttpResponse<String> response = client.query("sales." + table, body);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(message(response)).contains(reason);
  }

  @Test
  void theEndIsMarkedOnlyWhereItIsAskedFor() {
    assertThat(actions(client.query("sales.plain", "{}"), "endStreamAction")).isEmpty();
    String asked = "includeendstreamaction=true";
    HttpResponse<String> marked = client.query("sales.plain", "{}", CAPABILITIES, asked);
    assertThat(marked.headers().firstValue(CAPABILITIES)).get().asString().contains(asked);
    assertThat(actions(marked, "endStreamAction").get(0).has("refreshToken")).isFalse();
    HttpResponse<String> refresh = client.query("sales.plain", "{\"includeRefreshToken\":true}");
    assertThat(refresh.headers().firstValue(CAPABILITIES)).contains("responseformat=parquet");
    assertThat(actions(refresh, "endStreamAction").get(0).has("refreshToken")).isTrue();
  }

  @Test
  void whatIsNotKnownIsTolerated() {
    String body =
        "{\"requested_columns\":[\"id\"],\"idempotency_key\":\"k\",\"queryDeltaLog\":true,"
            + "\"endingVersion\":0,\"somethingNew\":{\"a\":[1]}}";
    HttpResponse<String> response =
        client.query(
            "sales.plain", body, CAPABILITIES, "responseformat=parquet;newcapability=1;flag;=;x=");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(ids(response)).isEqualTo(ids(client.query("sales.plain", "{}")));
  }

  @ParameterizedTest
  @CsvSource({"parquet,32", "delta,64", " Delta ,64", "PARQUET,32"})
  void fileIdsAreThoseOfTheSchemeThatTheClientChose(String scheme, int length) {
    String[] formats = {"responseformat=parquet", "responseformat=delta"};
    List<Set<String>> ids = new ArrayList<>();
    for (String format : formats) {
      HttpResponse<String> response =
          client.query("sales.plain", "{}", CAPABILITIES, format, "fileidhash", scheme);
      assertThat(response.headers().firstValue("fileidhash"))
          .contains(scheme.trim().toLowerCase(java.util.Locale.ROOT));
      ids.add(ids(response));
    }
    assertThat(ids.get(0)).hasSize(4).isEqualTo(ids.get(1)).allMatch(id -> id.length() == length);
    String changes = "{\"startingVersion\":1}";
    assertThat(ids(client.query("sales.travel", changes, "fileidhash", scheme)))
        .allMatch(id -> id.length() == length);
  }

  @Test
  void anUnknownSchemeOfFileIdsIsRefused() {
    HttpResponse<String> response = client.query("sales.plain", "{}", "fileidhash", "crc32");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(message(response)).contains("fileidhash");
    assertThat(client.query("sales.plain", "{}").headers().firstValue("fileidhash")).isEmpty();
  }

  @Test
  void checkpointedAndEmptyTables() {
    assertThat(actions(client.query("sales.checkpointed", "{}"), "file")).hasSize(3);
    assertThat(ServerTables.directory("checkpointed").resolve("_delta_log/_last_checkpoint"))
        .exists();
    HttpResponse<String> empty =
        client.query("empty.empty", "{}", CAPABILITIES, "includeendstreamaction=true");
    assertThat(actions(empty, "metaData")).hasSize(1);
    assertThat(actions(empty, "file")).isEmpty();
    assertThat(actions(empty, "endStreamAction").get(0).has("minUrlExpirationTimestamp")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1,1", "25,1", "26,2", "1000,4", "0,0"})
  void limitKeepsEnoughFiles(int limit, int files) {
    String body = "{\"limitHint\":" + limit + "}";
    assertThat(actions(client.query("sales.plain", body), "file")).hasSize(files);
    assertThat(ids(client.query("sales.plain", body)))
        .isEqualTo(ids(client.query("sales.plain", body)));
  }

  @Test
  void limitIsLeftAloneWithPredicates() {
    HttpResponse<String> filtered =
        client.query("sales.plain", "{\"limitHint\":1,\"predicateHints\":[\"id >= 0\"]}");
    assertThat(actions(filtered, "file")).hasSize(4);
  }

  @Test
  void pagesPinTheVersionAndTheParameters() {
    String query = "\"maxFiles\":3,\"jsonPredicateHints\":\"{}\"";
    Set<String> seen = new HashSet<>();
    String token = null;
    List<Integer> sizes = new ArrayList<>();
    do {
      String body = "{" + query + (token == null ? "" : ",\"pageToken\":\"" + token + "\"") + "}";
      HttpResponse<String> response = client.query("sales.parts", body);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(seen).doesNotContainAnyElementsOf(ids(response));
      seen.addAll(ids(response));
      sizes.add(ids(response).size());
      JsonNode end = actions(response, "endStreamAction").get(0);
      token = end.has("nextPageToken") ? end.path("nextPageToken").asText() : null;
      if (token != null) {
        String other = "{\"maxFiles\":3,\"limitHint\":5,\"pageToken\":\"" + token + "\"}";
        assertThat(message(client.query("sales.parts", other))).contains("other parameters");
        String elsewhere = "{" + query + ",\"pageToken\":\"" + token + "\"}";
        assertThat(message(client.query("sales.plain", elsewhere))).contains("another table");
      }
    } while (token != null);
    assertThat(sizes).containsExactly(3, 3, 2);
  }

  @Test
  void pagesAndRefreshesStayOnTheirVersion(@TempDir Path dir) {
    String table = "delta.`" + dir.resolve("t") + "`";
    TestSpark.session().sql("CREATE TABLE " + table + " (id INT) USING delta");
    TestSpark.session().sql("INSERT INTO " + table + " VALUES (1)");
    TestSpark.session().sql("INSERT INTO " + table + " VALUES (2)");
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .bearerToken(ServerTables.TOKEN)
            .table("Retail", "s", "t", dir.resolve("t"))
            .build();
    try (SharingServer own = SharingServer.start(config)) {
      ServerClient ownClient = new ServerClient(own);
      HttpResponse<String> first =
          ownClient.query("s.t", "{\"maxFiles\":1,\"includeRefreshToken\":true}");
      JsonNode end = actions(first, "endStreamAction").get(0);
      // A commit between the pages is noticed by new queries only.
      TestSpark.session().sql("INSERT INTO " + table + " VALUES (3)");
      assertThat(actions(ownClient.query("s.t", "{}"), "file")).hasSize(3);
      HttpResponse<String> second =
          ownClient.query(
              "s.t",
              "{\"maxFiles\":1,\"pageToken\":\"" + end.path("nextPageToken").asText() + "\"}");
      assertThat(second.headers().firstValue("Delta-Table-Version")).contains("2");
      assertThat(actions(second, "endStreamAction").get(0).has("nextPageToken")).isFalse();
      String refresh = "\"refreshToken\":\"" + end.path("refreshToken").asText() + "\"";
      HttpResponse<String> refreshed = ownClient.query("s.t", "{" + refresh + "}");
      assertThat(refreshed.headers().firstValue("Delta-Table-Version")).contains("2");
      Set<String> both = new HashSet<>(ids(first));
      both.addAll(ids(second));
      assertThat(ids(refreshed)).isEqualTo(both);
      assertThat(ownClient.query("s.t", "{\"version\":1," + refresh + "}").statusCode())
          .isEqualTo(400);
    }
  }

  @Test
  void tokensExpire() {
    MovableClock clock = new MovableClock();
    ShareConfig config =
        ServerTables.config().refreshTokenTtlMs(1000).queryTablePageTokenTtlMs(2000).build();
    try (SharingServer own = SharingServer.start(config, access -> {}, clock)) {
      ServerClient ownClient = new ServerClient(own);
      JsonNode end =
          actions(
                  ownClient.query("sales.plain", "{\"maxFiles\":1,\"includeRefreshToken\":true}"),
                  "endStreamAction")
              .get(0);
      String page = "{\"maxFiles\":1,\"pageToken\":\"" + end.path("nextPageToken").asText() + "\"}";
      String refresh = "{\"refreshToken\":\"" + end.path("refreshToken").asText() + "\"}";
      clock.forwardMillis(1500);
      assertThat(ownClient.query("sales.plain", page).statusCode()).isEqualTo(200);
      assertThat(message(ownClient.query("sales.plain", refresh))).contains("expired");
      clock.forwardMillis(1000);
      assertThat(message(ownClient.query("sales.plain", page))).contains("expired");
    }
  }

  @Test
  void failuresHideTheirDetails(@TempDir Path dir) throws Exception {
    Path log = Files.createDirectories(dir.resolve("broken/_delta_log"));
    Files.writeString(log.resolve("00000000000000000000.json"), "{\"commitInfo\": nonsense");
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .bearerToken(ServerTables.TOKEN)
            .table("Retail", "s", "broken", dir.resolve("broken"))
            .build();
    try (SharingServer own = SharingServer.start(config)) {
      HttpResponse<String> response = new ServerClient(own).query("s.broken", "{}");
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(errorCode(response)).isEqualTo("UNSUPPORTED_OPERATION");
      assertThat(message(response))
          .contains("line 1 of 00000000000000000000.json is no JSON")
          .doesNotContain(dir.toString(), "Exception", "nonsense");
    }
  }

  @Test
  void failuresHalfWayAreSaidOrBreakTheAnswerOff(@TempDir Path dir) throws Exception {
    // Far more files than the server buffers, and then one that it cannot serve.
    StringBuilder commit =
        new StringBuilder("{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}\n")
            .append(
                "{\"metaData\":{\"id\":\"x\",\"format\":{\"provider\":\"parquet\",\"options\":{}},")
            .append("\"schemaString\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[]}\",")
            .append("\"partitionColumns\":[],\"configuration\":{}}}\n");
    for (int i = 0; i <= 900; i++) {
      String path = i < 900 ? "part-" + i + ".parquet" : "file:/elsewhere/part.parquet";
      commit
          .append("{\"add\":{\"path\":\"" + path + "\",\"partitionValues\":{},\"size\":1,")
          .append("\"modificationTime\":1,\"dataChange\":true}}\n");
    }
    Path log = Files.createDirectories(dir.resolve("t/_delta_log"));
    Files.writeString(log.resolve("00000000000000000000.json"), commit);
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .bearerToken(ServerTables.TOKEN)
            .table("Retail", "s", "t", dir.resolve("t"))
            .build();
    try (SharingServer own = SharingServer.start(config)) {
      ServerClient ownClient = new ServerClient(own);
      HttpResponse<String> said =
          ownClient.query("s.t", "{}", CAPABILITIES, "includeendstreamaction=true");
      assertThat(said.statusCode()).isEqualTo(200);
      List<JsonNode> ends = actions(said, "endStreamAction");
      assertThat(ends).hasSize(1);
      assertThat(ends.get(0).path("errorMessage").asText()).contains("Retail.s.t", "outside");
      assertThat(ends.get(0).path("httpStatusErrorCode").asInt()).isEqualTo(400);
      assertThatThrownBy(() -> ownClient.query("s.t", "{}"))
          .isInstanceOf(java.io.UncheckedIOException.class);
      // Found early enough, it is an ordinary error.
      HttpResponse<String> early = ownClient.query("s.t", "{\"maxFiles\":2}");
      assertThat(early.statusCode()).isEqualTo(400);
      assertThat(errorCode(early)).isEqualTo("UNSUPPORTED_OPERATION");
    }
  }

  private static String json(String op, String column, String type, String value) {
    String predicate =
        ("{\"op\":\"%s\",\"children\":[{\"op\":\"column\",\"name\":\"%s\",\"valueType\":\"%s\"},"
                + "{\"op\":\"literal\",\"value\":\"%s\",\"valueType\":\"%s\"}]}")
            .formatted(op, column, type, value, type);
    return ServerClient.MAPPER.createObjectNode().put("jsonPredicateHints", predicate).toString();
  }

  private static Set<String> ids(HttpResponse<String> response) {
    Set<String> ids = new HashSet<>();
    actions(response, "file").forEach(file -> ids.add(file.path("id").asText()));
    return ids;
  }
}
