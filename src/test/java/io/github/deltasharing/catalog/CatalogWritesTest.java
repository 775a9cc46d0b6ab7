/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every statement that would change something is refused: by the catalog, or by Spark itself. */
class CatalogWritesTest {
  private static final SparkSession SPARK = TestSpark.session();

  @TempDir static Path directory;
  static TestShare share;
  static List<String> before;

  @BeforeAll
  static void writeAndShare() {
    SPARK
        .range(10)
        .selectExpr("id", "concat('v', id) AS v", "id % 2 AS p")
        .write()
        .format("delta")
        .partitionBy("p")
        .save(directory.resolve("t").toString());
    share = TestShare.of(directory, List.of("t"));
    TestCatalogs.add("ro", share.profile(), Map.of());
    before = Rows.of(SPARK.table("ro.share.schema.t"));
  }

  @AfterAll
  static void stop() {
    share.close();
  }

  @AfterEach
  void nothingChanged() {
    assertThat(Rows.of(SPARK.table("ro.share.schema.t"))).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE ro.share.schema.x (id INT)",
        "CREATE TABLE ro.share.schema.x USING parquet AS SELECT 1 AS a",
        "CREATE OR REPLACE TABLE ro.share.schema.x (id INT)",
        "CREATE OR REPLACE TABLE ro.share.schema.t AS SELECT 1 AS a",
        "REPLACE TABLE ro.share.schema.t (id INT)",
        "DROP TABLE ro.share.schema.t",
        "DROP TABLE IF EXISTS ro.share.schema.t",
        "DROP TABLE ro.share.schema.t PURGE",
        "ALTER TABLE ro.share.schema.t ADD COLUMN x INT",
        "ALTER TABLE ro.share.schema.t DROP COLUMN v",
        "ALTER TABLE ro.share.schema.t RENAME COLUMN v TO w",
        "ALTER TABLE ro.share.schema.t ALTER COLUMN v COMMENT 'c'",
        "ALTER TABLE ro.share.schema.t RENAME TO share.schema.t2",
        "ALTER TABLE ro.share.schema.t SET TBLPROPERTIES ('a' = 'b')",
        "ALTER TABLE ro.share.schema.t UNSET TBLPROPERTIES ('a')",
        "ALTER TABLE ro.share.schema.t SET LOCATION '/x'",
        "COMMENT ON TABLE ro.share.schema.t IS 'x'",
        "COMMENT ON NAMESPACE ro.share.schema IS 'x'",
        "CREATE NAMESPACE ro.new",
        "CREATE SCHEMA ro.share.new",
        "CREATE NAMESPACE IF NOT EXISTS ro.share.new",
        "DROP NAMESPACE ro.share.schema",
        "DROP SCHEMA ro.share.schema CASCADE",
        "ALTER NAMESPACE ro.share.schema SET PROPERTIES ('a' = 'b')",
        "ALTER NAMESPACE ro.share.schema SET LOCATION '/x'",
        "INSERT INTO ro.share.schema.t VALUES (1, 'a', 0)",
        "INSERT INTO ro.share.schema.t PARTITION (p = 0) VALUES (1, 'a')",
        "INSERT OVERWRITE ro.share.schema.t VALUES (1, 'a', 0)",
        "INSERT OVERWRITE ro.share.schema.t PARTITION (p = 0) VALUES (1, 'a')",
        "INSERT INTO ro.share.schema.t REPLACE WHERE id = 1 VALUES (1, 'a', 0)",
        "INSERT INTO ro.share.schema.t SELECT * FROM ro.share.schema.t",
        "INSERT INTO ro.share.schema.t.changes SELECT *, 'insert', 1, current_timestamp() FROM ro.share.schema.t",
        "UPDATE ro.share.schema.t SET v = 'x'",
        "UPDATE ro.share.schema.t SET v = 'x' WHERE id = 1",
        "DELETE FROM ro.share.schema.t",
        "DELETE FROM ro.share.schema.t WHERE id = 1",
        "DELETE FROM ro.share.schema.t WHERE id IN (SELECT id FROM ro.share.schema.t)",
        "MERGE INTO ro.share.schema.t t USING (SELECT 1 AS i) s ON t.id = s.i WHEN MATCHED THEN DELETE",
        "MERGE INTO ro.share.schema.t t USING (SELECT 1 AS i) s ON t.id = s.i WHEN MATCHED THEN UPDATE SET v = 'x'"
            + " WHEN NOT MATCHED THEN INSERT (id, v, p) VALUES (s.i, 'n', 0)",
        "TRUNCATE TABLE ro.share.schema.t"
      })
  void theCatalogRefuses(String statement) {
    Throwable thrown = catchThrowable(() -> SPARK.sql(statement).collectAsList());
    assertThat(thrown)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("read-only")
        .hasMessageContaining(" failed: ")
        .hasMessageContaining("ro.");
    assertThat(thrown.getMessage().lines()).hasSize(1);
  }

  /** Spark does not get as far as the catalog: its own message names what is not supported. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE ro.share.schema.t (id INT)",
        "CREATE VIEW ro.share.schema.v AS SELECT 1",
        "ALTER VIEW ro.share.schema.t AS SELECT 1",
        "DROP VIEW ro.share.schema.t",
        "CREATE FUNCTION ro.share.schema.f AS 'x.Y'",
        "ANALYZE TABLE ro.share.schema.t COMPUTE STATISTICS",
        "MSCK REPAIR TABLE ro.share.schema.t",
        "LOAD DATA INPATH '/x' INTO TABLE ro.share.schema.t",
        "ALTER TABLE ro.share.schema.t ADD PARTITION (p = 3)",
        "ALTER TABLE ro.share.schema.t DROP PARTITION (p = 0)",
        "ALTER TABLE ro.share.schema.t RECOVER PARTITIONS",
        "TRUNCATE TABLE ro.share.schema.t PARTITION (p = 0)",
        "INSERT INTO ro.share.schema.t VALUES (1)",
        "CREATE INDEX i ON ro.share.schema.t (id)"
      })
  void sparkRefuses(String statement) {
    assertThatThrownBy(() -> SPARK.sql(statement).collectAsList())
        .isInstanceOf(AnalysisException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE IF EXISTS ro.share.schema.nothing",
        "DROP NAMESPACE IF EXISTS ro.share.nothing",
        "CREATE TABLE IF NOT EXISTS ro.share.schema.t (id INT)",
        "CREATE NAMESPACE IF NOT EXISTS ro.share.schema"
      })
  void whatHasNothingToDoSucceeds(String statement) {
    assertThat(SPARK.sql(statement).collectAsList()).isEmpty();
  }

  @Test
  void dataFramesAreRefusedAlike() {
    for (org.assertj.core.api.ThrowableAssert.ThrowingCallable write :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> SPARK.table("ro.share.schema.t").writeTo("ro.share.schema.t").append(),
            () -> SPARK.table("ro.share.schema.t").writeTo("ro.share.schema.x").create(),
            () ->
                SPARK.table("ro.share.schema.t").writeTo("ro.share.schema.t").overwritePartitions(),
            () -> SPARK.table("ro.share.schema.t").write().insertInto("ro.share.schema.t"),
            () ->
                SPARK
                    .table("ro.share.schema.t")
                    .write()
                    .mode("append")
                    .saveAsTable("ro.share.schema.t"),
            () ->
                SPARK
                    .table("ro.share.schema.t")
                    .write()
                    .mode("overwrite")
                    .saveAsTable("ro.share.schema.t"),
            () -> SPARK.range(1).write().saveAsTable("ro.share.schema.x"))) {
      assertThatThrownBy(write)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("read-only");
    }
  }

  @Test
  void aStreamIntoIt() {
    assertThatThrownBy(
            () ->
                SPARK
                    .readStream()
                    .format("rate")
                    .load()
                    .selectExpr("value AS id", "'v' AS v", "value AS p")
                    .writeStream()
                    .option("checkpointLocation", directory.resolve("ck").toString())
                    .toTable("ro.share.schema.t")
                    .processAllAvailable())
        .hasStackTraceContaining("read-only");
  }
}
