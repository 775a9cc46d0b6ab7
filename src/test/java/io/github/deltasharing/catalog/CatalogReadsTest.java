/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.ScanNodes;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads by name: versions, streams, caches, plans; compared with Delta Lake and the path form. */
class CatalogReadsTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Instant FIRST = Instant.parse("2024-01-31T23:00:00Z");

  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void writeAndShare() throws IOException {
    sql(
        "CREATE TABLE $t (id BIGINT, v STRING, p STRING) USING delta PARTITIONED BY (p)"
            + " TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')");
    sql("INSERT INTO $t SELECT id, concat('v', id), IF(id < 5, 'a', 'b') FROM range(10)");
    sql("INSERT INTO $t SELECT id, concat('v', id), 'c' FROM range(10, 15)");
    sql("ALTER TABLE $t ADD COLUMNS (w INT)");
    sql("INSERT INTO $t VALUES (100, 'new', 'a', 7)");
    for (int version = 0; version <= 4; version++) {
      Files.setLastModifiedTime(
          directory.resolve("t").resolve("_delta_log/%020d.json".formatted(version)),
          FileTime.from(FIRST.plusSeconds(3600L * version)));
    }
    share = TestShare.withHistory(directory, List.of("t"));
    TestCatalogs.add("reads", share.profile(), Map.of());
    TestCatalogs.add("reads_one", share.profile(), Map.of("share", "SHARE"));
  }

  private static void sql(String statement) {
    SPARK.sql(statement.replace("$t", "delta.`" + directory.resolve("t") + "`"));
  }

  @AfterAll
  static void stop() {
    share.close();
  }

  @BeforeEach
  void forget() {
    share.takeRequests();
  }

  @AfterEach
  void reset() {
    SPARK.conf().set("spark.sql.session.timeZone", "UTC");
    SPARK.conf().unset("spark.sql.defaultCatalog");
    SPARK.sql("USE spark_catalog.default");
    SPARK.catalog().clearCache();
  }

  private static Dataset<Row> delta(String suffix) {
    return SPARK.sql("SELECT * FROM delta.`" + directory.resolve("t") + "` " + suffix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VERSION AS OF 0",
        "VERSION AS OF 1",
        "VERSION AS OF '2'",
        "VERSION AS OF 4",
        "FOR VERSION AS OF 3",
        "FOR SYSTEM_VERSION AS OF 1",
        "TIMESTAMP AS OF '2024-02-01 00:00:00'",
        "TIMESTAMP AS OF '2024-02-01 00:59:59.999999'",
        "TIMESTAMP AS OF TIMESTAMP'2024-02-01 02:00:00+01:00'",
        "FOR TIMESTAMP AS OF '2024-02-01 02:30:00'",
        "FOR SYSTEM_TIME AS OF '2024-02-01 01:00:00'",
        "TIMESTAMP AS OF DATE'2024-02-01'"
      })
  void versionsAreThoseOfDeltaLake(String clause) {
    Rows.assertSame(SPARK.sql("SELECT * FROM reads.share.schema.t " + clause), delta(clause));
    assertThat(share.takeRequests()).containsEntry("metadata", 1).containsEntry("query", 1);
    Rows.assertSame(SPARK.sql("SELECT * FROM reads_one.Schema.T " + clause), delta(clause));
  }

  @Test
  void timesAreOfTheSessionsZone() {
    SPARK.conf().set("spark.sql.session.timeZone", "Asia/Kolkata");
    String clause = "TIMESTAMP AS OF '2024-02-01 05:30:00'";
    Dataset<Row> rows = SPARK.sql("SELECT * FROM reads.share.schema.t " + clause);
    assertThat(Rows.of(rows)).hasSize(10).isEqualTo(Rows.of(delta("VERSION AS OF 1")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          VERSION AS OF 'one' | VERSION AS OF 'one' names no version
          VERSION AS OF '-1'  | names no version
          VERSION AS OF 99    | version 99
          TIMESTAMP AS OF '1999-01-01' | 1999
          """)
  void whatIsNoVersionIsRefused(String clause, String said) {
    assertThatThrownBy(() -> SPARK.sql("SELECT * FROM reads.share.schema.t " + clause))
        .hasMessageContaining(said);
  }

  @Test
  void optionsOfAReadByName() {
    Dataset<Row> third = SPARK.read().option("versionAsOf", 3).table("reads.share.schema.t");
    Rows.assertSame(third, delta("VERSION AS OF 3"));
    assertThatThrownBy(
            () -> SPARK.read().option("versionAsOf", 1).table("reads.share.schema.t").count())
        .hasMessageContaining("other columns")
        .hasMessageContaining("VERSION AS OF");
    assertThatThrownBy(
            () ->
                SPARK
                    .read()
                    .option("versionAsOf", 1)
                    .option("timestampAsOf", "2024-02-01")
                    .table("reads.share.schema.t")
                    .count())
        .hasMessageContaining("versionAsOf")
        .hasMessageContaining("timestampAsOf");
  }

  @Test
  void aSelectSeesTheNewestVersionAndSchema() {
    Path path = directory.resolve("moving");
    SPARK.range(3).write().format("delta").save(path.toString());
    try (TestShare moving = TestShare.withHistory(directory, List.of("moving"))) {
      TestCatalogs.add("moving", moving.profile(), Map.of());
      String select = "SELECT * FROM moving.share.schema.moving";
      SPARK.sql("CREATE OR REPLACE TEMPORARY VIEW moved AS " + select);
      assertThat(SPARK.sql(select).count()).isEqualTo(3);
      SPARK.range(3, 5).write().format("delta").mode("append").save(path.toString());
      assertThat(SPARK.sql(select).count()).isEqualTo(5);
      assertThat(SPARK.sql("SELECT * FROM moved").count()).isEqualTo(5);
      SPARK.sql("ALTER TABLE delta.`" + path + "` ADD COLUMNS (added STRING)");
      assertThat(SPARK.sql(select).columns()).containsExactly("id", "added");
      assertThat(
              SPARK
                  .sql("SELECT count(*) FROM moving.share.schema.moving WHERE added IS NULL")
                  .head())
          .isEqualTo(org.apache.spark.sql.RowFactory.create(5L));
    } finally {
      SPARK.catalog().dropTempView("moved");
    }
  }

  /** What is cached stays as it was until it is refreshed. */
  @Test
  void cachedTablesAreReadFromTheCacheUntilRefreshed() {
    Path path = directory.resolve("cached");
    SPARK.range(3).write().format("delta").save(path.toString());
    try (TestShare cached = TestShare.withHistory(directory, List.of("cached"))) {
      TestCatalogs.add("cached", cached.profile(), Map.of());
      String name = "cached.share.schema.cached";
      SPARK.sql("CACHE TABLE " + name);
      assertThat(SPARK.catalog().isCached(name)).isTrue();
      cached.takeRequests();
      assertThat(SPARK.sql("SELECT * FROM " + name).collectAsList()).hasSize(3);
      assertThat(cached.takeRequests()).isEqualTo(Map.of("metadata", 1));
      SPARK.range(3, 5).write().format("delta").mode("append").save(path.toString());
      assertThat(SPARK.table(name).collectAsList()).hasSize(3);
      SPARK.sql("REFRESH TABLE " + name);
      assertThat(SPARK.table(name).collectAsList()).hasSize(5);
      SPARK.catalog().uncacheTable(name);
      assertThat(SPARK.catalog().isCached(name)).isFalse();
      cached.takeRequests();
      assertThat(SPARK.table(name).collectAsList()).hasSize(5);
      assertThat(cached.takeRequests()).containsEntry("query", 1);
      SPARK.catalog().cacheTable(name);
      SPARK.table(name).count();
      // Other tables that are made of it are not it.
      assertThat(SPARK.table(name + ".files").count()).isNotEqualTo(5);
      assertThat(SPARK.sql("SELECT * FROM " + name + " VERSION AS OF 0").count()).isEqualTo(3);
    }
  }

  @Test
  void aViewThatWasReadByAnotherPathIsNotTakenFromTheCache() {
    Dataset<Row> loaded = share.read("t").cache();
    try {
      loaded.count();
      share.takeRequests();
      assertThat(share.read("t").collectAsList()).hasSize(16);
      assertThat(share.takeRequests()).containsEntry("query", 1);
    } finally {
      loaded.unpersist(true);
    }
  }

  @Test
  void aJoinWithItselfIsOneMetadataAndOneQueryRequest() {
    assertThat(
            SPARK
                .sql(
                    "SELECT a.id FROM reads.share.schema.t a JOIN reads.share.schema.t b ON a.id = b.id")
                .collectAsList())
        .hasSize(16);
    assertThat(share.takeRequests()).containsEntry("metadata", 1).containsEntry("query", 1);
  }

  /**
   * Pushed filters, columns, limits, aggregates, vectors: a scan says all of it, and is compared.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM %s",
        "SELECT id FROM %s WHERE p = 'a'",
        "SELECT v, w FROM %s WHERE id > 3 AND p IN ('a', 'c') AND v LIKE 'v%%'",
        "SELECT id FROM %s LIMIT 3",
        "SELECT id FROM %s ORDER BY id LIMIT 3",
        "SELECT p, sum(id) FROM %s GROUP BY p",
        "SELECT * FROM %s WHERE w IS NULL"
      })
  void plansAreThoseOfThePathForm(String query) {
    share.read("t").createOrReplaceTempView("by_path");
    Dataset<Row> byName = SPARK.sql(query.formatted("reads.share.schema.t"));
    Dataset<Row> byPath = SPARK.sql(query.formatted("by_path"));
    BatchScanExec one = scan(byName);
    BatchScanExec other = scan(byPath);
    assertThat(one.scan()).isEqualTo(other.scan());
    assertThat(one.scan().description()).isEqualTo(other.scan().description());
    assertThat(one.supportsColumnar()).isTrue().isEqualTo(other.supportsColumnar());
    assertThat(one.runtimeFilters().size()).isEqualTo(other.runtimeFilters().size());
    if (!query.contains("LIMIT")) {
      assertThat(Rows.of(byName)).isEqualTo(Rows.of(byPath));
    }
  }

  @Test
  void aggregatesAndJoinFiltersToo() {
    assertThat(SPARK.sql("SELECT count(*), max(id) FROM reads.share.schema.t").head().getLong(0))
        .isEqualTo(16);
    assertThat(share.takeRequests()).isEqualTo(Map.of("metadata", 1, "query", 1));
    Dataset<Row> joined =
        SPARK.sql(
            "SELECT t.id FROM reads.share.schema.t t JOIN (SELECT 'c' AS p WHERE rand() >= 0) s ON t.p = s.p");
    assertThat(joined.collectAsList()).hasSize(5);
    SPARK.range(1).selectExpr("'c' AS p").write().mode("overwrite").saveAsTable("runtime_side");
    joined =
        SPARK.sql(
            "SELECT t.id FROM reads.share.schema.t t JOIN runtime_side s ON t.p = s.p WHERE s.p > 'b'");
    assertThat(joined.collectAsList()).hasSize(5);
    SPARK.sql("DROP TABLE runtime_side");
  }

  private static BatchScanExec scan(Dataset<Row> data) {
    return (BatchScanExec)
        ScanNodes.nodes(data).stream()
            .filter(BatchScanExec.class::isInstance)
            .findFirst()
            .orElseThrow();
  }

  @Test
  void streamsByName() throws Exception {
    assertThat(streamed("reads.share.schema.t", Map.of())).isEqualTo(Rows.of(delta("")));
    assertThat(streamed("reads_one.schema.t", Map.of("startingVersion", "2"))).hasSize(6);
    List<String> changes = streamed("reads.share.schema.t.changes", Map.of("startingVersion", "0"));
    Dataset<Row> expected =
        SPARK
            .read()
            .format("delta")
            .option("readChangeFeed", "true")
            .option("startingVersion", 0)
            .load(directory.resolve("t").toString());
    assertThat(changes).isEqualTo(Rows.of(expected));
    assertThatThrownBy(() -> streamed("reads.share.schema.t", Map.of("versionAsOf", "1")))
        .hasStackTraceContaining("versionAsOf");
  }

  private static List<String> streamed(String table, Map<String, String> options) throws Exception {
    String sink = "sink" + System.nanoTime();
    StreamingQuery query =
        SPARK
            .readStream()
            .options(options)
            .table(table)
            .writeStream()
            .format("memory")
            .queryName(sink)
            .option("checkpointLocation", directory.resolve(sink).toString())
            .start();
    try {
      query.processAllAvailable();
      return Rows.of(SPARK.table(sink));
    } finally {
      query.stop();
      SPARK.catalog().dropTempView(sink);
    }
  }

  @Test
  void catalogsOfSeveralServersInOneQuery() {
    SPARK.range(5).write().format("delta").save(directory.resolve("other").toString());
    try (TestShare other = TestShare.of(directory, List.of("other"))) {
      TestCatalogs.add("other", other.profile(), Map.of());
      assertThat(
              SPARK
                  .sql(
                      "SELECT t.id FROM reads.share.schema.t JOIN other.share.schema.other o ON t.id = o.id")
                  .collectAsList())
          .hasSize(5);
      assertThat(other.takeRequests()).containsEntry("metadata", 1).containsEntry("query", 1);
      assertThatThrownBy(() -> SPARK.table("other.share.schema.t"))
          .isInstanceOf(AnalysisException.class);
    }
  }

  @Test
  void theCatalogApiOfSpark() throws Exception {
    assertThat(SPARK.catalog().tableExists("reads.share.schema.t")).isTrue();
    assertThat(SPARK.catalog().tableExists("reads.share.schema.nothing")).isFalse();
    assertThat(SPARK.catalog().databaseExists("reads.share.schema")).isTrue();
    assertThat(SPARK.catalog().databaseExists("reads.share.nothing")).isFalse();
    assertThat(SPARK.catalog().listTables("reads.share.schema").collectAsList())
        .singleElement()
        .satisfies(table -> assertThat(table.name()).isEqualTo("t"));
    assertThat(SPARK.catalog().listColumns("reads.share.schema.t").count()).isEqualTo(4);
    SPARK.conf().set("spark.sql.defaultCatalog", "reads_one");
    SPARK.catalog().setCurrentCatalog("reads_one");
    assertThat(SPARK.table("schema.t").count()).isEqualTo(16);
    SPARK.catalog().setCurrentDatabase("schema");
    assertThat(SPARK.table("t").count()).isEqualTo(16);
    assertThat(SPARK.sql("SHOW TABLES").collectAsList()).hasSize(1);
  }
}
