/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TableCopies;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two reads are never taken for one where whoever asks, the options or the table differ. */
class ReadsApartTest {
  @TempDir static Path directory;
  static TestShare ours;
  static TestShare theirs;

  @BeforeAll
  static void write() throws Exception {
    insert("one", "1");
    insert("moving", "1");
    insert("anew", "1");
    String relaxed = "delta.`" + directory.resolve("relaxed") + "`";
    TestSpark.session()
        .sql(
            "CREATE TABLE "
                + relaxed
                + " (id BIGINT NOT NULL, k INT) USING delta"
                + " TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')");
    TestSpark.session().sql("INSERT INTO " + relaxed + " VALUES (1, 1)");
    Files.createDirectories(directory.resolve("other"));
    TableCopies.copy(directory.resolve("one"), directory.resolve("other/one"));
    insert("other/one", "2");
    ours = TestShare.withHistory(directory, List.of("one", "moving", "anew", "relaxed"));
    theirs = TestShare.withHistory(directory.resolve("other"), List.of("one"));
  }

  private static void insert(String table, String ids) {
    TestSpark.session()
        .sql("SELECT id, CAST(id % 2 AS INT) AS k FROM VALUES (" + ids + "L) AS t (id)")
        .write()
        .format("delta")
        .mode("append")
        .option("delta.enableChangeDataFeed", "true")
        .save(directory.resolve(table).toString());
  }

  @AfterAll
  static void stop() {
    ours.close();
    theirs.close();
  }

  @AfterEach
  void reset() {
    TestSpark.session().conf().set("spark.sql.session.timeZone", "UTC");
  }

  private static Dataset<Row> load(Path profile, Map<String, String> options) {
    return TestSpark.session()
        .read()
        .format("deltaSharing")
        .options(options)
        .load(profile + "#share.schema.one");
  }

  @ParameterizedTest
  @CsvSource({"false, 0", "true, 0", "false, 64m", "true, 64m"})
  void aProfileThatAnotherRecipientPutInItsPlace(boolean changes, String cacheMemory)
      throws Exception {
    Map<String, String> options =
        changes
            ? Map.of("readChangeFeed", "true", "startingVersion", "0", "cacheMemory", cacheMemory)
            : Map.of("cacheMemory", cacheMemory);
    Path profile = directory.resolve("rotated-" + changes + cacheMemory + ".share");
    Files.copy(ours.profile(), profile);
    Dataset<Row> mine = load(profile, options).groupBy("id").count();
    Files.writeString(profile, Files.readString(theirs.profile()));
    Dataset<Row> others = load(profile, options).groupBy("id").count();
    assertThat(Rows.of(mine.union(others))).hasSize(3);
    assertThat(Rows.of(others.union(mine))).hasSize(3);
  }

  private static Batch batch(Map<String, String> options) {
    return batch(options, ours.profile());
  }

