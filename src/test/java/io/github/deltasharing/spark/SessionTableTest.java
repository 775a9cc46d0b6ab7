/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.QualifiedTableName;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.sources.BaseRelation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables of the session catalog ({@code CREATE TABLE ... USING deltaSharing}), with Spark's own
 * session catalog and with Delta Lake's in its place. That their plans are those of {@code load()}
 * is in {@code SqlFormsTest}.
 */
class SessionTableTest {
  @TempDir static Path directory;
  static TestShare share;
  static SparkSession own;

  /** Whose session catalog. */
  enum Catalog {
    SPARK,
    DELTA;

    SparkSession session() {
      return this == SPARK ? own : TestSpark.session();
    }
  }

  @BeforeAll
  static void start() {
    own = TestSpark.session().newSession();
    own.conf().unset("spark.sql.catalog.spark_catalog");
    for (String table : List.of("t", "grows", "cached")) {
      delta(
          "CREATE TABLE %s (id BIGINT, p INT) USING delta PARTITIONED BY (p)"
              + " TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')",
          table);
      delta("INSERT INTO %s SELECT id, id %% 3 FROM range(0, 10)", table);
      delta("INSERT INTO %s SELECT id, id %% 3 FROM range(10, 20)", table);
    }
    share = TestShare.withHistory(directory, List.of("t", "grows", "cached"));
  }

  @AfterAll
  static void stop() {
    share.close();
  }

  @AfterEach
  void drop() {
    for (Catalog catalog : Catalog.values()) {
      catalog.session().sql("DROP TABLE IF EXISTS x");
    }
    share.takeRequests();
  }

  private static void delta(String statement, String table) {
    TestSpark.session().sql(statement.formatted("delta.`" + directory.resolve(table) + "`"));
  }

  private static Dataset<Row> oracle(String table) {
    return TestSpark.session().read().format("delta").load(directory.resolve(table).toString());
  }

  private static SparkSession create(Catalog catalog, String table) {
    catalog.session().sql("CREATE TABLE x USING deltaSharing LOCATION '" + share.path(table) + "'");
    return catalog.session();
  }

  private static void assertNotPossible(Runnable statement, String message) {
    Throwable thrown = catchThrowable(statement::run);
    assertThat(thrown).isNotNull();
    while (thrown.getCause() != null && !thrown.getMessage().contains(message)) {
      thrown = thrown.getCause();
    }
    assertThat(thrown).hasMessageContaining(message);
  }

  @ParameterizedTest
  @EnumSource
  void aQuerySendsOneRequestForMetadataAndOneForFiles(Catalog catalog) {
    SparkSession spark = create(catalog, "t");
    assertThat(share.takeRequests()).isEmpty();
    Rows.assertSame(spark.sql("SELECT * FROM x"), oracle("t"));
    assertThat(share.takeRequests()).containsEntry("metadata", 1).containsEntry("query", 1);
    Rows.assertSame(
        spark.table("x").where("id > 3 AND p = 1"), oracle("t").where("id > 3 AND p = 1"));
    assertThat(share.takeRequests()).containsEntry("metadata", 1).containsEntry("query", 1);
  }

  @ParameterizedTest
  @EnumSource
  void optionsAreThoseOfTheTable(Catalog catalog) {
    SparkSession spark = catalog.session();
    spark.sql(
        "CREATE TABLE x USING deltaSharing OPTIONS (path '%s', versionAsOf '1')"
            .formatted(share.path("t")));
    // It is there already, and so stays what it is.
    spark.sql(
        "CREATE TABLE IF NOT EXISTS x USING deltaSharing OPTIONS (path '%s')"
            .formatted(share.path("t")));
    Rows.assertSame(
        spark.table("x"),
        TestSpark.session()
            .read()
            .format("delta")
            .option("versionAsOf", 1)
            .load(directory.resolve("t").toString()));
    assertThatThrownBy(
            () -> spark.sql("CREATE TABLE x USING deltaSharing LOCATION '" + share.path("t") + "'"))
        .hasMessageContaining("ALREADY_EXISTS");
  }

