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
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
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
    byte[] nested = file(rows(0, 1, "id, MAP(STRUCT(id), id) AS items"), "nested");
    assertThat(client.refused(400, nested, "file_name", "nested.parquet"))
        .contains("Column 'items'")
        .contains("MAP");
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

  /** Nulls, and nothing, at each level; types in types. */
  private static final String NESTED =
      "id, IF(id % 7 = 0, NULL, NAMED_STRUCT('a', IF(id % 3 = 0, NULL, id), 'b',"
          + " IF(id % 5 = 0, NULL, NAMED_STRUCT('day', DATE'2024-02-29', 'price',"
          + " CAST(id AS DECIMAL(20,2)))))) AS s,"
          + " CASE id % 6 WHEN 0 THEN NULL WHEN 1 THEN ARRAY() WHEN 2 THEN ARRAY(NULL)"
          + " ELSE TRANSFORM(SEQUENCE(1, id), i -> IF(i % 4 = 0, NULL, CONCAT('t', i))) END AS l,"
          + " CASE id % 5 WHEN 0 THEN NULL WHEN 1 THEN MAP() ELSE MAP_FROM_ARRAYS("
          + "SEQUENCE(0, id % 5), TRANSFORM(SEQUENCE(0, id % 5), i -> IF(i = 1, NULL, i / 7)))"
          + " END AS m,"
          + " TRANSFORM(SEQUENCE(0, id % 4), i -> IF(i = 2, NULL, NAMED_STRUCT('x', IF(i = 1, NULL,"
          + " MAP('k', ARRAY(i, NULL), 'e', ARRAY(), 'n', NULL)), 'y', ARRAY(ARRAY(i), NULL, ARRAY())"
          + "))) AS deep,"
          + " ARRAY(STRUCT(CAST(id AS TINYINT) AS t, CAST('b' AS BINARY) AS v, 1.5F AS f,"
          + " TIMESTAMP'2024-05-06T07:08:09.123456Z' AS at)) AS kinds";

  /** With nulls, so that a struct of them is none that is null. */
  private static List<String> whole(Dataset<Row> rows) {
    return rows.orderBy("id")
        .selectExpr("to_json(struct(*), map('ignoreNullFields', 'false')) AS json")
        .as(Encoders.STRING())
        .collectAsList();
  }

  @Test
  void partsAreThoseThatSparkReadsFromTheFile() throws Exception {
    String token = server.recipient("nested").toString();
    Path profile = directory.resolve("nested.share");
    Files.writeString(profile, token);
    for (String legacy : List.of("false", "true")) {
      String name = "nested_" + legacy;
      byte[] file;
      TestSpark.session().conf().set("spark.sql.parquet.writeLegacyFormat", legacy);
      try {
        // A blank takes column mapping, of all that is in arrays and maps too.
        file =
            file(
                rows(0, 200, legacy.equals("true") ? NESTED.replace("'y'", "'y z'") : NESTED),
                name);
      } finally {
        TestSpark.session().conf().unset("spark.sql.parquet.writeLegacyFormat");
      }
      Dataset<Row> expected =
          TestSpark.session().read().parquet(directory.resolve(name).toString());
      JsonNode made =
          PublicationClient.done(
              client.send(
                  file, "file_name", name + ".parquet", "share", "files", "recipients", "nested"));
      assertThat(delta(made).schema().simpleString()).isEqualTo(expected.schema().simpleString());
      assertThat(whole(delta(made))).hasSize(200).isEqualTo(whole(expected));
      Dataset<Row> shared =
          TestSpark.session()
              .read()
              .format("deltaSharing")
              .load(profile + "#files.default." + name);
      assertThat(whole(shared)).isEqualTo(whole(expected));
      assertThat(whole(shared.where("s.a > 100 AND l[0] = 't1'")))
          .isNotEmpty()
          .isEqualTo(whole(expected.where("s.a > 100 AND l[0] = 't1'")));
    }
  }

  @Test
  void partsAreAddedShownAndMapped() throws Exception {
    String columns = "id, NAMED_STRUCT('a b', CAST(%s AS INT), 'l', ARRAY('x', NULL)) AS s";
    byte[] file = file(rows(0, 2, columns.formatted("id")), "parts");
    JsonNode preview =
        PublicationClient.done(
            client.send(file, "file_name", "parts.parquet", "validate_only", "true"));
    assertThat(preview.at("/columns/1/type").asText())
        .isEqualTo("struct<a b:integer,l:array<string>>");
    assertThat(preview.at("/first_rows/1/1").asText()).isEqualTo("{\"a b\":1,\"l\":[\"x\",null]}");
    JsonNode made = PublicationClient.done(client.send(file, "file_name", "parts.parquet"));
    assertThat(made.at("/file_format/response_format").asText()).isEqualTo("delta");
    byte[] narrow =
        file(rows(2, 3, columns.formatted("id").replace("AS INT", "AS SMALLINT")), "narrow");
    PublicationClient.done(client.send(narrow, "name", "parts", "mode", "append"));
    assertThat(delta(made).orderBy("id").selectExpr("s.`a b`", "s.l[0]").collectAsList())
        .hasToString("[[0,x], [1,x], [2,x]]");
    byte[] other = file(rows(0, 1, "id, NAMED_STRUCT('b', id) AS s"), "other");
    assertThat(client.refused(400, other, "name", "parts", "mode", "append"))
        .contains("is struct<b:long>, and that of the table struct<a b:integer,l:array<string>>");
    client.refused(400, "id,s\n1,x\n", "name", "parts", "mode", "append");
    PublicationClient.done(client.send(other, "name", "parts", "mode", "replace"));
    assertThat(delta(made).collectAsList()).hasToString("[[0,[0]]]");
  }

  /** Lists and maps of older writers are what Spark takes them for. */
  @Test
  void listsAndMapsOfOlderWritersAreReadAsSparkReadsThem() throws Exception {
    String[] shapes = {
      "optional group c (LIST) { repeated int32 e; }",
      "optional group c (LIST) { repeated group array { optional int32 e; } }",
      "optional group c (LIST) { repeated group c_tuple { optional int32 e; } }",
      "optional group c (LIST) { repeated group bag { optional int32 array; } }",
      "optional group c (LIST) { repeated group x { optional int32 a; optional int32 b; } }",
      "repeated int32 c;",
      "repeated group c { optional int32 a; }",
      "optional group c (MAP_KEY_VALUE) { repeated group map { required int32 k; optional int32 v; } }",
      "optional group c (MAP) { repeated group map (MAP_KEY_VALUE) { required int32 k; optional int32 v; } }"
    };
    for (String shape : shapes) {
      MessageType schema =
          MessageTypeParser.parseMessageType("message m { required int32 id; " + shape + " }");
      Path file = directory.resolve("shape.parquet");
      Files.deleteIfExists(file);
      try (ParquetWriter<Group> writer =
          ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
              .withType(schema)
              .build()) {
        for (int i = 0; i < 6; i++) {
          Group row = new SimpleGroup(schema).append("id", i);
          Type c = schema.getType("c");
          Group list = i > 0 && !c.isRepetition(Type.Repetition.REPEATED) ? row.addGroup("c") : row;
          for (int e = 1; e < i; e++) {
            fill(list, list == row ? 1 : 0, e);
          }
          writer.write(row);
        }
      }
      Dataset<Row> expected = TestSpark.session().read().parquet(file.toString());
      JsonNode made =
          PublicationClient.done(
              client.send(Files.readAllBytes(file), "file_name", "shape.parquet"));
      assertThat(delta(made).schema().simpleString())
          .as(shape)
          .isEqualTo(expected.schema().simpleString());
      assertThat(whole(delta(made))).as(shape).isEqualTo(whole(expected));
      server.admin("DELETE", "/publications/shape?purge=true", "");
    }
  }

  private static void fill(Group group, int field, int element) {
    if (group.getType().getType(field).isPrimitive()) {
      group.add(field, element);
    } else {
      Group inner = group.addGroup(field);
      for (int i = 0; i < inner.getType().getFieldCount(); i++) {
        if (i == 0 && inner.getType().getType(0).isRepetition(Type.Repetition.REQUIRED)
            || element % 3 > 0) {
          inner.add(i, element);
        }
      }
    }
  }
}
