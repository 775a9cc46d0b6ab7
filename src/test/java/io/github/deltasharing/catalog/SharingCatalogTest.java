/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of a share by their names in SQL, and what each statement asks of the server. */
class SharingCatalogTest {
  private static final SparkSession SPARK = TestSpark.session();

  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void writeAndShare() {
    String table = "delta.`" + directory.resolve("orders") + "`";
    SPARK.sql("CREATE TABLE " + table + " (id BIGINT COMMENT 'the key', v STRING) USING delta");
    SPARK.sql(
        "INSERT INTO " + table + " SELECT /*+ COALESCE(1) */ id, concat('v', id) FROM range(10)");
    SPARK.sql(
        "INSERT INTO "
            + table
            + " SELECT /*+ COALESCE(1) */ id, concat('v', id) FROM range(10, 15)");
    share = TestShare.withHistory(directory, List.of("orders"));
    TestCatalogs.add("basic", share.profile(), Map.of());
    TestCatalogs.add("mounted", share.profile(), Map.of("share", "share"));
  }

  @AfterAll
  static void stop() {
    share.close();
  }

  @BeforeEach
  void forget() {
    share.takeRequests();
  }

  private static Dataset<Row> delta(String suffix) {
    return SPARK.sql("SELECT * FROM delta.`" + directory.resolve("orders") + "`" + suffix);
  }

  private static List<String> rows(String sql) {
    return Rows.of(SPARK.sql(sql));
  }

  @Test
  void aSelectIsOneMetadataAndOneQueryRequest() {
    assertThat(rows("SELECT * FROM basic.share.schema.orders")).isEqualTo(Rows.of(delta("")));
    assertThat(share.takeRequests()).isEqualTo(Map.of("metadata", 1, "query", 1, "file", 2));
    assertThat(rows("SELECT * FROM mounted.schema.orders")).isEqualTo(Rows.of(delta("")));
    assertThat(share.takeRequests()).isEqualTo(Map.of("metadata", 1, "query", 1, "file", 2));
  }

  @Test
  void versionsAndTimesAreRead() {
    List<String> first = Rows.of(delta(" VERSION AS OF 1"));
    assertThat(first).hasSize(10);
    assertThat(rows("SELECT * FROM basic.share.schema.orders VERSION AS OF 1")).isEqualTo(first);
    assertThat(share.takeRequests()).isEqualTo(Map.of("metadata", 1, "query", 1, "file", 1));
    assertThat(rows("SELECT * FROM basic.share.schema.orders FOR SYSTEM_VERSION AS OF '1'"))
        .isEqualTo(first);
    assertThat(Rows.of(SPARK.read().option("versionAsOf", 1).table("basic.share.schema.orders")))
        .isEqualTo(first);
  }

  @Test
  void namespacesAndTablesAreListed() {
    assertThat(rows("SHOW NAMESPACES IN basic")).containsExactly("{namespace=String:share}");
    assertThat(share.takeRequests()).isEqualTo(Map.of("listShares", 1));
    assertThat(rows("SHOW SCHEMAS IN basic.share"))
        .containsExactly("{namespace=String:share.schema}");
    assertThat(rows("SHOW TABLES IN basic.share.schema"))
        .containsExactly(
            "{namespace=String:share.schema, tableName=String:orders, isTemporary=Boolean:false}");
    assertThat(rows("SHOW TABLES IN mounted.schema LIKE 'ord*'")).hasSize(1);
    assertThat(rows("SHOW TABLES IN mounted.schema LIKE 'x*'")).isEmpty();
  }

  @Test
  void whatIsNotThereIsSparksOwnError() {
    assertThatThrownBy(() -> SPARK.sql("SELECT * FROM basic.share.schema.nothing"))
        .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
  }
}