  @ParameterizedTest
  @EnumSource
  void changes(Catalog catalog) {
    SparkSession spark = catalog.session();
    spark.sql(
        "CREATE TABLE x USING deltaSharing OPTIONS (path '%s', readChangeFeed 'true', startingVersion '2')"
            .formatted(share.path("t")));
    Rows.assertSame(
        spark.table("x").where("id <> 11").drop("_commit_timestamp"),
        TestSpark.session()
            .read()
            .format("delta")
            .option("readChangeFeed", true)
            .option("startingVersion", 2)
            .load(directory.resolve("t").toString())
            .where("id <> 11")
            .drop("_commit_timestamp"));
  }

  /** Spark 3.5 would give the first relation to every read by the table's name. */
  @ParameterizedTest
  @EnumSource
  void eachReadHasItsOwnOptions(Catalog catalog) {
    SparkSession spark = create(catalog, "t");
    Dataset<Row> latest = spark.table("x");
    Dataset<Row> before = spark.read().option("versionAsOf", 1).table("x");
    Dataset<Row> again = spark.table("x");
    Dataset<Row> expected =
        TestSpark.session()
            .read()
            .format("delta")
            .option("versionAsOf", 1)
            .load(directory.resolve("t").toString());
    Rows.assertSame(before, expected);
    Rows.assertSame(latest, oracle("t"));
    Rows.assertSame(again, oracle("t"));
    Rows.assertSame(latest.except(before), oracle("t").except(expected));
    // What the table was created with stays.
    Rows.assertSame(spark.read().option("path", share.path("grows")).table("x"), oracle("t"));
  }

  /** Relations of other tables are kept as ever. */
  @ParameterizedTest
  @EnumSource
  void relationsOfOthersAreKept(Catalog catalog) {
    SparkSession spark = create(catalog, "t");
    assertThat(spark.table("x").count()).isEqualTo(20);
    spark.sql("CREATE TABLE others USING parquet AS SELECT id FROM range(3)");
    try {
      assertThat(relation(spark.table("others"))).isSameAs(relation(spark.table("others")));
      assertThat(relation(spark.table("x"))).isNotSameAs(relation(spark.table("x")));
      assertThat(spark.table("others").count()).isEqualTo(3);
    } finally {
      spark.sql("DROP TABLE others");
    }
  }

  private static Object relation(Dataset<Row> data) {
    return ((LogicalRelation) data.queryExecution().analyzed().collectLeaves().head()).relation();
  }

  @ParameterizedTest
  @EnumSource
  void columnsAreThoseThatTheTableHasNow(Catalog catalog) {
    SparkSession spark = create(catalog, "grows");
    String added = "c_" + catalog;
    Rows.assertSame(spark.table("x"), oracle("grows"));
    Dataset<Row> before = spark.table("x");
    delta("ALTER TABLE %s ADD COLUMNS (" + added + " STRING)", "grows");
    delta("INSERT INTO %s (id, p, " + added + ") VALUES (100, 1, 'new')", "grows");
    Rows.assertSame(spark.table("x"), oracle("grows"));
    Rows.assertSame(spark.sql("SELECT " + added + " FROM x"), oracle("grows").select(added));
    assertThat(spark.sql("DESCRIBE x").collectAsList())
        .extracting(row -> row.getString(0))
        .contains(added);
    assertThatThrownBy(before::collectAsList).hasMessageContaining("Define the DataFrame again");
  }

  @ParameterizedTest
  @EnumSource
  void declaredColumnsHaveToBeTheRealOnes(Catalog catalog) {
    SparkSession spark = catalog.session();
    spark.sql("CREATE TABLE x (id INT) USING deltaSharing LOCATION '" + share.path("t") + "'");
    assertNotPossible(() -> spark.table("x").collectAsList(), "please drop it and re-create it");
    spark.sql("DROP TABLE x");
    spark.sql(
        "CREATE TABLE x (id BIGINT, p INT) USING deltaSharing LOCATION '" + share.path("t") + "'");
    Rows.assertSame(spark.table("x"), oracle("t"));
  }

