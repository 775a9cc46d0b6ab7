/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet files that were published, against what Spark reads from the files themselves. */
class PublishedParquetTest {
  private static final String COLUMNS =
      "id AS `Order Id`, CAST(id AS TINYINT) AS tiny, CAST(id AS SMALLINT) AS small,"
          + " CAST(id AS INT) AS whole, id % 2 = 0 AS even, CAST(id / 3 AS FLOAT) AS single,"
          + " IF(id = 7, DOUBLE('NaN'), id / 7) AS ratio,"
          + " CAST(id / 4 AS DECIMAL(9,2)) AS price,"
          + " CAST(id / 4 AS DECIMAL(18,4)) AS longer,"
          + " CAST(id AS DECIMAL(38,10)) AS longest,"
          + " DATE_ADD(DATE'2024-02-29', CAST(id AS INT)) AS day,"
          + " TIMESTAMP'1969-12-31T23:59:59.999999Z' + MAKE_INTERVAL(0,0,0,CAST(id AS INT)) AS at,"
          + " TIMESTAMP_NTZ'2024-01-01T00:00:00.000001' AS local,"
          + " IF(id % 3 = 0, NULL, CONCAT('n\u00e4me ', id)) AS name,"
          + " CAST(CONCAT('b', id) AS BINARY) AS bytes";

  @TempDir static Path directory;
  private static ProviderServer server;
  private static PublicationClient client;

