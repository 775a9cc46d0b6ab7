/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.errorCode;
import static io.github.deltasharing.server.ServerClient.json;
import static io.github.deltasharing.server.ServerClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.share.ShareDetails;
import io.github.deltasharing.server.share.SharedSchema;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists, versions, metadata, authentication and error bodies. */
class ServerEndpointsTest {
  private static final String PLAIN = "/shares/Retail/schemas/sales/tables/plain";
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
  void listsEverythingThatIsShared() {
    assertThat(client.get("/shares").body())
        .isEqualTo("{\"items\":[{\"name\":\"Retail\"},{\"name\":\"other.share é x\"}]}");
    assertThat(client.get("/shares/rETAIL").body()).isEqualTo("{\"share\":{\"name\":\"Retail\"}}");
    assertThat(client.get("/shares/retail/schemas").body())
        .isEqualTo(
            "{\"items\":[{\"name\":\"sales\",\"share\":\"Retail\"},"
                + "{\"name\":\"empty\",\"share\":\"Retail\"}]}");
    assertThat(names(client.get("/shares/retail/schemas/SALES/tables")))
        .containsExactly("plain", "parts", "dv", "mapped", "travel", "checkpointed");
    assertThat(json(client.get("/shares/retail/schemas/SALES/tables")).path("items").get(4))
        .isEqualTo(
            ServerClient.tree(
                "{\"name\":\"travel\",\"schema\":\"sales\",\"share\":\"Retail\",\"id\":\"t-1\","
                    + "\"accessModes\":[\"url\"]}"));
    assertThat(names(client.get("/shares/retail/all-tables"))).hasSize(8).contains("gone");
  }

  @Test
  void tellsWhatIsKnownOfASharesAndItsTables() {
    ShareDetails details =
        new ShareDetails(
            Optional.of("share-7"),
            Optional.of("Retail, all of it"),
            Optional.of("For the tests"),
            Map.of("region", "north", "owner", "team"));
    SharedTable table =
        new SharedTable(
            "Retail", "sales", "plain", ServerTables.directory("plain").toUri(), "", false, 0);
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .bearerToken(ServerTables.TOKEN)
            .share(
                new SharedShare(
                    "Retail", details, List.of(new SharedSchema("sales", List.of(table)))))
            .table("bare", "s", "plain", ServerTables.directory("plain"))
            .build();
    try (SharingServer own = SharingServer.start(config)) {
      ServerClient ownClient = new ServerClient(own);
      String share =
          "{\"name\":\"Retail\",\"id\":\"share-7\",\"displayName\":\"Retail, all of it\","
              + "\"comment\":\"For the tests\","
              + "\"properties\":{\"owner\":\"team\",\"region\":\"north\"}}";
      assertThat(ownClient.get("/shares").body())
          .isEqualTo("{\"items\":[" + share + ",{\"name\":\"bare\"}]}");
      assertThat(ownClient.get("/shares/retail").body()).isEqualTo("{\"share\":" + share + "}");
      String plain =
          "{\"name\":\"plain\",\"schema\":\"sales\",\"share\":\"Retail\","
              + "\"shareId\":\"share-7\",\"accessModes\":[\"url\"]";
      String items = "{\"items\":[" + plain + "}]}";
      assertThat(ownClient.get("/shares/retail/schemas/sales/tables").body()).isEqualTo(items);
      assertThat(ownClient.get("/shares/retail/all-tables").body()).isEqualTo(items);
      assertThat(ownClient.get("/shares/RETAIL/schemas/SALES/tables/PLAIN").body())
          .isEqualTo(plain + ",\"format\":\"delta\"}");
    }
  }

  @Test
  void describesOneTable() {
    assertThat(client.get("/shares/retail/schemas/sales/tables/travel").body())
        .isEqualTo(
            "{\"name\":\"travel\",\"schema\":\"sales\",\"share\":\"Retail\",\"id\":\"t-1\","
                + "\"accessModes\":[\"url\"],\"format\":\"delta\"}");
    assertThat(client.get("/shares/retail/schemas/sales/tables/none").statusCode()).isEqualTo(404);
    assertThat(client.post(PLAIN, "{}").statusCode()).isEqualTo(405);
  }

