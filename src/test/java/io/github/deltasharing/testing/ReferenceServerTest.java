/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.testing.ReferenceServer.Release;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** That it refuses and leaves out what the reference server does. */
class ReferenceServerTest {
  private static final String BOTH =
      "responseformat=parquet,delta;readerfeatures=deletionvectors;includeendstreamaction=true";
  private static final String DELTA = BOTH.replace("parquet,", "");

  @TempDir static Path directory;
  private static TestShare share;
  private static ReferenceServer kernel;
  private static ReferenceServer standalone;

  @BeforeAll
  static void start() {
    List<String> tables = List.of("plain", "vectors", "nested");
    tables.forEach(table -> ChangeHistories.copy(table, directory));
    share = TestShare.withHistory(directory, tables);
    kernel = new ReferenceServer(share, Release.V1_4);
    standalone = new ReferenceServer(share, Release.V1_0);
  }

  @AfterAll
  static void stop() {
    kernel.close();
    standalone.close();
    share.close();
  }

  private static ReferenceServer server(Release release) {
    return release == Release.V1_4 ? kernel : standalone;
  }

  private static HttpResponse<String> send(
      Release release, String path, String body, String capabilities) throws Exception {
    URI uri =
        URI.create(server(release).endpoint() + "/shares/share/schemas/schema/tables/" + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + TestShare.CANARY)
            .header("delta-sharing-capabilities", capabilities);
    if (body != null) {
      request.POST(HttpRequest.BodyPublishers.ofString(body));
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> query(
      Release release, String table, String body, String capabilities) throws Exception {
    return send(release, table + "/query", body, capabilities);
  }

  private static List<JsonNode> lines(HttpResponse<String> response, String action) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response
        .body()
        .lines()
        .map(ListedFile::tree)
        .filter(line -> line.has(action))
        .map(line -> line.get(action))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"predicateHints\":[\"id > 1\"]}",
        "{\"maxFiles\":1}",
        "{\"startingVersion\":0}",
      })
  void theOldReaderKnowsNoFeatures(String body) throws Exception {
    HttpResponse<String> refused = query(Release.V1_4, "vectors", body, DELTA);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("UNSUPPORTED_OPERATION", "(3,7) is too new");
    assertThat(query(Release.V1_4, "plain", body, DELTA).statusCode()).isEqualTo(200);
    String feed = "vectors/changes?startingVersion=0";
    assertThat(send(Release.V1_4, feed, null, DELTA).body()).contains("is too new");
    for (String hints : List.of("{}", "{\"jsonPredicateHints\":\"{}\",\"predicateHints\":[]}")) {
      assertThat(query(Release.V1_4, "vectors", hints, DELTA).statusCode()).isEqualTo(200);
      assertThat(query(Release.V1_0, "vectors", hints, DELTA).body()).contains("is too new");
    }
  }

  @ParameterizedTest
  @EnumSource(Release.class)
  void refreshTokensAreForTheLatestVersionOfTablesWithAnId(Release release) throws Exception {
    String asked = "{\"includeRefreshToken\":true%s}";
    HttpResponse<String> versioned =
        query(release, "nested", asked.formatted(",\"version\":1"), BOTH);
    assertThat(versioned.statusCode()).isEqualTo(400);
    assertThat(versioned.body()).contains("INVALID_PARAMETER_VALUE");
    assertThat(query(release, "plain", asked.formatted(""), BOTH).statusCode()).isEqualTo(500);
    HttpResponse<String> right = query(release, "nested", asked.formatted(""), BOTH);
    assertThat(lines(right, "endStreamAction").get(0).has("refreshToken")).isTrue();
  }

  @Test
  void snapshotsOfKernelLeaveOutTimesAndIdsOfVectors() throws Exception {
    HttpResponse<String> response = query(Release.V1_4, "vectors", "{\"version\":4}", DELTA);
    JsonNode file = lines(response, "file").get(0);
    assertThat(file.has("timestamp")).isFalse();
    assertThat(file.path("version").asLong()).isEqualTo(4);
    assertThat(lines(response, "file"))
        .anyMatch(f -> f.at("/deltaSingleAction/add/deletionVector").isObject())
        .noneMatch(f -> f.has("deletionVectorFileId"));
    JsonNode metadata = lines(response, "metaData").get(0);
    assertThat(metadata.fieldNames()).toIterable().containsExactly("deltaMetadata");
    String paged = "{\"version\":4,\"maxFiles\":100}";
    assertThat(lines(query(Release.V1_4, "plain", paged, DELTA), "file").get(0).has("timestamp"))
        .isTrue();
  }

  @Test
  void theFeedsProtocolHasNoFeatures() throws Exception {
    String feed = "nested/changes?startingVersion=0&includeHistoricalProtocol=true";
    HttpResponse<String> response = send(Release.V1_4, feed, null, DELTA);
    JsonNode protocol = lines(response, "protocol").get(0);
    assertThat(protocol.fieldNames()).toIterable().containsExactly("deltaProtocol");
    assertThat(protocol.path("deltaProtocol").has("writerFeatures")).isFalse();
    assertThat(protocol.at("/deltaProtocol/minWriterVersion").asInt()).isPositive();
    assertThat(lines(response, "file")).isNotEmpty().allMatch(file -> file.has("timestamp"));
  }

  @Test
  void theEndIsMarkedWhereItIsAskedForAndKnown() throws Exception {
    HttpResponse<String> marked = query(Release.V1_4, "plain", "{}", BOTH);
    assertThat(lines(marked, "endStreamAction")).hasSize(1);
    HttpResponse<String> silent = query(Release.V1_4, "plain", "{}", "responseformat=parquet");
    assertThat(lines(silent, "endStreamAction")).isEmpty();
    HttpResponse<String> old = query(Release.V1_0, "plain", "{}", BOTH);
    assertThat(lines(old, "endStreamAction")).isEmpty();
    assertThat(old.headers().firstValue("delta-sharing-capabilities"))
        .contains("responseformat=parquet,delta");
    assertThat(lines(old, "file").get(0).has("url")).isTrue();
    HttpResponse<String> metadata = send(Release.V1_4, "plain/metadata", null, BOTH);
    assertThat(lines(metadata, "endStreamAction")).isEmpty();
    assertThat(metadata.headers().firstValue("delta-sharing-capabilities"))
        .contains("responseformat=parquet");
    assertThat(lines(metadata, "metaData").get(0).path("configuration").toString())
        .isEqualTo("{\"enableChangeDataFeed\":\"true\"}");
  }
}
