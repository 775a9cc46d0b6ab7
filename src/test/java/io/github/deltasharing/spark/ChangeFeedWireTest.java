/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a read of changes asks of servers, odd ones too, and what it takes from them. */
class ChangeFeedWireTest {
  private static final String TABLE = "/delta-sharing/shares/share/schemas/schema/tables/t";
  private static final String PROTOCOL = "{\"protocol\":{\"minReaderVersion\":1}}";
  private static final String HISTORY =
      "includeHistoricalMetadata=true&includeHistoricalProtocol=true";

  @TempDir Path directory;
  private final StubServer stub = new StubServer();

  @AfterEach
  void close() {
    stub.close();
  }

  private Dataset<Row> load(String... namesAndValues) {
    Map<String, String> options = new HashMap<>(Map.of("readChangeFeed", "true"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      options.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    Path profile = directory.resolve("stub.share");
    TestShare.writeProfile(profile, stub.url("/delta-sharing"), TestShare.CANARY);
    return TestSpark.session()
        .read()
        .format("deltaSharing")
        .options(options)
        .load(profile + "#share.schema.t");
  }

  private Throwable read(String... namesAndValues) {
    return catchThrowable(() -> load(namesAndValues).collectAsList());
  }

  private static String metadata(String id, String column, String more) {
    return ("{\"metaData\":{\"id\":\"%s\",\"format\":{\"provider\":\"parquet\"},\"schemaString\":\"{\\\"type\\\":\\\"struct\\\","
            + "\\\"fields\\\":[{\\\"name\\\":\\\"%s\\\",\\\"type\\\":\\\"long\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}}]}\","
            + "\"partitionColumns\":[]%s}}")
        .formatted(id, column, more);
  }

  private static StubAnswer answer(long version, String... lines) {
    String[] all = new String[lines.length + 1];
    all[0] = PROTOCOL;
    System.arraycopy(lines, 0, all, 1, lines.length);
    return StubAnswer.ndjson(all).withHeader("Delta-Table-Version", String.valueOf(version));
  }

  private static String file(String kind, String id, long size, long version) {
    return ("{\"%s\":{\"url\":\"http://localhost:1/%s?sig=canary\",\"id\":\"%s\",\"size\":%d,\"partitionValues\":{},"
            + "\"version\":%d,\"timestamp\":1700000000000}}")
        .formatted(kind, id, id, size, version);
  }

  private void tableAt(long version) {
    stub.on(TABLE + "/metadata", answer(version, metadata("i", "a", "")));
  }

  private void changes(String... lines) {
    stub.on(TABLE + "/changes", answer(2, lines));
  }

  private List<String> asked() {
    return stub.requests().stream().map(Object::toString).toList();
  }

  private static String changesRequest(String bounds) {
    return "GET " + TABLE + "/changes?" + bounds + HISTORY;
  }

  private static void assertClear(Throwable e, String... parts) {
    assertThat(e).isInstanceOf(SharingException.class);
    assertThat(e.getMessage()).contains("share.schema.t").contains(parts);
    assertThat(e.getMessage()).doesNotContain("sig=").doesNotContain(TestShare.CANARY);
  }

  @Test
  void aRequestForTheSchemaOneForThatOfTheEndAndOneForTheChanges() {
    tableAt(9);
    changes(metadata("i", "a", ""));
    Dataset<Row> changes = load("startingVersion", "2", "endingVersion", "5");
    List<String> metadata =
        List.of("GET " + TABLE + "/metadata", "GET " + TABLE + "/metadata?version=5");
    assertThat(asked()).containsExactlyElementsOf(metadata);
    assertThat(changes.schema().simpleString())
        .isEqualTo(
            "struct<a:bigint,_change_type:string,_commit_version:bigint,_commit_timestamp:bigint>");
    assertThat(changes.collectAsList()).isEmpty();
    assertThat(asked())
        .containsExactly(
            metadata.get(0), metadata.get(1), changesRequest("startingVersion=2&endingVersion=5&"));
  }

  /** The table's column was a up to version 5, and is b since. */
  private void tableThatWasOverwritten() {
    stub.on(
        TABLE + "/metadata",
        request ->
            request.target().endsWith("version=4")
                ? answer(4, metadata("i", "a", ""))
                : answer(9, metadata("i", "b", "")));
  }

  @Test
  void aRangeBeforeAChangeOfTheSchemaIsReadByItsOwn() {
    tableThatWasOverwritten();
    changes(metadata("i", "a", ""));
    Dataset<Row> before = load("startingVersion", "1", "endingVersion", "4");
    assertThat(before.columns()).startsWith("a");
    assertThat(before.collectAsList()).isEmpty();
    // Some servers tell the latest metadata with any range.
    changes(metadata("i", "b", ""));
    assertThat(load("startingVersion", "1", "endingVersion", "4").collectAsList()).isEmpty();
  }

  @Test
  void aRangeAfterAChangeOfTheSchemaIsReadByTheLatest() {
    tableThatWasOverwritten();
    changes(metadata("i", "b", ""));
    Dataset<Row> after = load("startingVersion", "6");
    assertThat(after.columns()).startsWith("b");
    assertThat(after.collectAsList()).isEmpty();
  }

  @Test
  void aRangeAcrossAChangeOfTheSchemaNamesTheVersionsOnBothSides() {
    tableThatWasOverwritten();
    changes(metadata("i", "a", ""), metadata("i", "b", ",\"version\":5"));
    assertClear(
        read("startingVersion", "2"),
        "the schema of version 2",
        "that of version 9",
        "column a was dropped",
        "one up to version 4 and one from 5 on");
  }

  @Test
  void aColumnThatWasAddedSinceIsNullAsInDeltaLake() {
    String both =
        metadata("i", "a", "")
            .replace(
                "}]}",
                "},{\\\"name\\\":\\\"c\\\",\\\"type\\\":\\\"long\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}}]}");
    stub.on(
        TABLE + "/metadata",
        request ->
            request.target().endsWith("version=4")
                ? answer(4, metadata("i", "a", ""))
                : answer(9, both));
    changes(metadata("i", "a", ""));
    Dataset<Row> read = load("startingVersion", "1", "endingVersion", "4");
    assertThat(read.columns()).startsWith("a", "c");
    assertThat(read.collectAsList()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "_commit_version > 3|startingVersion=4&",
        "_commit_version = 6|startingVersion=6&endingVersion=6&",
        "_commit_version BETWEEN 3 AND 4 AND a = 1|startingVersion=3&endingVersion=4&",
        "_commit_version > 50|startingVersion=9&",
        "_commit_version = 4 OR a = 1|startingVersion=2&",
        "_change_type = 'insert'|startingVersion=2&"
      })
  void predicatesNarrowTheRequest(String filter, String bounds) {
    tableAt(9);
    changes(metadata("i", "a", ""));
    assertThat(load("startingVersion", "2").where(filter).collectAsList()).isEmpty();
    assertThat(asked()).last().isEqualTo(changesRequest(bounds));
  }

  @Test
  void whatCannotMatchIsNotAskedFor() {
    tableAt(9);
    assertThat(load("startingVersion", "2").where("_commit_version < 2").collectAsList()).isEmpty();
    assertThat(asked()).containsExactly("GET " + TABLE + "/metadata");
  }

  /** A commit comes between the first answer to a read without an end and the second. */
  private void changesOfATableThatGrows() {
    AtomicInteger answers = new AtomicInteger();
    stub.on(
        TABLE + "/changes",
        request -> {
          boolean first = answers.getAndIncrement() == 0;
          String later = request.target().contains("endingVersion") || first ? null : "f5";
          List<String> lines = new ArrayList<>(List.of(PROTOCOL, metadata("i", "a", "")));
          lines.add(file("add", "f3", 9, 3));
          lines.add(file("add", "f4", 9, 4));
          if (later != null) {
            lines.add(file("add", later, 9, 5));
          }
          return StubAnswer.ndjson(lines.toArray(new String[0]))
              .withHeader("Delta-Table-Version", "2");
        });
  }

  @Test
  void readsOfOneQueryWithoutAnEndSeeTheSameLastVersion() {
    tableAt(4);
    changesOfATableThatGrows();
    Dataset<Row> two =
        load("startingVersion", "2")
            .selectExpr("a", "'one'")
            .union(load("startingVersion", "3").selectExpr("a", "'two'"));
    assertThat(two.rdd().getNumPartitions()).isPositive();
    assertThat(asked())
        .endsWith(
            changesRequest("startingVersion=2&"),
            changesRequest("startingVersion=3&endingVersion=4&"));
  }

  @Test
  void readsOfOneQueryThatReadTheSameAskOnce() {
    tableAt(4);
    changesOfATableThatGrows();
    Dataset<Row> two =
        load("startingVersion", "2")
            .selectExpr("a", "'one'")
            .union(load("startingVersion", "2").selectExpr("a", "_commit_version"));
    assertThat(two.rdd().getNumPartitions()).isPositive();
    assertThat(asked()).filteredOn(line -> line.contains("/changes")).hasSize(1);
    // Another query sees what came since.
    assertThat(load("startingVersion", "2").rdd().getNumPartitions()).isPositive();
    assertThat(asked()).last().isEqualTo(changesRequest("startingVersion=2&"));
  }

  @Test
  void theTimesOfARangeAreReadInTheSessionsZone() {
    tableAt(9);
    changes(metadata("i", "a", ""));
    load("startingTimestamp", "2024-01-31 12:00", "endingTimestamp", "2024-02").collectAsList();
    assertThat(asked())
        .last()
        .isEqualTo(
            changesRequest(
                "startingTimestamp=2024-01-31T12%3A00%3A00Z&endingTimestamp=2024-02-01T00%3A00%3A00Z&"));
  }

  @Test
  void explainTellsTheRange() {
    tableAt(9);
    changes(metadata("i", "a", ""));
    String plan = load("startingVersion", "2", "endingVersion", "5").queryExecution().toString();
    assertThat(plan).contains("changes of share.schema.t from version 2 to version 5");
  }

  @Test
  void aStartBehindTheLatestVersionIsRefused() {
    tableAt(9);
    Throwable e = read("startingVersion", "10");
    assertThat(e).isInstanceOf(IllegalArgumentException.class);
    assertThat(e.getMessage()).contains("'startingVersion' is 10", "latest version is 9");
    assertThat(asked()).containsExactly("GET " + TABLE + "/metadata");
  }

  @ParameterizedTest
  @CsvSource({
    "endingVersion, 3, startingVersion",
    "startingVersion, latest, readStream",
    "startingTimestamp, soon, startingTimestamp"
  })
  void aRangeThatCannotBeIsRefusedBeforeItIsAskedFor(String name, String value, String said) {
    tableAt(9);
    Throwable e = read(name, value);
    assertThat(e).isInstanceOf(IllegalArgumentException.class);
    assertThat(e.getMessage()).contains(said);
    assertThat(asked()).doesNotContainAnyElementsOf(List.of("GET " + TABLE + "/changes"));
    assertThat(stub.requests()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void aTableWithSuchColumnsIsRefused() {
    stub.on(TABLE + "/metadata", answer(9, metadata("i", "_Change_Type", "")));
    Throwable e = catchThrowable(() -> load("startingVersion", "0"));
    assertClear(e, "[_Change_Type]", "rename");
  }

  @Test
  void aSchemaThatChangedSinceIsTold() {
    tableAt(9);
    changes(metadata("i", "a", ",\"version\":2"), metadata("i", "b", ",\"version\":10"));
    assertClear(read("startingVersion", "2"), "version 10", "column a", "load()");
  }

  @Test
  void aSchemaThatDoesNotFitInTheRangeIsTold() {
    tableAt(9);
    changes(metadata("i", "b", ",\"version\":2"), metadata("i", "a", ",\"version\":4"));
    assertClear(read("startingVersion", "2"), "version 2", "column b", "'endingVersion'");
  }

  @Test
  void aTableThatTookAnothersPlaceIsTold() {
    tableAt(9);
    changes(metadata("j", "a", ",\"version\":2"));
    assertClear(read("startingVersion", "2"), "version 2", "another table", "load()");
  }

  @Test
  void aFileOfUnknownLengthIsTold() {
    tableAt(9);
    changes(metadata("i", "a", ""), file("remove", "f1", 0, 3));
    assertClear(read("startingVersion", "2"), "f1", "version 3", "'startingVersion'");
  }

  @Test
  void aFileThatIsListedTwiceIsTold() {
    tableAt(9);
    changes(metadata("i", "a", ""), file("add", "f1", 9, 3), file("add", "f1", 9, 3));
    assertClear(read("startingVersion", "2"), "f1", "twice in version 3");
  }

  @Test
  void aVacuumedFileIsTold() {
    String url = stub.url("/store/gone");
    tableAt(9);
    changes(
        metadata("i", "a", ""), file("remove", "f1", 900, 3).replace("http://localhost:1/f1", url));
    stub.on("/store/gone", StubAnswer.status(404));
    Throwable e = read("startingVersion", "2");
    Throwable cause = e;
    while (cause.getCause() != null && !(cause instanceof SharingException)) {
      cause = cause.getCause();
    }
    assertClear(cause, "f1", "404", "VACUUM", "'startingVersion'");
  }
}