  @Test
  void decodesNamesOnce() {
    assertThat(names(client.get("/shares/other.share%20%C3%A9%20x/schemas/s/tables")))
        .containsExactly("plain");
    assertThat(client.get("/shares/other.share%2520/schemas").statusCode()).isEqualTo(404);
  }

  @Test
  void pagesThroughLists() {
    List<String> seen = new ArrayList<>();
    String path = "/shares/retail/all-tables?maxResults=3";
    String next = path;
    int pages = 0;
    while (next != null) {
      HttpResponse<String> response = client.get(next);
      seen.addAll(names(response));
      JsonNode token = json(response).path("nextPageToken");
      next = token.isMissingNode() ? null : path + "&pageToken=" + token.asText();
      pages++;
    }
    assertThat(pages).isEqualTo(3);
    assertThat(seen).hasSize(8).doesNotHaveDuplicates();
    HttpResponse<String> none = client.get("/shares?maxResults=0");
    assertThat(names(none)).isEmpty();
    assertThat(json(none).path("nextPageToken").asText()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maxResults=-1",
        "maxResults=501",
        "maxResults=99999999999",
        "maxResults=x",
        "pageToken=x",
        "pageToken=x.y"
      })
  void refusesBadPaging(String query) {
    HttpResponse<String> response = client.get("/shares?" + query);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(errorCode(response)).isEqualTo("INVALID_PARAMETER_VALUE");
    assertThat(message(response)).contains(query.substring(0, query.indexOf('=')));
  }

  @Test
  void refusesTheTokenOfAnotherList() {
    String token = json(client.get("/shares?maxResults=1")).path("nextPageToken").asText();
    assertThat(names(client.get("/shares?pageToken=" + token))).containsExactly("other.share é x");
    assertThat(client.get("/shares/retail/schemas?pageToken=" + token).statusCode()).isEqualTo(400);
    char last = token.charAt(token.length() - 2);
    String tampered = token.substring(0, token.length() - 2) + (last == 'A' ? 'B' : 'A') + "x";
    assertThat(client.get("/shares?pageToken=" + tampered).statusCode()).isEqualTo(400);
  }

  @Test
  void refusesMissingAndWrongTokensEverywhere() {
    for (String path : List.of("/shares", PLAIN + "/version", "/no/such/path")) {
      HttpResponse<String> missing =
          ServerClient.send(
              HttpRequest.newBuilder(java.net.URI.create(server.uri() + path)).build());
      assertThat(missing.statusCode()).isEqualTo(401);
      assertThat(missing.headers().firstValue("WWW-Authenticate")).contains("Bearer");
      assertThat(errorCode(missing)).isEqualTo("UNAUTHENTICATED");
      HttpResponse<String> wrong =
          client.get(path, "Authorization", "Bearer " + ServerTables.TOKEN + "x");
      assertThat(wrong.statusCode()).isEqualTo(401);
      assertThat(wrong.body()).doesNotContain(ServerTables.TOKEN);
    }
    assertThat(client.get("/shares", "Authorization", "bearer " + ServerTables.TOKEN).statusCode())
        .isEqualTo(200);
  }

