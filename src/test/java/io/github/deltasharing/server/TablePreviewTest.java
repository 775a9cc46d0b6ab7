/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.testing.DeletionVectorBytes;
import io.github.deltasharing.testing.ShownRows;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first rows and the schema of tables in the admin API, judged by Delta Lake in Spark. */
class TablePreviewTest {
  @TempDir static Path directory;
  private static SparkSession spark;
  private static ProviderServer server;

  @BeforeAll
  static void start() {
    spark = TestSpark.session();
    server = ProviderServer.start(directory);
    server.done("POST", "/shares", "{\"name\":\"s\"}");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Path table(String name) {
    return server.tables().resolve(name);
  }

  private static String delta(String name) {
    return "delta.`" + table(name) + "`";
  }

  private static void share(String name) {
    server.done("PATCH", "/shares/s", ProviderServer.add("t." + name, table(name)));
  }

  private static JsonNode preview(String name, int rows) {
    return server.done("GET", "/shares/s/tables/t/" + name + "/preview?maxResults=" + rows, "");
  }

  /** Whole small tables are those of Delta Lake, in whatever order. */
  private static JsonNode assertSame(String name) {
    share(name);
    JsonNode preview = preview(name, 100);
    List<String> rows = new ArrayList<>();
    preview.path("rows").forEach(row -> rows.add(row.toString()));
    List<String> expected = expected(name);
    assertThat(rows).as(name).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(preview.path("more").asBoolean()).isFalse();
    assertThat(preview.path("cut").asLong()).isZero();
    List<String> columns = new ArrayList<>();
    preview.path("columns").forEach(column -> columns.add(column.path("name").asText()));
    assertThat(columns)
        .containsExactly(spark.sql("SELECT * FROM " + delta(name)).schema().fieldNames());
    JsonNode details = server.done("GET", "/shares/s/tables/t/" + name, "");
    assertThat(details.path("rows").asLong()).isEqualTo(expected.size());
    return details;
  }

  private static List<String> expected(String name) {
    return ShownRows.of(spark.sql("SELECT * FROM " + delta(name)));
  }

  @Test
  void everyTypeIsExact() {
    spark.sql(
        "CREATE TABLE "
            + delta("types")
            + " USING delta AS SELECT * FROM VALUES (true, 1Y, 2S, 3, 9007199254740993L, 1.1F,"
            + " CAST('NaN' AS DOUBLE), 0.10BD, DATE'0001-01-01',"
            + " TIMESTAMP'1900-01-01T00:00:00.000001Z', TIMESTAMP_NTZ'2024-02-29T23:59:59.5',"
            + " '<script>alert(1)</script>', X'00ff', array(1L, NULL), map('k', 1.50BD),"
            + " named_struct('a', 9223372036854775807L, 'b', array(named_struct('c',"
            + " DATE'2024-01-01')))),(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
            + " NULL, NULL, NULL, NULL, NULL, NULL),(false, -128Y, -32768S, -2147483648,"
            + " -9223372036854775808L, -0.0F, CAST('-Infinity' AS DOUBLE),"
            + " -99999999999999999999999999999999999.99BD, DATE'9999-12-31',"
            + " TIMESTAMP'9999-12-31T23:59:59.999999Z', TIMESTAMP_NTZ'0001-01-01T00:00:00', '',"
            + " X'', array(), map(), named_struct('a', 9007199254740992L, 'b', NULL)) AS t(bool,"
            + " byte, short, int, long, float, double, dec, date, ts, ntz, text, bin, list, pairs,"
            + " nested)");
    JsonNode details = assertSame("types");
    assertThat(details.path("columns").get(15).path("type").asText())
        .isEqualTo("struct<a: long, b: array<struct<c: date>>>");
    assertThat(details.path("reader_features").toString()).isEqualTo("[\"timestampNtz\"]");
  }

  @Test
  void partitionsAndNamesOfColumnsAreThoseOfTheTable() {
    spark.sql(
        "CREATE TABLE "
            + delta("parts")
            + " USING delta PARTITIONED BY (day, city, n, ts) AS SELECT * FROM VALUES"
            + " (1, DATE'2024-01-01', 'a/b %', 1.50BD, TIMESTAMP'2024-01-01T10:00:00.5Z'),"
            + " (2, NULL, NULL, NULL, NULL) AS t(id, day, city, n, ts)");
    JsonNode details = assertSame("parts");
    assertThat(details.path("partition_columns").toString())
        .isEqualTo("[\"day\",\"city\",\"n\",\"ts\"]");
    for (String mode : List.of("name", "id")) {
      spark.sql(
          "CREATE TABLE "
              + delta("mapped_" + mode)
              + " (`a b` INT COMMENT 'with, a blank', part STRING, s STRUCT<`x,y`: INT>)"
              + " USING delta PARTITIONED BY (part) TBLPROPERTIES"
              + " ('delta.columnMapping.mode'='"
              + mode
              + "','delta.minReaderVersion'='2','delta.minWriterVersion'='5')");
      spark.sql(
          "INSERT INTO "
              + delta("mapped_" + mode)
              + " VALUES (1, 'p', named_struct('x,y', 5)), (NULL, NULL, NULL)");
      spark.sql("ALTER TABLE " + delta("mapped_" + mode) + " RENAME COLUMN `a b` TO `renamed=now`");
      spark.sql("ALTER TABLE " + delta("mapped_" + mode) + " ADD COLUMN later STRING");
      JsonNode mapped = assertSame("mapped_" + mode);
      assertThat(mapped.path("columns").get(0).path("comment").asText()).isEqualTo("with, a blank");
    }
  }

  /** These are what a log's own columns are called. */
  @Test
  void columnsMayBeCalledAsThoseOfALog() {
    spark.sql(
        "CREATE TABLE "
            + delta("logs")
            + " USING delta AS SELECT 1 AS add, 'r' AS remove, named_struct('path','p') AS"
            + " metaData, 2L AS protocol, true AS sidecar");
    assertSame("logs");
  }

  @Test
  void deletedRowsAreNotShown() throws IOException {
    spark.sql(
        "CREATE TABLE "
            + delta("dv")
            + " USING delta TBLPROPERTIES ('delta.enableDeletionVectors'='true')"
            + " AS SELECT id, concat('v', id) AS v FROM range(0,2000,1,1)");
    spark.sql("DELETE FROM " + delta("dv") + " WHERE id < 1990 AND id <> 700");
    assertSame("dv");
    assertThat(preview("dv", 5).path("rows").get(0).get(0).asLong()).isEqualTo(700);

    try (Stream<Path> files = Files.walk(table("dv"))) {
      for (Path file : files.toList()) {
        Path copy = table("inline").resolve(table("dv").relativize(file));
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    inlineVector(table("inline"));
    assertThat(expected("inline")).hasSize(2000 - 4);
    share("inline");
    assertThat(preview("inline", 3).path("rows").toString())
        .isEqualTo("[[1,\"v1\"],[3,\"v3\"],[4,\"v4\"]]");
  }

  /** Gives the one file of a table another deletion vector, which is in the log. */
  private static void inlineVector(Path table) throws IOException {
    Path log = table.resolve("_delta_log");
    try (Stream<Path> checksums = Files.list(log)) {
      for (Path file : checksums.filter(one -> one.toString().endsWith(".crc")).toList()) {
        Files.delete(file);
      }
    }
    ObjectNode add = null;
    for (String line : Files.readAllLines(log.resolve("00000000000000000001.json"))) {
      JsonNode action = ServerClient.tree(line);
      add = action.has("add") ? (ObjectNode) action.get("add") : add;
    }
    ObjectNode old = add.deepCopy();
    byte[] bitmap = DeletionVectorBytes.bitmap(0, 2, 1000, 1999);
    ObjectNode vector = add.putObject("deletionVector");
    vector.put("storageType", "i").put("pathOrInlineDv", DeletionVectorBytes.z85(bitmap));
    vector.put("sizeInBytes", bitmap.length).put("cardinality", 4);
    old.remove("stats");
    old.put("deletionTimestamp", 1);
    Files.writeString(
        log.resolve("00000000000000000002.json"),
        "{\"remove\":" + old + "}\n{\"add\":" + add + "}\n");
  }

  @Test
  void rowsColumnsAndValuesAreLimited() {
    StringBuilder columns = new StringBuilder("id");
    for (int i = 0; i < 120; i++) {
      columns.append(", id + ").append(i).append(" AS c").append(i);
    }
    spark.sql(
        "CREATE TABLE " + delta("wide") + " USING delta AS SELECT " + columns + " FROM range(30)");
    share("wide");
    JsonNode wide = preview("wide", 30);
    assertThat(wide.path("columns")).hasSize(100);
    assertThat(wide.path("left_out_columns").asInt()).isEqualTo(21);
    assertThat(wide.path("rows")).hasSize(30);
    assertThat(wide.path("more").asBoolean()).isFalse();
    assertThat(server.done("GET", "/shares/s/tables/t/wide/preview", "").path("rows")).hasSize(20);
    assertThat(preview("wide", 29).path("more").asBoolean()).isTrue();
    spark.sql(
        "CREATE TABLE "
            + delta("long")
            + " USING delta AS SELECT repeat('x', 100000) AS text,"
            + " CAST(repeat('x', 100000) AS BINARY) AS bin, sequence(1, 1000) AS list");
    share("long");
    JsonNode cut = preview("long", 1);
    assertThat(cut.path("cut").asLong()).isEqualTo(3);
    assertThat(cut.at("/rows/0/0").asText()).isEqualTo("x".repeat(500) + "…");
    assertThat(cut.at("/rows/0/1").asText()).isEqualTo("78".repeat(250) + "…");
    assertThat(cut.at("/rows/0/2")).hasSize(50);
  }

  @Test
  void whatCannotBeReadIsSaid() throws IOException {
    spark.sql("CREATE TABLE " + delta("broken") + " USING delta AS SELECT 1 AS id");
    share("broken");
    try (Stream<Path> files = Files.list(table("broken"))) {
      Path file =
          files.filter(one -> one.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.write(file, new byte[] {1, 2, 3});
      HttpResponse<String> damaged = server.admin("GET", "/shares/s/tables/t/broken/preview", "");
      assertThat(damaged.statusCode()).isEqualTo(400);
      assertThat(ServerClient.message(damaged)).contains("s.t.broken", "a data file is damaged");
      Files.delete(file);
      HttpResponse<String> missing = server.admin("GET", "/shares/s/tables/t/broken/preview", "");
      assertThat(missing.statusCode()).isEqualTo(400);
      assertThat(ServerClient.message(missing))
          .contains("is missing")
          .doesNotContain(directory.toString());
    }
    for (String most : List.of("0", "101", "x", "-1")) {
      assertThat(
              server
                  .admin("GET", "/shares/s/tables/t/broken/preview?maxResults=" + most, "")
                  .statusCode())
          .isEqualTo(400);
    }
  }
}
