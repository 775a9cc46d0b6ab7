/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.ShareConfigBuilder;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Delta tables with a history of every kind of commit, written once in the JVM by Delta Lake
 * itself. All are shared with their history.
 */
final class ChangeTables {
  private static final String FEED = "'delta.enableChangeDataFeed'='true'";
  private static final String VECTORS = "'delta.enableDeletionVectors'='true'";
  private static final String MAPPED = "'delta.columnMapping.mode'='name'";
  private static Path root;

  private ChangeTables() {}

  /** The directory of a table by its name. */
  static synchronized Path directory(String table) {
    if (root == null) {
      root = write();
    }
    return root.resolve(table);
  }

  /** A configuration with all tables in {@code Retail.c}, on any port. */
  static ShareConfigBuilder config() {
    ShareConfigBuilder config = ShareConfig.builder().port(0).bearerToken(ServerTables.TOKEN);
    for (String name : new String[] {"feed", "vectors", "mapped", "plain", "switched"}) {
      config.table(shared(name, directory(name)));
    }
    return config;
  }

  static SharedTable shared(String name, Path directory) {
    return new SharedTable("Retail", "c", name, directory.toUri(), "", true, 0);
  }

  static String sql(Path directory) {
    return "delta.`" + directory + "`";
  }

  private static Path write() {
    try {
      Path target = Path.of("target").toAbsolutePath();
      Files.createDirectories(target);
      Path dir = Files.createTempDirectory(target, "change-tables");
      history(dir.resolve("feed"), FEED);
      history(dir.resolve("vectors"), FEED + "," + VECTORS);
      mapped(dir.resolve("mapped"));
      plain(dir.resolve("plain"));
      switched(dir.resolve("switched"));
      return dir;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Versions 0 to 12. */
  private static void history(Path directory, String properties) {
    SparkSession spark = TestSpark.session();
    String table = sql(directory);
    spark.sql(
        "CREATE TABLE "
            + table
            + " (id BIGINT, name STRING, part STRING) USING delta PARTITIONED BY (part)"
            + " TBLPROPERTIES ("
            + properties
            + ")");
    insert(table, 0, 20);
    insert(table, 20, 40);
    spark.sql("UPDATE " + table + " SET name = 'updated' WHERE id % 7 = 3");
    spark.sql("DELETE FROM " + table + " WHERE id % 9 = 4");
    spark.sql("DELETE FROM " + table + " WHERE part = 'b c'");
    spark.sql(
        "MERGE INTO "
            + table
            + " t USING (SELECT id * 5 AS id FROM range(0, 12)) s ON t.id = s.id"
            + " WHEN MATCHED AND t.id % 2 = 0 THEN UPDATE SET name = 'merged'"
            + " WHEN MATCHED THEN DELETE"
            + " WHEN NOT MATCHED THEN INSERT (id, name, part) VALUES (s.id, 'new', NULL)");
    spark.sql("ALTER TABLE " + table + " ADD COLUMNS (extra INT)");
    spark.sql("INSERT INTO " + table + " VALUES (100, 'wide', 'a', 1), (101, NULL, 'd%', 2)");
    spark.sql("OPTIMIZE " + table);
    spark.sql("INSERT OVERWRITE " + table + " VALUES (200, 'over', 'a', 3), (201, 'o', NULL, 4)");
    spark.sql("RESTORE TABLE " + table + " TO VERSION AS OF 8");
    spark.sql("DELETE FROM " + table + " WHERE id = 0");
  }

  /** Columns with physical names: versions 0 to 5. */
  private static void mapped(Path directory) {
    SparkSession spark = TestSpark.session();
    String table = sql(directory);
    spark.sql(
        "CREATE TABLE "
            + table
            + " (id BIGINT, name STRING, part STRING) USING delta PARTITIONED BY (part)"
            + " TBLPROPERTIES ("
            + String.join(",", FEED, VECTORS, MAPPED)
            + ")");
    insert(table, 0, 9);
    spark.sql("ALTER TABLE " + table + " RENAME COLUMN name TO title");
    spark.sql("UPDATE " + table + " SET title = 'updated' WHERE id = 3");
    spark.sql("DELETE FROM " + table + " WHERE id = 1");
    spark.sql("DELETE FROM " + table + " WHERE part = 'a'");
  }

  /** No feed: versions 0 to 3. */
  private static void plain(Path directory) {
    SparkSession spark = TestSpark.session();
    String table = sql(directory);
    spark.sql("CREATE TABLE " + table + " USING delta AS SELECT id FROM range(0, 10, 1, 2)");
    spark.sql("UPDATE " + table + " SET id = 99 WHERE id = 3");
    spark.sql("OPTIMIZE " + table);
    spark.sql("DELETE FROM " + table + " WHERE id = 99");
  }

  private static void insert(String table, int from, int to) {
    TestSpark.session()
        .sql(
            "INSERT INTO "
                + table
                + " SELECT /*+ COALESCE(1) */ id, concat('n', id),"
                + " element_at(array('a', 'b c', NULL), CAST(id % 3 AS INT) + 1) FROM range("
                + from
                + ","
                + to
                + ")");
  }

  /** The feed is recorded in versions 1 to 2 only; version 4 brings deletion vectors. */
  private static void switched(Path directory) {
    SparkSession spark = TestSpark.session();
    String table = sql(directory);
    spark.sql("CREATE TABLE " + table + " USING delta AS SELECT id FROM range(0, 3, 1, 1)");
    spark.sql("ALTER TABLE " + table + " SET TBLPROPERTIES (" + FEED + ")");
    spark.sql("INSERT INTO " + table + " VALUES (7)");
    spark.sql("ALTER TABLE " + table + " UNSET TBLPROPERTIES ('delta.enableChangeDataFeed')");
    spark.sql("ALTER TABLE " + table + " SET TBLPROPERTIES (" + VECTORS + ")");
    spark.sql("INSERT INTO " + table + " VALUES (8)");
  }
}