  @Test
  void anonymousServerAsksForNothing() {
    ShareConfig config = ServerTables.config().bearerToken(null).allowAnonymous(true).build();
    try (SharingServer open = SharingServer.start(config)) {
      var request = HttpRequest.newBuilder(java.net.URI.create(open.uri() + "/shares")).build();
      assertThat(ServerClient.send(request).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void tellsTheVersion() {
    HttpResponse<String> response = client.get(PLAIN + "/version");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Delta-Table-Version")).contains("0");
    HttpResponse<String> head =
        ServerClient.send(
            client.request(PLAIN).method("HEAD", HttpRequest.BodyPublishers.noBody()).build());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Delta-Table-Version")).contains("0");
  }

  @Test
  void findsTheVersionAtOrAfterATime() {
    String travel = "/shares/retail/schemas/sales/tables/travel/version?startingTimestamp=";
    // Before the table: its first version, which is not shared.
    HttpResponse<String> tooEarly = client.get(travel + "2001-01-01T00:00:00Z");
    assertThat(tooEarly.statusCode()).isEqualTo(400);
    assertThat(message(tooEarly)).contains("shared from version 1");
    assertThat(client.get(travel + "2901-01-01T00:00:00Z").statusCode()).isEqualTo(400);
    assertThat(client.get(travel + "yesterday").statusCode()).isEqualTo(400);
    HttpResponse<String> noHistory =
        client.get(PLAIN + "/version?startingTimestamp=2001-01-01T00:00:00Z");
    assertThat(noHistory.statusCode()).isEqualTo(400);
    assertThat(message(noHistory)).contains("Retail.sales.plain").contains("history");
  }

  @Test
  void describesATableInParquetFormat() {
    HttpResponse<String> response = client.get(PLAIN + "/metadata");
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("application/x-ndjson; charset=utf-8");
    assertThat(response.headers().firstValue("Delta-Table-Version")).contains("0");
    assertThat(response.headers().firstValue("delta-sharing-capabilities"))
        .contains("responseformat=parquet");
    String[] lines = response.body().split("\n", -1);
    assertThat(lines).hasSize(3);
    assertThat(lines[0]).isEqualTo("{\"protocol\":{\"minReaderVersion\":1}}");
    assertThat(lines[2]).isEmpty();
    JsonNode metadata = ServerClient.tree(lines[1]).path("metaData");
    assertThat(metadata.path("id").asText()).hasSize(36);
    assertThat(metadata.path("description").asText()).isEqualTo("plain things");
    assertThat(metadata.path("format").path("provider").asText()).isEqualTo("parquet");
    assertThat(metadata.path("schemaString").asText()).contains("\"nested\"");
    assertThat(metadata.path("partitionColumns")).isEmpty();
    assertThat(metadata.has("version")).isFalse();
    assertThat(metadata.path("accessModes").toString()).isEqualTo("[\"url\"]");
    assertThat(metadata.path("numFiles").asInt()).isEqualTo(4);
    assertThat(metadata.path("size").asLong()).isPositive();
  }

  @Test
  void describesATableInDeltaFormat() {
    HttpResponse<String> response =
        client.get(
            "/shares/retail/schemas/sales/tables/dv/metadata",
            "Delta-Sharing-Capabilities",
            "responseFormat=delta; readerFeatures=DeletionVectors;includeEndStreamAction=TRUE");
    assertThat(response.headers().firstValue("delta-sharing-capabilities"))
        .contains("responseformat=delta;includeendstreamaction=true");
    JsonNode protocol = ServerClient.actions(response, "protocol").get(0).path("deltaProtocol");
    assertThat(protocol.path("minReaderVersion").asInt()).isEqualTo(3);
    assertThat(protocol.path("minWriterVersion").asInt()).isEqualTo(7);
    assertThat(protocol.path("readerFeatures").toString()).isEqualTo("[\"deletionVectors\"]");
    assertThat(protocol.path("writerFeatures").toString()).contains("deletionVectors");
    JsonNode metadata = ServerClient.actions(response, "metaData").get(0).path("deltaMetadata");
    assertThat(metadata.path("configuration").path("delta.enableDeletionVectors").asText())
        .isEqualTo("true");
    assertThat(metadata.path("createdTime").asLong()).isPositive();
    // Delta's log requires the options; Delta Kernel in Rust refuses metadata without.
    assertThat(metadata.path("format").toString())
        .isEqualTo("{\"provider\":\"parquet\",\"options\":{}}");
    assertThat(ServerClient.actions(response, "metaData").get(0).path("accessModes").toString())
        .isEqualTo("[\"url\"]");
    assertThat(ServerClient.actions(response, "endStreamAction")).hasSize(1);
  }

  @Test
  void describesAnOlderVersion() {
    String travel = "/shares/retail/schemas/sales/tables/travel/metadata";
    HttpResponse<String> response = client.get(travel + "?version=2");
    assertThat(response.headers().firstValue("Delta-Table-Version")).contains("2");
    assertThat(ServerClient.actions(response, "metaData").get(0).path("version").asLong())
        .isEqualTo(2);
    assertThat(client.get(travel + "?version=2&timestamp=2024-01-01T00:00:00Z").statusCode())
        .isEqualTo(400);
    assertThat(client.get(travel + "?version=-2").statusCode()).isEqualTo(400);
    assertThat(client.get(travel + "?timestamp=soon").statusCode()).isEqualTo(400);
    String query = client.query("sales.travel", "{\"version\":2}").body();
    long time = ServerClient.tree(query.split("\n", -1)[2]).path("file").path("timestamp").asLong();
    HttpResponse<String> atTime = client.get(travel + "?timestamp=" + Instant.ofEpochMilli(time));
    assertThat(atTime.headers().firstValue("Delta-Table-Version")).contains("2");
    assertThat(ServerClient.actions(atTime, "metaData").get(0).path("version").asLong())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "travel,version=0,shared from version 1",
    "travel,version=9,latest version is 3",
    "travel,timestamp=2001-01-01T00:00:00Z,before the first",
    "travel,timestamp=2901-01-01T00:00:00Z,after the latest",
    "plain,version=0,history is not shared",
    "plain,timestamp=2024-01-01T00:00:00Z,history is not shared",
  })
  void refusesToDescribeAVersionThatIsNotShared(String table, String query, String reason) {
    HttpResponse<String> response =
        client.get("/shares/retail/schemas/sales/tables/" + table + "/metadata?" + query);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(errorCode(response)).isEqualTo("INVALID_PARAMETER_VALUE");
    assertThat(message(response)).contains("Retail.sales." + table, reason);
  }

  @ParameterizedTest
  @CsvSource({
    "/shares/none,404,RESOURCE_DOES_NOT_EXIST,none",
    "/shares/retail/schemas/none/tables,404,RESOURCE_DOES_NOT_EXIST,none",
    "/shares/retail/schemas/sales/tables/none/version,404,RESOURCE_DOES_NOT_EXIST,none",
    "/shares/retail/schemas/empty/tables/gone/version,404,RESOURCE_DOES_NOT_EXIST,Retail.empty.gone",
    "/nothing,404,RESOURCE_DOES_NOT_EXIST,endpoint",
    "/shares/retail/schemas/sales/tables/plain/changes,400,INVALID_PARAMETER_VALUE,startingVersion",
    "/shares/retail/schemas/sales/tables/plain/query,405,UNSUPPORTED_OPERATION,POST",
    "/shares/a%FFb,400,MALFORMED_REQUEST,''",
  })
  void errorsSayWhatIsWrong(String path, int status, String code, String text) {
    HttpResponse<String> response = client.get(path);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(errorCode(response)).isEqualTo(code);
    assertThat(message(response)).contains(text).doesNotContain("target/");
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("application/json; charset=utf-8");
  }

  @Test
  void requestIdsAreEchoedWhenSane() {
    assertThat(client.get("/shares", "x-request-id", "abc-1").headers().firstValue("x-request-id"))
        .contains("abc-1");
    String made =
        client.get("/shares", "x-request-id", "a b\"c").headers().firstValue("x-request-id").get();
    assertThat(made).hasSize(36);
  }

  @Test
  void compressesForClientsThatLikeIt() throws Exception {
    var plain = client.get(PLAIN + "/metadata");
    var request = client.request(PLAIN + "/metadata", "Accept-Encoding", "gzip").build();
    var gzip = ServerClient.send(request, HttpResponse.BodyHandlers.ofByteArray());
    assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(gzip.headers().firstValue("Content-Encoding")).contains("gzip");
    var in = new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(gzip.body()));
    assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo(plain.body());
  }

  private static List<String> names(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(200);
    return json(response).path("items").findValuesAsText("name");
  }
}
