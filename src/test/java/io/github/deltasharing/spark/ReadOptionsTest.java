/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of one read of a table that was loaded before win over those of the load. */
class ReadOptionsTest {
  private static final SparkSession SPARK = TestSpark.session();

  @TempDir static Path directory;
  static TestShare share;

  /** Versions 0 to 2 with 10 rows more each, and a table that got a column in version 1. */
  @BeforeAll
  static void write() {
    String table = "delta.`" + directory.resolve("t") + "`";
    SPARK.sql(
        "CREATE TABLE "
            + table
            + " USING delta TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true') AS SELECT id FROM range(10)");
    SPARK.sql("INSERT INTO " + table + " SELECT id FROM range(10, 20)");
    SPARK.sql("INSERT INTO " + table + " SELECT id FROM range(20, 30)");
    SPARK.sql(
        "CREATE TABLE delta.`" + directory.resolve("wider") + "` USING delta AS SELECT 1L AS id");
    SPARK.sql("ALTER TABLE delta.`" + directory.resolve("wider") + "` ADD COLUMN more INT");
    share = TestShare.withHistory(directory, List.of("t", "wider"));
    catalog("shared", Map.of());
    catalog("old", Map.of("versionAsOf", "1"));
    catalog("changed", Map.of("readChangeFeed", "true", "startingVersion", "1"));
  }

  private static void catalog(String name, Map<String, String> options) {
    String conf = "spark.sql.catalog." + name;
    SPARK.conf().set(conf, LoadedCatalog.class.getName());
    SPARK.conf().set(conf + ".path", share.path(""));
    options.forEach((option, value) -> SPARK.conf().set(conf + "." + option, value));
  }

  @AfterAll
  static void stop() {
    for (String name : List.of("shared", "old", "changed")) {
      String conf = "spark.sql.catalog." + name;
      for (String end :
          List.of("", ".path", ".versionAsOf", ".readChangeFeed", ".startingVersion")) {
        SPARK.conf().unset(conf + end);
      }
    }
    share.close();
  }

  @BeforeEach
  void forget() {
    share.takeRequests();
  }

  private static Dataset<Row> table(String name, String... namesAndValues) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      options.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return SPARK.read().options(options).table(name);
  }

  @ParameterizedTest
  @CsvSource({
    "shared.s.t, versionAsOf, 0, 10",
    "shared.s.t, VERSIONASOF, 1, 20",
    "old.s.t, versionAsOf, 0, 10",
    "old.s.t, numRetries, 3, 20",
    "changed.s.t, startingVersion, 2, 10",
    "changed.s.t, endingVersion, 1, 10",
  })
  void theyAreHonoured(String table, String option, String value, int rows) {
    assertThat(table(table, option, value).collectAsList()).hasSize(rows);
  }

  @Test
  void withoutThemItIsReadAsItWasLoaded() {
    assertThat(table("shared.s.t").collectAsList()).hasSize(30);
    assertThat(share.takeRequests()).containsEntry("metadata", 1).containsEntry("query", 1);
    assertThat(table("old.s.t").collectAsList()).hasSize(20);
    assertThat(table("changed.s.t").collectAsList()).hasSize(20);
  }

  @Test
  void theyAreThoseOfTheRequestsToo() {
    Dataset<Row> paged =
        table("shared.s.t", "queryPagination.enabled", "true", "maxFilesPerQueryRequest", "1");
    share.takeRequests();
    assertThat(paged.collectAsList()).hasSize(30);
    assertThat(share.takeRequests().get("query")).isGreaterThan(1);
  }

  @Test
  void theOptionsOfTheLoadItselfCostNoRequest() {
    CaseInsensitiveStringMap options =
        new CaseInsensitiveStringMap(Map.of("path", share.path("t"), "numRetries", "3"));
    SupportsRead table = (SupportsRead) new DeltaSharingProvider().getTable(null, null, options);
    share.takeRequests();
    table.newScanBuilder(options).build();
    table.newScanBuilder(CaseInsensitiveStringMap.empty()).build();
    assertThat(share.takeRequests()).isEmpty();
    CaseInsensitiveStringMap same = new CaseInsensitiveStringMap(Map.of("cacheMemory", "0"));
    table.newScanBuilder(same).build();
    assertThat(share.takeRequests()).isEmpty();
    CaseInsensitiveStringMap other = new CaseInsensitiveStringMap(Map.of("numRetries", "4"));
    assertThat(table.newScanBuilder(other).build().toBatch())
        .isEqualTo(table.newScanBuilder(other).build().toBatch())
        .isNotEqualTo(table.newScanBuilder(options).build().toBatch());
    assertThat(share.takeRequests()).isEqualTo(Map.of("metadata", 1));
  }

  @ParameterizedTest
  @CsvSource({
    "shared.s.t, readChangeFeed, true, 'readChangeFeed'",
    "changed.s.t, readChangeFeed, false, 'readChangeFeed'",
    "shared.s.t, path, /tmp/other.share#s.s.t, 'path'",
    "shared.s.t, profile.provider.class, com.example.Other, profile.provider.class",
    "old.s.t, timestampAsOf, 2024-01-01, versionAsOf",
    "changed.s.t, startingTimestamp, 2024-01-01, startingVersion",
    "changed.s.t, versionAsOf, 1, readChangeFeed",
    "shared.s.t, startingVersion, 1, readChangeFeed",
    "shared.s.t, versionAsOf, latest, versionAsOf",
    "shared.s.wider, versionAsOf, 0, versionAsOf",
  })
  void thoseThatWouldMakeAnotherReadOfItAreRefused(
      String table, String option, String value, String named) {
    Throwable e = catchThrowable(() -> table(table, option, value).collectAsList());
    assertThat(e).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(named);
  }
}