  @ParameterizedTest
  @EnumSource
  void writingIsRefused(Catalog catalog) {
    SparkSession spark = create(catalog, "t");
    spark.range(3).selectExpr("id", "1 AS p").createOrReplaceTempView("source");
    for (String statement :
        List.of(
            "INSERT INTO x VALUES (1, 1)",
            "INSERT OVERWRITE x VALUES (1, 1)",
            "DELETE FROM x WHERE id = 1",
            "UPDATE x SET p = 1",
            "MERGE INTO x USING source s ON x.id = s.id WHEN MATCHED THEN DELETE")) {
      assertNotPossible(
          () -> spark.sql(statement), "Writing to share.schema.t failed: shares are read-only.");
    }
    assertThat(catchThrowable(() -> spark.sql("TRUNCATE TABLE x"))).isNotNull();
    assertThat(catchThrowable(() -> spark.sql("ALTER TABLE x ADD COLUMNS (q INT)"))).isNotNull();
    Rows.assertSame(spark.table("x"), oracle("t"));
  }

  /** The table is read into another one while it is the source, not the target. */
  /** The session's cache has one thread load a relation for all that wait for it. */
  @Test
  void readsOfOneNameAtOnceHaveTheirOwnOptions() throws Exception {
    SparkSession spark = create(Catalog.SPARK, "t");
    spark.table("x").count();
    SessionCatalog catalog = spark.sessionState().catalog();
    QualifiedTableName name = new QualifiedTableName("default", "raced");
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(1);
    LogicalPlan first = relation(spark, "0");
    LogicalPlan second = relation(spark, "1");
    FutureTask<LogicalPlan> earlier =
        new FutureTask<>(
            () ->
                catalog.getCachedPlan(
                    name,
                    () -> {
                      loading.countDown();
                      waiting.await();
                      return first;
                    }));
    FutureTask<LogicalPlan> later =
        new FutureTask<>(() -> catalog.getCachedPlan(name, () -> second));
    new Thread(earlier, "earlier").start();
    loading.await();
    Thread waiter = new Thread(later, "later");
    waiter.start();
    await(() -> waiter.getState() == Thread.State.WAITING);
    waiting.countDown();
    assertThat(earlier.get()).isSameAs(first);
    assertThat(later.get()).isSameAs(second);
    assertThat(catalog.getCachedTable(name)).isNull();
  }

  /** CACHE TABLE finds what it kept by that. */
  @ParameterizedTest
  @ValueSource(strings = {"startingTimestamp", "endingTimestamp"})
  void timesInAnotherZoneAreAnotherRead(String bound) {
    SparkSession spark = create(Catalog.DELTA, "t");
    spark.conf().set("spark.sql.session.timeZone", "UTC");
    try {
      BaseRelation once = changes(spark, bound);
      assertThat(changes(spark, bound)).isEqualTo(once);
      spark.conf().set("spark.sql.session.timeZone", "Asia/Tokyo");
      assertThat(changes(spark, bound)).isNotEqualTo(once);
    } finally {
      spark.conf().set("spark.sql.session.timeZone", "UTC");
    }
  }

  private static BaseRelation changes(SparkSession spark, String bound) {
    String day =
        LocalDate.now(ZoneOffset.UTC).plusDays(bound.equals("endingTimestamp") ? 2 : -2) + "";
    scala.collection.immutable.Map<String, String> options =
        scala.collection.immutable.Map$.MODULE$
            .<String, String>empty()
            .updated("path", share.path("t"))
            .updated("readChangeFeed", "true")
            .updated(bound, day);
    return new DeltaSharingProvider()
        .createRelation(
            spark.sqlContext(),
            bound.equals("endingTimestamp") ? options.updated("startingVersion", "0") : options);
  }

