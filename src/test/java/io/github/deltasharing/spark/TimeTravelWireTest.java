/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a time-travelled read asks of servers, of odd ones too, and what it takes from them. */
class TimeTravelWireTest {
  private static final String TABLE = "/delta-sharing/shares/share/schemas/schema/tables/t";
  private static final String PROTOCOL = "{\"protocol\":{\"minReaderVersion\":1}}";
  private static final Map<String, String> AT_NOON = Map.of("timestampAsOf", "2024-01-31 12:00");
  private static final String NOON = "2024-01-31T12:00:00Z";

  @TempDir Path directory;
  private final StubServer stub = new StubServer();

  @AfterEach
  void close() {
    stub.close();
  }

  private Dataset<Row> load(Map<String, String> options) {
    Path profile = directory.resolve("stub.share");
    TestShare.writeProfile(profile, stub.url("/delta-sharing"), TestShare.CANARY);
    return TestSpark.session()
        .read()
        .format("deltaSharing")
        .options(options)
        .load(profile + "#share.schema.t");
  }

  private Throwable read(Map<String, String> options) {
    return catchThrowable(() -> load(options).collectAsList());
  }

  private static String metadata(String id, String column, String more) {
    return ("{\"metaData\":{\"id\":\"%s\",\"format\":{\"provider\":\"parquet\"},\"schemaString\":\"{\\\"type\\\":\\\"struct\\\","
            + "\\\"fields\\\":[{\\\"name\\\":\\\"%s\\\",\\\"type\\\":\\\"long\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}}]}\","
            + "\"partitionColumns\":[]%s}}")
        .formatted(id, column, more);
  }

  /** An answer whose metadata line names the version or not, and whose header does or not. */
  private static StubAnswer answer(String header, String line) {
    String more = line == null ? "" : ",\"version\":" + line;
    StubAnswer answer = StubAnswer.ndjson(PROTOCOL, metadata("i", "a", more));
    return header == null ? answer : answer.withHeader("Delta-Table-Version", header);
  }

  private List<String> asked() {
    return stub.requests().stream().map(request -> request + " " + request.body()).toList();
  }

  private static String metadataRequest(String parameters) {
    return "GET " + TABLE + "/metadata" + parameters + " ";
  }

  private static String queryRequest(String fields) {
    return "POST " + TABLE + "/query {" + fields + "}";
  }

  @Test
  void aVersionIsAskedForInBothRequests() {
    stub.on(TABLE + "/metadata", answer("3", "3")).on(TABLE + "/query", answer("3", "3"));
    assertThat(load(Map.of("versionAsOf", "3")).collectAsList()).isEmpty();
    assertThat(asked())
        .containsExactly(metadataRequest("?version=3"), queryRequest("\"version\":3"));
  }

  @Test
  void aTimestampIsResolvedOnceAndItsVersionAskedForEverAfter() {
    stub.on(TABLE + "/metadata", answer("3", "3")).on(TABLE + "/query", answer("3", "3"));
    Dataset<Row> table = load(AT_NOON);
    table.collectAsList();
    table.selectExpr("a + 1").collectAsList();
    assertThat(asked())
        .containsExactly(
            metadataRequest("?timestamp=2024-01-31T12%3A00%3A00Z"),
            queryRequest("\"version\":3"),
            queryRequest("\"version\":3"));
  }

  @Test
  void theVersionOfTheMetadataLineIsEnough() {
    stub.on(TABLE + "/metadata", answer(null, "3")).on(TABLE + "/query", answer(null, "3"));
    load(AT_NOON).collectAsList();
    assertThat(asked()).last().isEqualTo(queryRequest("\"version\":3"));
  }

  @Test
  void withoutAVersionTheTimestampIsAskedForAgainAndTheServerTrusted() {
    stub.on(TABLE + "/metadata", answer(null, null)).on(TABLE + "/query", answer(null, null));
    try (LogCapture log = LogCapture.of(LoadedTable.class, Level.WARN)) {
      load(AT_NOON).collectAsList();
      assertThat(log.lines())
          .containsExactly(
              "WARN share.schema.t: the server does not send the version of its response; it is taken for the one"
                  + " requested as of "
                  + NOON);
    }
    assertThat(asked()).last().isEqualTo(queryRequest("\"timestamp\":\"" + NOON + "\""));
  }

  @Test
  void aServerThatTakesNoNoticeOfTheTimestampForMetadataIsFoundOut() {
    // Its header says the latest version, and its query answers the one of the time.
    stub.on(TABLE + "/metadata", answer("5", null)).on(TABLE + "/query", answer("3", "3"));
    assertThat(read(AT_NOON))
        .isInstanceOf(SharingException.class)
        .hasMessage(
            "Reading share.schema.t failed: the sharing server responded with version 3, not with version 5. Its time"
                + " travel cannot be relied on: read without the options 'versionAsOf' and 'timestampAsOf', and tell"
                + " the provider.");
    assertThat(asked()).last().isEqualTo(queryRequest("\"timestamp\":\"" + NOON + "\""));
  }

  @Test
  void aHeaderAloneIsGoodEnoughWhenTheQueryAgrees() {
    stub.on(TABLE + "/metadata", answer("3", null)).on(TABLE + "/query", answer("3", null));
    assertThat(load(AT_NOON).collectAsList()).isEmpty();
  }

  @Test
  void aServerThatTakesNoNoticeOfTheVersionIsFoundOut() {
    stub.on(TABLE + "/metadata", answer("5", null)).on(TABLE + "/query", answer("5", null));
    assertThat(read(Map.of("versionAsOf", "3")))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("Metadata of share.schema.t as of version 3 failed")
        .hasMessageContaining("responded with version 5, not with version 3");
    assertThat(stub.requests()).hasSize(1);
  }

  @Test
  void aQueryOfAnotherVersionIsRefused() {
    stub.on(TABLE + "/metadata", answer("3", "3")).on(TABLE + "/query", answer("5", null));
    assertThat(read(Map.of("versionAsOf", "3")))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("Query for share.schema.t as of version 3 failed");
    assertThat(read(AT_NOON))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("Query for share.schema.t as of version 3 failed");
  }

  @Test
  void anotherSchemaWithoutAVersionIsRefused() {
    stub.on(TABLE + "/metadata", answer(null, null))
        .on(TABLE + "/query", StubAnswer.ndjson(PROTOCOL, metadata("i", "b", "")));
    assertThat(read(AT_NOON))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("its schema or partitioning changed");
  }

  @Test
  void theVersionOfAnotherTableUnderTheSameNameIsRefused() {
    stub.on(TABLE + "/metadata", answer("3", "3"))
        .on(
            TABLE + "/query",
            StubAnswer.ndjson(PROTOCOL, metadata("j", "a", ",\"version\":3"))
                .withHeader("Delta-Table-Version", "3"));
    assertThat(read(Map.of("versionAsOf", "3")))
        .isInstanceOf(SharingException.class)
        .hasMessage(
            "Reading share.schema.t failed: another table took its place after the DataFrame was defined, with other"
                + " versions. Define the DataFrame again (call load() once more).");
  }
}