  private static Batch batch(Map<String, String> options, Path profile) {
    DeltaSharingProvider provider = new DeltaSharingProvider();
    Map<String, String> all = new java.util.HashMap<>(options);
    all.put("path", profile + "#share.schema.one");
    CaseInsensitiveStringMap map = new CaseInsensitiveStringMap(all);
    provider.inferSchema(map);
    ReadOnlyTable table = (ReadOnlyTable) provider.getTable(null, null, map);
    Scan scan = table.newScanBuilder(map).build();
    return scan.toBatch();
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void oneCredentialInTwoPlacesReadsTheSame(boolean changes) throws Exception {
    Map<String, String> options =
        changes ? Map.of("readChangeFeed", "true", "startingVersion", "0") : Map.of();
    Path copy = directory.resolve("copy-" + changes + ".share");
    Files.copy(ours.profile(), copy);
    Dataset<Row> here = load(ours.profile(), options);
    Dataset<Row> there = load(copy, options);
    ours.takeRequests();
    assertThat(here.select("id").union(there.select("id")).collectAsList()).hasSize(2);
    assertThat(ours.takeRequests()).containsEntry(changes ? "changes" : "query", 1);
    assertThat(batch(options, ours.profile()))
        .isEqualTo(batch(options, copy))
        .hasSameHashCodeAs(batch(options, copy))
        .isNotEqualTo(batch(options, theirs.profile()));
  }

  @ParameterizedTest
  @CsvSource({
    "numRetries, 1",
    "cacheMemory, 1m",
    "responseFormat, parquet",
    "callerOrg, somebody",
    "proxyHost, localhost",
    "fileSkipping.enabled, false"
  })
  void otherOptions(String option, String value) {
    Map<String, String> changed =
        option.equals("proxyHost")
            ? Map.of("noProxyHosts", "127.0.0.1", option, value, "proxyPort", "1")
            : Map.of(option, value);
    for (Map<String, String> feed :
        List.of(
            Map.<String, String>of(), Map.of("readChangeFeed", "true", "startingVersion", "0"))) {
      Map<String, String> options = new java.util.HashMap<>(feed);
      options.putAll(changed);
      assertThat(batch(feed)).isEqualTo(batch(feed)).hasSameHashCodeAs(batch(feed));
      assertThat(batch(options)).isNotEqualTo(batch(feed));
    }
  }

  @Test
  void otherTimeZones() {
    Batch here = batch(Map.of());
    Map<String, String> feed =
        Map.of("readChangeFeed", "true", "startingTimestamp", "2020-01-01 00:00");
    Batch changesHere = batch(feed);
    TestSpark.session().conf().set("spark.sql.session.timeZone", "Asia/Tokyo");
    assertThat(batch(Map.of())).isNotEqualTo(here).isEqualTo(batch(Map.of()));
    assertThat(batch(feed)).isNotEqualTo(changesHere).isEqualTo(batch(feed));
  }

  @Test
  void readsWithOtherOptionsSeeOneVersionAllTheSame() {
    Dataset<Row> some = ours.read("one", Map.of("numRetries", "1"));
    assertThat(Rows.of(some.join(ours.read("one"), "id"))).hasSize(1);
  }

  /** The one that was loaded first cannot read what came after it, whoever lists that first. */
  @Test
  void changesByTwoSchemasOfATable() {
    SparkSession spark = TestSpark.session();
    String table = "delta.`" + directory.resolve("relaxed") + "`";
    Map<String, String> options = Map.of("readChangeFeed", "true", "startingVersion", "1");
    Dataset<Row> before = ours.read("relaxed", options).select("k");
    spark.sql("ALTER TABLE " + table + " ALTER COLUMN id DROP NOT NULL");
    spark.sql("INSERT INTO " + table + " VALUES (2, 2)");
    Dataset<Row> after = ours.read("relaxed", options).select("k");
    assertThat(after.collectAsList()).hasSize(2);
    for (Dataset<Row> read :
        List.of(
            before,
            after.union(before),
            after.groupBy("k").count().union(before.groupBy("k").count()))) {
      assertThatThrownBy(read::collectAsList).hasMessageContaining("column id can be null");
    }
  }

  @Test
  void anObjectReadsTheVersionThatItWasPlannedFor() {
    Dataset<Row> table = ours.read("moving");
    assertThat(table.collectAsList()).hasSize(1);
    ours.takeRequests();
    assertThat(table.collectAsList()).hasSize(1);
    assertThat(ours.takeRequests()).containsEntry("metadata", 1).doesNotContainKey("query");
    insert("moving", "2");
    assertThat(table.collectAsList()).hasSize(1);
    assertThat(table.count()).isEqualTo(2);
    assertThat(table.select("*").collectAsList()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void anObjectWhoseTableWasCreatedAnewFailsWhereItsPlanIsUsedAgain(boolean changes)
      throws Exception {
    Map<String, String> options =
        changes ? Map.of("readChangeFeed", "true", "startingVersion", "0") : Map.of();
    SparkSession spark = TestSpark.session();
    Dataset<Row> table = ours.read("anew", options);
    assertThat(table.collectAsList()).hasSize(1);
    try (var files = Files.list(directory.resolve("anew/_delta_log"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    spark.sharedState().cacheManager().clearCache();
    org.apache.spark.sql.delta.DeltaLog.clearCache();
    insert("anew", "7");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(table::collectAsList)
          .satisfies(
              e -> {
                Throwable cause = e;
                while (!(cause instanceof SharingException) && cause.getCause() != null) {
                  cause = cause.getCause();
                }
                assertThat(cause)
                    .hasMessageContaining("share.schema.anew")
                    .hasMessageContaining("another table took its place")
                    .hasMessageContaining("load()");
              });
    }
    if (changes) {
      assertThatThrownBy(() -> table.select("*").collectAsList())
          .hasMessageContaining("another table");
    } else {
      assertThat(table.select("id").collectAsList().get(0).getLong(0)).isEqualTo(7);
      assertThat(table.count()).isEqualTo(1);
    }
  }
}
