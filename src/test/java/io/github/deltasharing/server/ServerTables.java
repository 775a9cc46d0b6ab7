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

/** The Delta tables that the server's tests share, written once in the JVM by Delta Lake itself. */
public final class ServerTables {
  public static final String TOKEN = "canary-token-6c1f";
  private static Path root;

  private ServerTables() {}

  /** The directory of a table by its name. */
  public static synchronized Path directory(String table) {
    if (root == null) {
      root = write();
    }
    return root.resolve(table);
  }

  /** A configuration with all tables, on any port. */
  public static ShareConfigBuilder config() {
    return ShareConfig.builder()
        .port(0)
        .bearerToken(TOKEN)
        .table("Retail", "sales", "plain", directory("plain"))
        .table("Retail", "sales", "parts", directory("parts"))
        .table("Retail", "sales", "dv", directory("dv"))
        .table("Retail", "sales", "mapped", directory("mapped"))
        .table(
            new SharedTable(
                "Retail", "sales", "travel", directory("travel").toUri(), "t-1", true, 1))
        .table("Retail", "sales", "checkpointed", directory("checkpointed"))
        .table("Retail", "empty", "empty", directory("empty"))
        .table("Retail", "empty", "gone", directory("gone"))
        .table("other.share é x", "s", "plain", directory("plain"));
  }

  private static Path write() {
    try {
      Path target = Path.of("target").toAbsolutePath();
      Files.createDirectories(target);
      Path dir = Files.createTempDirectory(target, "server-tables");
      SparkSession spark = TestSpark.session();
      spark.sql(
          "CREATE TABLE delta.`"
              + dir.resolve("plain")
              + "` USING delta COMMENT 'plain things' AS"
              + " SELECT id, IF(id % 7 = 0, NULL, concat('name-', id)) AS name,"
              + " IF(id % 5 = 0, NULL, id / 4.0D) AS score, timestamp_millis(id * 1000) AS ts,"
              + " date_add(DATE'2024-01-01', CAST(id AS INT)) AS day,"
              + " struct(CAST(id AS INT) AS n) AS nested FROM range(0,100,1,4)");
      spark.sql(
          "CREATE TABLE delta.`"
              + dir.resolve("parts")
              + "` USING delta PARTITIONED BY (country, day) AS SELECT * FROM"
              + " VALUES (1,'a b',DATE'2024-01-01'),(2,'50%',DATE'2024-01-02'),"
              + "(3,'x=y',DATE'2024-01-03'),(4,'a:b',NULL),(5,'ünï/slash',DATE'2024-01-05'),"
              + "(6,NULL,DATE'2024-01-06'),(7,'a%20b',DATE'2024-01-07'),(8,'plus+',NULL)"
              + " AS t(id, country, day)");
      String dv = "delta.`" + dir.resolve("dv") + "`";
      spark.sql(
          "CREATE TABLE "
              + dv
              + " USING delta TBLPROPERTIES ('delta.enableDeletionVectors'='true')"
              + " AS SELECT id FROM range(0,1000,1,1)");
      spark.sql("DELETE FROM " + dv + " WHERE id % 10 = 3");
      spark.sql(
          "CREATE TABLE delta.`"
              + dir.resolve("mapped")
              + "` USING delta PARTITIONED BY (part) TBLPROPERTIES"
              + " ('delta.columnMapping.mode'='name','delta.minReaderVersion'='2',"
              + "'delta.minWriterVersion'='5') AS SELECT * FROM VALUES (1,'a'),(2,'b')"
              + " AS t(id, part)");
      String travel = "delta.`" + dir.resolve("travel") + "`";
      spark.sql("CREATE TABLE " + travel + " (id BIGINT) USING delta");
      for (int version = 1; version <= 3; version++) {
        spark.sql("INSERT INTO " + travel + " VALUES (" + version + ")");
      }
      String checkpointed = "delta.`" + dir.resolve("checkpointed") + "`";
      spark.sql(
          "CREATE TABLE "
              + checkpointed
              + " (id BIGINT) USING delta TBLPROPERTIES ('delta.checkpointInterval'='2')");
      for (int i = 0; i < 3; i++) {
        spark.sql("INSERT INTO " + checkpointed + " VALUES (" + i + ")");
      }
      spark.sql("CREATE TABLE delta.`" + dir.resolve("empty") + "` (id BIGINT) USING delta");
      return dir;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
