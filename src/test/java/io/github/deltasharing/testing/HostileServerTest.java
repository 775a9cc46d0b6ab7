/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.table.FilterColumns;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * That the hostile server is hostile: hints which a careful server answers with all files lose
 * files here. A test that passes through a server which drops nothing proves nothing.
 */
class HostileServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LONG_TEXT = "shared prefix of thirty-two char";

  /** A file with rows for every condition that is tried on it. */
  private static final String STATISTICS =
      """
      {"numRecords":10,
       "minValues":{"i":1,"l":1,"s":"%1$s","d":1.0,"z":-0.0,"t":"2024-01-01T00:00:00.123Z","u":"\uE000"},
       "maxValues":{"i":9,"l":10,"s":"%1$sz\uDBFF\uDFFF","d":"NaN","z":-0.0,"t":"2024-01-01T00:00:00.123999Z",
         "u":"\uD83D\uDE00"},
       "nullCount":{"i":3,"l":0,"s":0,"d":0,"z":0,"t":0,"u":0,"n":10}}"""
          .formatted(LONG_TEXT);

  private static final String PARTITION_VALUES =
      "{\"p\":null,\"pt\":\"2024-01-01 12:00:00\",\"pi\":\"5\"}";

  private static HostileFilter filter(boolean physicalNames) {
    String schema =
        StructType.fromDDL(
                "i INT, l BIGINT, s STRING, d DOUBLE, z DOUBLE, t TIMESTAMP, u STRING, n INT,"
                    + " nostats INT, p STRING, pt TIMESTAMP, pi INT")
            .add(
                "named",
                DataTypes.IntegerType,
                true,
                Metadata.fromJson("{\"delta.columnMapping.physicalName\":\"i\"}"))
            .json();
    return new HostileFilter(
        new FilterColumns(schema, List.of("p", "pt", "pi"), true),
        physicalNames,
        ZoneId.of(physicalNames ? "Pacific/Pago_Pago" : "Pacific/Kiritimati"));
  }

  private static boolean keeps(HostileFilter filter, List<String> sql, Optional<String> json) {
    return filter.keeps(
        filter.understood(sql, json),
        new ListedFile(ListedFile.tree(PARTITION_VALUES), ListedFile.tree(STATISTICS)));
  }

  /** Each is true of some row that the file may hold, or of all. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "NOT (i = 5)",
        "i <> 5",
        "NOT (i < 5)",
        "i IS NULL",
        "p IS NULL",
        "nostats IS NOT NULL",
        "s = 'shared prefix of thirty-two char and more'",
        "s > 'shared prefix of thirty-two chara'",
        "d > 100.0",
        "d >= 1.5",
        "z = 0.0",
        "z >= 0.0",
        "t > '2024-01-01T00:00:00.123456Z'",
        "u >= '\uFFFD'",
        "pt = '2024-01-01T12:00:00Z'",
        "pt >= '2024-01-01T12:00:00Z'",
        "i = 5 AND i <> 7",
        "i > 100 OR NOT (i = 5)",
        "s = 'shared prefix of thirty-two char''s'",
        "t = TIMESTAMP '2024-01-01 00:00:00.123'",
      })
  void losesFilesWhereCareIsNeeded(String sql) {
    assertThat(keeps(filter(false), List.of(sql), Optional.empty())).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "i = 5",
        "i > 8",
        "i < 2",
        "l = 10",
        "pi = 5",
        "pi >= 5",
        "d < 100.0",
        "n IS NULL",
        "nostats IS NULL",
        "nostats = 7",
        "unknown = 7",
        "NOT (unknown = 7)",
        "i IS NOT NULL",
        "i = 5 OR i = 700",
        "named = 5",
        "length(s) = 3",
        "s = 5"
      })
  void keepsWhatItCannotJustifyDropping(String sql) {
    assertThat(keeps(filter(false), List.of(sql), Optional.empty())).isTrue();
  }

  static Stream<Arguments> jsonHints() {
    return Stream.of(
        // The statistics as text: "10" is less than "5".
        Arguments.of(json("equal", "l", "string", "5"), false),
        Arguments.of(json("equal", "l", "long", "5"), true),
        Arguments.of(json("lessThan", "i", "int", "1"), false),
        Arguments.of(json("greaterThan", "i", "int", "9"), false),
        Arguments.of(json("equal", "n", "int", "5"), false),
        Arguments.of(json("equal", "p", "string", "x"), false),
        Arguments.of(
            "{\"op\":\"not\",\"children\":[" + json("equal", "i", "int", "5") + "]}", false),
        Arguments.of("{\"op\":\"nonsense\"}", true));
  }

  @ParameterizedTest
  @MethodSource("jsonHints")
  void readsJsonHints(String json, boolean kept) {
    assertThat(keeps(filter(false), List.of(), Optional.of(json))).isEqualTo(kept);
    // Both kinds of hints count.
    assertThat(keeps(filter(false), List.of("i > 100"), Optional.of(json))).isFalse();
  }

  @Test
  void looksPhysicalNamesUpWhenAsked() {
    String json = json("equal", "named", "int", "700");
    assertThat(keeps(filter(false), List.of(), Optional.of(json))).isFalse();
    assertThat(keeps(filter(true), List.of(), Optional.of(json))).isTrue();
    assertThat(keeps(filter(true), List.of("pt <= '2024-01-01T12:00:00Z'"), Optional.empty()))
        .isFalse();
  }

  private static String json(String op, String column, String type, String value) {
    ObjectNode node = JSON.createObjectNode().put("op", op);
    node.putArray("children")
        .add(operand("column", "name", column, type))
        .add(operand("literal", "value", value, type));
    return node.toString();
  }

  private static ObjectNode operand(String op, String key, String value, String type) {
    return JSON.createObjectNode().put("op", op).put(key, value).put("valueType", type);
  }

  /**
   * Over HTTP, in both formats: five files of ids 0 to 19, 20 to 39 and so on, 4 rows in each
   * deleted.
   */
  @ParameterizedTest
  @EnumSource(HostileServer.Mode.class)
  void filtersAnswersAndRemembersHints(HostileServer.Mode mode, @TempDir Path directory)
      throws Exception {
    TestSpark.session()
        .range(0, 100, 1, 5)
        .write()
        .format("delta")
        .option("delta.enableDeletionVectors", "true")
        .save(directory.resolve("t").toString());
    TestSpark.session().sql("DELETE FROM delta.`" + directory.resolve("t") + "` WHERE id % 5 = 0");
    boolean limitFirst = mode == HostileServer.Mode.LIMIT_FIRST;
    try (TestShare share = TestShare.of(directory, List.of("t"));
        HostileServer server = new HostileServer(share, mode)) {
      assertThat(files(server, "{}")).isEqualTo(5);
      assertThat(files(server, "{\"predicateHints\":[\"NOT (id = 5)\"]}")).isEqualTo(4);
      // 40 rows with the deleted ones, 32 without.
      assertThat(files(server, "{\"limitHint\":40}")).isEqualTo(2);
      // Of the file that is taken first, one of two contrary conditions leaves nothing.
      long low = files(server, "{\"limitHint\":20,\"predicateHints\":[\"id < 20\"]}");
      long high = files(server, "{\"limitHint\":20,\"predicateHints\":[\"id > 79\"]}");
      assertThat(low + high == 2).isEqualTo(!limitFirst);
      String json = json("greaterThan", "id", "long", "1000");
      ObjectNode body = JSON.createObjectNode().put("limitHint", 7).put("jsonPredicateHints", json);
      assertThat(files(server, body.toString())).isEqualTo(0);
      List<HostileServer.Query> queries = server.takeQueries();
      HostileServer.Query last = queries.get(queries.size() - 1);
      assertThat(last.jsonHint()).contains(json);
      assertThat(last.limitHint()).hasValue(7);
      assertThat(last.sqlHints()).isEmpty();
      assertThat(last.dropped()).isEqualTo(5);
      assertThat(queries.get(1).sqlHints()).containsExactly("NOT (id = 5)");
      assertThat(queries.get(1).kept()).isEqualTo(4);
      assertThat(server.takeQueries()).isEmpty();
      assertThat(server.read("t", Map.of()).count()).isEqualTo(80);
    }
  }

  private static long files(HostileServer server, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(server.endpoint() + "/shares/share/schemas/schema/tables/t/query"))
            .header("Authorization", "Bearer " + TestShare.CANARY)
            .header(
                "delta-sharing-capabilities", "responseformat=delta;readerfeatures=deletionvectors")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body().lines().filter(line -> line.startsWith("{\"file\"")).count();
  }
}