  private static LogicalPlan relation(SparkSession spark, String version) {
    BaseRelation relation =
        new DeltaSharingProvider()
            .createRelation(
                spark.sqlContext(),
                scala.collection.immutable.Map$.MODULE$
                    .<String, String>empty()
                    .updated("path", share.path("t"))
                    .updated("versionAsOf", version));
    return spark.baseRelationToDataFrame(relation).queryExecution().analyzed();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void itCanBeTheSourceOfAWrite() {
    SparkSession spark = create(Catalog.DELTA, "t");
    Path copy = directory.resolve("copy");
    spark.sql("CREATE TABLE delta.`" + copy + "` USING delta AS SELECT * FROM x WHERE p = 1");
    spark.sql("INSERT INTO delta.`" + copy + "` SELECT * FROM x WHERE p = 2");
    spark.sql(
        "MERGE INTO delta.`"
            + copy
            + "` c USING x ON c.id = x.id WHEN MATCHED THEN UPDATE SET p = x.p WHEN NOT MATCHED THEN INSERT *");
    Rows.assertSame(spark.read().format("delta").load(copy.toString()), oracle("t"));
  }

  @ParameterizedTest
  @EnumSource
  void cachedRowsAreReadUntilTheTableIsRefreshed(Catalog catalog) {
    SparkSession spark = create(catalog, "cached");
    spark.sql("CACHE TABLE x");
    try {
      List<String> before = Rows.of(oracle("cached"));
      delta("INSERT INTO %s VALUES (1000, 1)", "cached");
      share.takeRequests();
      assertThat(Rows.of(spark.sql("SELECT * FROM x"))).isEqualTo(before);
      assertThat(share.takeRequests()).doesNotContainKey("query");
      spark.sql("REFRESH TABLE x");
      Rows.assertSame(spark.sql("SELECT * FROM x"), oracle("cached"));
    } finally {
      spark.sql("UNCACHE TABLE x");
    }
    share.takeRequests();
    Rows.assertSame(spark.table("x"), oracle("cached"));
    assertThat(share.takeRequests()).containsEntry("query", 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE VIEW v AS SELECT * FROM x WHERE id > 2",
        "CREATE TEMPORARY VIEW v AS SELECT * FROM x WHERE id > 2",
        "CREATE GLOBAL TEMPORARY VIEW v AS SELECT * FROM x WHERE id > 2"
      })
  void views(String statement) {
    for (Catalog catalog : Catalog.values()) {
      SparkSession spark = create(catalog, "t");
      spark.sql(statement);
      String view = statement.contains("GLOBAL") ? "global_temp.v" : "v";
      Rows.assertSame(spark.table(view).where("p = 1"), oracle("t").where("id > 2 AND p = 1"));
      spark.sql("DROP VIEW " + view);
      spark.sql("DROP TABLE x");
    }
  }

  /** One session's relations in another one, which has optimised no such query before. */
  @Test
  void aGlobalViewInAnotherSession() {
    SparkSession spark = create(Catalog.SPARK, "t");
    spark.table("x").createOrReplaceGlobalTempView("shared_view");
    Rows.assertSame(TestSpark.session().newSession().table("global_temp.shared_view"), oracle("t"));
    spark.catalog().dropGlobalTempView("shared_view");
  }

  @ParameterizedTest
  @EnumSource
  void byTheCatalogsMethods(Catalog catalog) {
    SparkSession spark = catalog.session();
    spark.catalog().createTable("x", "deltaSharing", Map.of("path", share.path("t"))).count();
    Rows.assertSame(spark.table("x"), oracle("t"));
  }

  /** DROP removes the entry, and needs nobody's leave for it. */
  @ParameterizedTest
  @EnumSource
  void droppingWhenTheShareIsGone(Catalog catalog) {
    SparkSession spark = catalog.session();
    TestShare gone = TestShare.of(directory, List.of("t"));
    spark.sql("CREATE TABLE x USING deltaSharing LOCATION '" + gone.path("t") + "'");
    gone.close();
    spark.conf().set("spark.delta.sharing.network.numRetries", "0");
    try {
      assertThat(catchThrowable(() -> spark.table("x"))).isNotNull();
      spark.sql("DROP TABLE x");
    } finally {
      spark.conf().unset("spark.delta.sharing.network.numRetries");
    }
    assertThat(spark.catalog().tableExists("x")).isFalse();
    Rows.assertSame(oracle("t"), spark.read().format("deltaSharing").load(share.path("t")));
  }

  @Test
  void aPathIsNoTableInItself() {
    assertThatThrownBy(() -> own.sql("SELECT * FROM deltaSharing.`" + share.path("t") + "`"))
        .hasMessageContaining("UNSUPPORTED_DATASOURCE_FOR_DIRECT_QUERY");
  }
}