  @BeforeAll
  static void start() {
    server = ProviderServer.start(directory, new MovableClock(), config -> {});
    client = new PublicationClient(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static byte[] file(Dataset<Row> rows, String name) throws IOException {
    Path target = directory.resolve(name);
    rows.coalesce(1).write().mode("overwrite").parquet(target.toString());
    try (Stream<Path> files = Files.list(target)) {
      Path file =
          files.filter(one -> one.toString().endsWith(".parquet")).findFirst().orElseThrow();
      return Files.readAllBytes(file);
    }
  }

  private static Dataset<Row> rows(int from, int to, String columns) {
    return TestSpark.session().sql("SELECT " + columns + " FROM range(" + from + ", " + to + ")");
  }

  private static Dataset<Row> delta(JsonNode publication) {
    return TestSpark.session().read().format("delta").load(client.location(publication).toString());
  }

  /** With bytes in Base64. */
  private static List<String> texts(Dataset<Row> rows) {
    return rows.orderBy(rows.columns()[0]).toJSON().collectAsList();
  }

  private static List<Row> sorted(Dataset<Row> rows) {
    return rows.orderBy(rows.columns()[0]).collectAsList();
  }

  @Test
  void rowsAndTypesAreThoseThatSparkReadsFromTheFile() throws Exception {
    byte[] file = file(rows(0, 100, COLUMNS), "types");
    Dataset<Row> expected =
        TestSpark.session().read().parquet(directory.resolve("types").toString());
    JsonNode preview =
        PublicationClient.done(
            client.send(file, "file_name", "types.parquet", "validate_only", "true"));
    assertThat(preview.path("format").asText()).isEqualTo("parquet");
    assertThat(preview.path("rows").asLong()).isEqualTo(100);
    assertThat(preview.path("problems")).isEmpty();
    assertThat(preview.at("/first_rows/1/7").asText()).isEqualTo("0.25");
    assertThat(preview.at("/columns/7").toString())
        .isEqualTo("{\"name\":\"price\",\"type\":\"decimal(9,2)\"}");
    JsonNode recipient = server.recipient("parquet");
    JsonNode made =
        PublicationClient.done(
            client.send(
                file, "file_name", "types.parquet", "share", "files", "recipients", "parquet"));
    assertThat(made.at("/file_format/format").asText()).isEqualTo("parquet");
    Dataset<Row> table = delta(made);
    assertThat(table.schema().toDDL()).isEqualTo(expected.schema().toDDL());
    assertThat(texts(table)).hasSize(100).isEqualTo(texts(expected));
    Path profile = directory.resolve("config.share");
    Files.writeString(profile, recipient.toString());
    Dataset<Row> shared =
        TestSpark.session().read().format("deltaSharing").load(profile + "#files.default.types");
    assertThat(texts(shared)).isEqualTo(texts(expected));
    for (String condition :
        List.of(
            "single > 30",
            "ratio > 100",
            "tiny = 99",
            "price = 24.75",
            "at = TIMESTAMP'1969-12-31T23:59:59.999999Z'",
            "name = 'n\u00e4me 98'")) {
      assertThat(table.where(condition).count())
          .as(condition)
          .isEqualTo(expected.where(condition).count())
          .isPositive();
    }
  }

  @Test
  void oldTimesAndOtherFilesAreAddedByName() throws Exception {
    TestSpark.session().conf().set("spark.sql.parquet.outputTimestampType", "INT96");
    byte[] old;
    try {
      old =
          file(
              rows(0, 3, "id, TIMESTAMP'2024-05-06T07:08:09.123456Z' AS at, 'x' AS `a name`"),
              "int96");
    } finally {
      TestSpark.session().conf().unset("spark.sql.parquet.outputTimestampType");
    }
    List<Row> expected =
        sorted(TestSpark.session().read().parquet(directory.resolve("int96").toString()));
    JsonNode made = PublicationClient.done(client.send(old, "file_name", "old.parquet"));
    assertThat(sorted(delta(made))).isEqualTo(expected);
    byte[] more = file(rows(3, 5, "'y' AS `A NAME`, CAST(id AS INT) AS ID"), "more");
    PublicationClient.done(client.send(more, "name", "old", "mode", "append"));
    client.done("id,a name\n5,z\n", "name", "old", "mode", "append");
    assertThat(sorted(delta(made).select("id", "a name")).toString())
        .isEqualTo("[[0,x], [1,x], [2,x], [3,y], [4,y], [5,z]]");
    byte[] wider = file(rows(0, 1, "id + 0.5 AS id"), "wider");
    assertThat(client.refused(400, wider, "name", "old", "mode", "append"))
        .contains("Column 'id'")
        .contains("long");
    JsonNode replaced =
        PublicationClient.done(client.send(wider, "name", "old", "mode", "replace"));
    assertThat(sorted(delta(replaced)).toString()).isEqualTo("[[0.5]]");
  }

  @Test
  void whatItCannotHaveIsRefusedAndLeavesNothing() throws Exception {
    byte[] nested = file(rows(0, 1, "id, ARRAY(id) AS items"), "nested");
    assertThat(client.refused(400, nested, "file_name", "nested.parquet"))
        .contains("Column 'items'")
        .contains("LIST");
    byte[] plain = file(rows(0, 10, "id"), "plain");
    assertThat(client.refused(400, plain, "file_name", "p.parquet", "types", "{\"id\":\"long\"}"))
        .contains("leave out types");
    byte[] cut = java.util.Arrays.copyOf(plain, plain.length - 5);
    assertThat(client.refused(400, cut, "file_name", "p.parquet")).contains("cut off");
    client.done("PAR1\n1\n", "file_name", "letters.csv");
    byte[] ancient =
        file(rows(0, 3, "IF(id = 2, DATE'1500-01-01', DATE'2000-01-01') AS day"), "ancient");
    assertThat(client.refused(400, ancient, "file_name", "p.parquet"))
        .contains("Row 3")
        .contains("'day'")
        .contains("1582");
    JsonNode preview =
        PublicationClient.done(
            client.send(ancient, "file_name", "p.parquet", "validate_only", "true"));
    assertThat(preview.at("/problems/0").asText()).contains("Row 3");
    assertThat(server.admin("GET", "/publications/p", "").statusCode()).isEqualTo(404);
  }
}
