/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where changes start and end: versions, times, what is shared, what is refused. */
class ChangeBoundsTest {
  private static final String FEED = "'delta.enableChangeDataFeed'='true'";

  @TempDir private static Path dir;
  private static SharingServer server;
  private static ServerClient client;

  @BeforeAll
  static void start() throws IOException {
    appends("t", FEED);
    appends("ict", FEED + ",'delta.enableInCommitTimestamps'='true'");
    TestSpark.session()
        .sql(
            "ALTER TABLE "
                + table("late")
                + " SET TBLPROPERTIES ('delta.enableInCommitTimestamps'='true')");
    TestSpark.session().sql("INSERT INTO " + table("late") + " VALUES (4)");
    TestSpark.session().sql("INSERT INTO " + table("late") + " VALUES (5)");
    for (int version = 0; version <= 3; version++) {
      touch("t", version, "2024-01-01T00:0" + version + ":00Z");
      // Of no meaning where the commits say their times.
      touch("ict", version, "2020-01-01T00:00:00Z");
      touch("late", version, "2021-01-01T00:0" + version + ":00Z");
    }
    appends("uneven", FEED);
    touch("uneven", 0, "2024-01-01T00:01:00Z");
    touch("uneven", 1, "2024-01-01T00:00:00Z");
    touch("uneven", 2, "2024-01-01T00:00:30Z");
    touch("uneven", 3, "2024-01-01T00:02:00Z");
    ShareConfig config =
        ChangeTables.config()
            .table(ChangeTables.shared("t", dir.resolve("t")))
            .table(ChangeTables.shared("ict", dir.resolve("ict")))
            .table(ChangeTables.shared("late", dir.resolve("late")))
            .table(ChangeTables.shared("uneven", dir.resolve("uneven")))
            .table("Retail", "c", "hidden", dir.resolve("t"))
            .table(new SharedTable("Retail", "c", "from2", dir.resolve("t").toUri(), "", true, 2))
            .build();
    server = SharingServer.start(config);
    client = new ServerClient(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String table(String name) {
    return ChangeTables.sql(dir.resolve(name));
  }

  /** Versions 0 to 3, the last three with a row each; {@code late} is made with {@code t}. */
  private static void appends(String name, String properties) {
    for (String each : name.equals("t") ? List.of("t", "late") : List.of(name)) {
      TestSpark.session()
          .sql(
              "CREATE TABLE "
                  + table(each)
                  + " (id INT) USING delta TBLPROPERTIES ("
                  + properties
                  + ")");
      for (int version = 1; version <= 3; version++) {
        TestSpark.session().sql("INSERT INTO " + table(each) + " VALUES (" + version + ")");
      }
    }
  }

  private static void touch(String table, int version, String time) throws IOException {
    Files.setLastModifiedTime(
        dir.resolve(table).resolve("_delta_log/%020d.json".formatted(version)),
        FileTime.from(Instant.parse(time)));
  }

  @ParameterizedTest
  @CsvSource({
    "startingVersion=1&endingVersion=2,1 2",
    "startingVersion=2,2 3",
    "startingVersion=2&endingVersion=9,2 3",
    "startingVersion=0&endingVersion=0,''",
    "startingTimestamp=2024-01-01T00:01:00Z&endingTimestamp=2024-01-01T00:02:00Z,1 2",
    "startingTimestamp=2024-01-01T00:00:01Z&endingTimestamp=2024-01-01T00:02:59Z,1 2",
    "startingTimestamp=2024-01-01T00:00:00Z,1 2 3",
    "startingVersion=2&endingTimestamp=2024-01-01T00:03:00Z,2 3",
    "startingTimestamp=2024-01-01T00:01:01Z&endingTimestamp=2024-01-01T00:01:02Z,''",
    "startingTimestamp=2024-01-01T01:03:00%2B01:00,3",
  })
  void boundsAreInclusive(String parameters, String versions) {
    HttpResponse<String> response = client.changes("c.t", parameters);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(actions(response, "protocol")).hasSize(1);
    assertThat(actions(response, "metaData")).hasSize(1);
    assertThat(
            String.join(
                " ",
                actions(response, "add").stream().map(a -> a.path("version").asText()).toList()))
        .isEqualTo(versions);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "t||startingVersion or startingTimestamp",
        "t|endingVersion=2|startingVersion or startingTimestamp",
        "t|startingVersion=-1|startingVersion must be a whole number",
        "t|startingVersion=x|startingVersion must be a whole number",
        "t|startingVersion=|startingVersion must be a whole number",
        "t|startingVersion=99999999999999999999|startingVersion must be a whole number",
        "t|startingVersion=0&endingVersion=-1|endingVersion must be a whole number",
        "t|startingVersion=0&endingVersion=1.5|endingVersion must be a whole number",
        "t|startingVersion=3&endingVersion=2|startingVersion 3 is after endingVersion 2",
        "t|startingVersion=4|latest version is 3",
        "t|startingVersion=4&endingVersion=9|latest version is 3",
        "t|startingVersion=0&startingTimestamp=2024-01-01T00:00:00Z|exclude",
        "t|startingVersion=0&endingVersion=1&endingTimestamp=2024-01-01T00:00:00Z|exclude",
        "t|startingTimestamp=1999-01-01T00:00:00Z|first commit is later",
        "t|startingTimestamp=2023-12-31T23:59:59.999Z|first commit is later",
        "t|startingTimestamp=yesterday|startingTimestamp must be a time",
        "t|startingVersion=0&endingTimestamp=2024-01-01|endingTimestamp must be a time",
        "t|startingTimestamp=2999-01-01T00:00:00Z|latest commit is earlier",
        "t|startingVersion=0&endingTimestamp=2999-01-01T00:00:00Z|latest commit is of 2024-01-01T00:03:00Z",
        "t|startingVersion=0&endingTimestamp=2024-01-01T00:03:00.001Z|latest commit is of",
        "t|startingVersion=0&endingTimestamp=1999-01-01T00:00:00Z|first commit is later",
        "t|startingVersion=2&endingTimestamp=2024-01-01T00:01:00Z|is before it",
        "t|startingTimestamp=2024-01-01T00:02:00Z&endingTimestamp=2024-01-01T00:00:30Z|before it",
        "t|startingTimestamp=2024-01-01T00:01:02Z&endingTimestamp=2024-01-01T00:01:01Z|before it",
        "t|startingVersion=0&includeHistoricalMetadata=maybe|true or false",
        "t|startingVersion=0&maxFiles=0|maxFiles must be a whole number, 1 or more",
        "t|startingVersion=0&maxFiles=2147483648|maxFiles must be a whole number, 1 to 2147483647",
        "t|startingVersion=0&pageToken=a.b|pageToken",
        "hidden|startingVersion=0|history is not shared",
        "from2|startingVersion=1|shared from version 2",
        "from2|startingTimestamp=2024-01-01T00:01:00Z|shared from version 2",
        "plain|startingVersion=0|version 0 records no change data",
        "switched|startingVersion=0&endingVersion=2|version 0 records no change data",
        "switched|startingVersion=1&endingVersion=3|version 3 records no change data",
        "switched|startingVersion=5|version 5 records no change data",
      })
  void refusesTheFeedByName(String table, String parameters, String reason) {
    HttpResponse<String> response =
        client.changes("c." + table, parameters == null ? "" : parameters);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(ServerClient.message(response)).contains(reason).doesNotContain(dir.toString());
    assertThat(ServerClient.errorCode(response)).isEqualTo("INVALID_PARAMETER_VALUE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "t|{\"startingVersion\":-1}|startingVersion",
        "t|{\"startingVersion\":\"one\"}|startingVersion",
        "t|{\"startingVersion\":2,\"endingVersion\":1}|startingVersion 2 is after endingVersion 1",
        "t|{\"startingVersion\":4}|latest version is 3",
        "t|{\"startingVersion\":0,\"endingVersion\":4}|latest version is 3",
        "t|{\"startingVersion\":0,\"version\":1}|exclude",
        "t|{\"startingVersion\":0,\"timestamp\":\"2024-01-01T00:00:00Z\"}|exclude",
        "t|{\"startingVersion\":0,\"refreshToken\":\"x\"}|refreshToken",
        "t|{\"startingVersion\":0,\"includeRefreshToken\":true}|includeRefreshToken",
        "t|{\"startingVersion\":0,\"pageToken\":\"x.y\"}|pageToken",
        "hidden|{\"startingVersion\":0}|history is not shared",
        "from2|{\"startingVersion\":1}|shared from version 2",
      })
  void refusesStreamsByName(String table, String body, String reason) {
    HttpResponse<String> response = client.query("c." + table, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(ServerClient.message(response)).contains(reason);
  }

  @Test
  void streamsNeedNoFeedAndIgnoreHints() {
    String body = "{\"startingVersion\":4,\"limitHint\":1,\"predicateHints\":[\"id = 1\"]}";
    HttpResponse<String> response =
        client.query(
            "c.switched",
            body,
            ServerChangesTest.CAPABILITIES,
            ServerClient.DELTA_ALL + ";includeendstreamaction=true");
    assertThat(actions(response, "file")).hasSize(1);
    JsonNode end = actions(response, "endStreamAction").get(0);
    assertThat(end.path("minUrlExpirationTimestamp").asLong())
        .isEqualTo(actions(response, "file").get(0).path("expirationTimestamp").asLong());
    assertThat(end.has("refreshToken")).isFalse();
    assertThat(actions(client.query("c.t", "{\"endingVersion\":1}"), "file")).hasSize(3);
    assertThat(actions(client.query("c.from2", "{\"startingVersion\":2}"), "add")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"t", "ict", "late", "uneven"})
  void timesAreThoseOfDeltaLake(String table) {
    TreeMap<Long, Long> served = new TreeMap<>();
    for (JsonNode add : actions(client.changes("c." + table, "startingVersion=0"), "add")) {
      served.put(add.path("version").asLong(), add.path("timestamp").asLong());
    }
    TreeMap<Long, Long> expected = new TreeMap<>();
    for (Row row : feed(table, Map.of("startingVersion", "0"))) {
      expected.put(row.getLong(0), row.getTimestamp(1).getTime());
    }
    assertThat(served).hasSizeGreaterThanOrEqualTo(3).isEqualTo(expected);

    // Each time, and the one after it, as both bounds.
    for (Map.Entry<Long, Long> commit : expected.entrySet()) {
      for (long time : new long[] {commit.getValue(), commit.getValue() + 1}) {
        String text = Instant.ofEpochMilli(time).toString();
        if (time <= expected.lastEntry().getValue()) {
          assertThat(versions(table, "startingTimestamp=" + text))
              .as("from %s", text)
              .isEqualTo(versions(feed(table, Map.of("startingTimestamp", text))));
          assertThat(versions(table, "startingVersion=0&endingTimestamp=" + text))
              .as("to %s", text)
              .isEqualTo(
                  versions(feed(table, Map.of("startingVersion", "0", "endingTimestamp", text))));
          HttpResponse<String> version =
              client.get(
                  "/shares/Retail/schemas/c/tables/"
                      + table
                      + "/version?startingTimestamp="
                      + text);
          assertThat(version.headers().firstValueAsLong("Delta-Table-Version"))
              .hasValue(
                  client
                      .changes("c." + table, "startingTimestamp=" + text)
                      .headers()
                      .firstValueAsLong("Delta-Table-Version")
                      .getAsLong());
        }
      }
    }
  }

  private static List<Row> feed(String table, Map<String, String> options) {
    return TestSpark.session()
        .read()
        .format("delta")
        .option("readChangeFeed", true)
        .options(options)
        .load(dir.resolve(table).toString())
        .selectExpr("_commit_version", "_commit_timestamp")
        .orderBy("_commit_version")
        .collectAsList();
  }

  private static List<Long> versions(List<Row> rows) {
    return rows.stream().map(row -> row.getLong(0)).toList();
  }

  private static List<Long> versions(String table, String parameters) {
    HttpResponse<String> response = client.changes("c." + table, parameters);
    assertThat(response.statusCode()).as(parameters + response.body()).isEqualTo(200);
    return actions(response, "add").stream().map(add -> add.path("version").asLong()).toList();
  }

  @Test
  void pagesAddUpToTheWholeAnswer() {
    String stream = "{\"startingVersion\":0,\"includeHistoricalProtocol\":true%s}";
    String[] delta = {ServerChangesTest.CAPABILITIES, ServerClient.DELTA_ALL};
    List<String> whole = lines(client.query("c.vectors", stream.formatted(""), delta));
    List<String> paged = new ArrayList<>();
    String token = null;
    int pages = 0;
    do {
      String page = ",\"maxFiles\":4" + (token == null ? "" : ",\"pageToken\":\"" + token + "\"");
      HttpResponse<String> response = client.query("c.vectors", stream.formatted(page), delta);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(response.headers().firstValue("Delta-Table-Version")).contains("0");
      assertThat(actions(response, "file")).hasSizeLessThanOrEqualTo(4);
      List<String> lines = lines(response);
      paged.addAll(pages == 0 ? lines : lines.subList(2, lines.size()));
      JsonNode end = actions(response, "endStreamAction").get(0);
      token = end.has("nextPageToken") ? end.path("nextPageToken").asText() : null;
      pages++;
    } while (token != null);
    assertThat(pages).isGreaterThan(5);
    assertThat(paged).isEqualTo(whole);
  }

  /** The lines, without what is another each time. */
  private static List<String> lines(HttpResponse<String> response) {
    return response
        .body()
        .lines()
        .filter(line -> !line.contains("endStreamAction"))
        .map(line -> line.replaceAll("expires=[^\"]*", "").replaceAll("onTimestamp\":\\d+", ""))
        .toList();
  }

  @Test
  void pageTokensOfTheFeedPinItsEnd() {
    TestSpark.session()
        .sql(
            "CREATE TABLE "
                + table("grows")
                + " (id INT) USING delta"
                + " TBLPROPERTIES ("
                + FEED
                + ")");
    TestSpark.session().sql("INSERT INTO " + table("grows") + " VALUES (1)");
    TestSpark.session().sql("INSERT INTO " + table("grows") + " VALUES (2)");
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .bearerToken(ServerTables.TOKEN)
            .table(ChangeTables.shared("grows", dir.resolve("grows")))
            .build();
    try (SharingServer own = SharingServer.start(config)) {
      ServerClient ownClient = new ServerClient(own);
      HttpResponse<String> first = ownClient.changes("c.grows", "startingVersion=0&maxFiles=1");
      TestSpark.session().sql("INSERT INTO " + table("grows") + " VALUES (3)");
      String token =
          URLEncoder.encode(
              actions(first, "endStreamAction").get(0).path("nextPageToken").asText(),
              StandardCharsets.UTF_8);
      HttpResponse<String> second =
          ownClient.changes("c.grows", "startingVersion=0&maxFiles=1&pageToken=" + token);
      assertThat(actions(second, "add").get(0).path("version").asLong()).isEqualTo(2);
      assertThat(actions(second, "metaData").get(0).path("version").asLong()).isEqualTo(2);
      assertThat(actions(second, "endStreamAction").get(0).has("nextPageToken")).isFalse();
      assertThat(
              ServerClient.message(
                  ownClient.changes("c.grows", "startingVersion=1&maxFiles=1&pageToken=" + token)))
          .contains("other parameters");
      assertThat(
              ServerClient.message(
                  ownClient.query("c.grows", "{\"maxFiles\":1,\"pageToken\":\"" + token + "\"}")))
          .contains("pageToken");
    }
  }
}
