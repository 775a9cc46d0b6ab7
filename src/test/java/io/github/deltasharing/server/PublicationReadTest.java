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
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was published, as Delta Lake reads it and as a recipient does. */
class PublicationReadTest {
  private static final String TYPES =
      """
      Order Id,amount,exact,ratio,paid,day,at,"local, time",note
      1,9.50,12345678901234567890,1.5e3,true,2024-02-29,2024-01-01T00:00:00.123456+02:00,2024-01-01T12:00:00,plain
      2,,,,,,,,
      -3,-0.25,-1,-2e-3,false,1582-10-15,1999-12-31T23:59:59Z,1900-01-01T00:00:00,"a ""quote"", and
      a line"
      4,10.00,0,0,TRUE,9999-12-31,2038-01-19T03:14:08Z,2024-06-01T00:00:00.000001,x
      """;
  private static final String SCHEMA =
      "`Order Id` BIGINT, amount DECIMAL(4,2), exact DECIMAL(20,0), ratio DOUBLE, paid BOOLEAN,"
          + " day DATE, at TIMESTAMP, `local, time` TIMESTAMP_NTZ, note STRING";

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

  private static Dataset<Row> delta(JsonNode publication, long version) {
    return TestSpark.session()
        .read()
        .format("delta")
        .option("versionAsOf", version)
        .load(client.location(publication).toString());
  }

  private static Dataset<Row> delta(JsonNode publication) {
    return delta(publication, publication.path("table_version").asLong());
  }

  @Test
  void rowsAreThoseThatSparkReadsFromTheFile() throws Exception {
    Path file = directory.resolve("types.csv");
    Files.writeString(file, TYPES);
    List<Row> expected =
        TestSpark.session()
            .read()
            .schema(SCHEMA)
            .option("header", true)
            .option("multiLine", true)
            .option("escape", "\"")
            .csv(file.toString())
            .orderBy("Order Id")
            .collectAsList();
    assertThat(expected).hasSize(4);
    JsonNode recipient = server.recipient("acme");
    JsonNode made =
        client.done(TYPES, "file_name", "types.csv", "share", "retail", "recipients", "acme");
    Dataset<Row> table = delta(made);
    assertThat(table.schema().toDDL()).isEqualTo(StructType.fromDDL(SCHEMA).toDDL());
    assertThat(table.orderBy("Order Id").collectAsList()).isEqualTo(expected);
    Path profile = directory.resolve("config.share");
    Files.writeString(profile, recipient.toString());
    Dataset<Row> shared =
        TestSpark.session().read().format("deltaSharing").load(profile + "#retail.default.types");
    assertThat(shared.orderBy("Order Id").collectAsList()).isEqualTo(expected);
    assertThat(shared.where("`local, time` > TIMESTAMP_NTZ'2024-01-01 12:00:00'").count())
        .isEqualTo(1);
    assertThat(table.where("at = TIMESTAMP'2023-12-31T22:00:00.123456Z'").count()).isEqualTo(1);
  }

  @Test
  void versionsAreAddedToAndReplacedByOthers() {
    client.done("id,name\n1,a\n2,b\n", "name", "versions");
    client.done("NAME,id\nc,3\n", "name", "versions", "mode", "append");
    JsonNode mapped =
        client.done("id no,at\nx,2024-01-01T00:00\n", "name", "versions", "mode", "replace");
    client.done("at\n2025-01-01T00:00\n", "name", "versions", "mode", "append");
    JsonNode plain = client.done("id\n7\n", "name", "versions", "mode", "replace");
    assertThat(delta(plain, 0).orderBy("id").collectAsList()).hasToString("[[1,a], [2,b]]");
    assertThat(delta(plain, 1).orderBy("id").collectAsList()).hasToString("[[1,a], [2,b], [3,c]]");
    assertThat(delta(mapped, 2).columns()).containsExactly("id no", "at");
    assertThat(delta(plain, 3).orderBy("at").collectAsList())
        .hasToString("[[x,2024-01-01T00:00], [null,2025-01-01T00:00]]");
    assertThat(delta(plain).columns()).containsExactly("id");
    assertThat(delta(plain).collectAsList()).hasToString("[[7]]");
    String history =
        TestSpark.session()
            .sql("DESCRIBE HISTORY delta.`" + client.location(plain) + "`")
            .orderBy("version")
            .select("operation")
            .collectAsList()
            .toString();
    assertThat(history).isEqualTo("[[CREATE TABLE AS SELECT], [WRITE], [WRITE], [WRITE], [WRITE]]");
  }

  @Test
  void otherWritersMayWriteToIt() {
    JsonNode made = client.done("id,name\n1,a\n", "name", "others");
    String table = "delta.`" + client.location(made) + "`";
    TestSpark.session().sql("INSERT INTO " + table + " VALUES (2, 'b')");
    JsonNode added = client.done("id,name\n3,c\n", "name", "others", "mode", "append");
    assertThat(added.path("table_version").asLong()).isEqualTo(2);
    assertThat(delta(added).count()).isEqualTo(3);
    TestSpark.session()
        .sql("ALTER TABLE " + table + " SET TBLPROPERTIES ('delta.enableDeletionVectors' = true)");
    assertThat(client.refused(409, "id,name\n4,d\n", "name", "others", "mode", "append"))
        .contains("another writer");
    JsonNode empty = client.done("a,b\n", "name", "empty");
    assertThat(delta(empty).columns()).containsExactly("a", "b");
    assertThat(delta(empty).count()).isZero();
  }

  @Test
  void randomTablesComeBackAsTheyWere() throws Exception {
    long seed = Long.getLong("publication.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < Integer.getInteger("publication.tables", 5); i++) {
      RandomCsv csv = new RandomCsv(random);
      JsonNode made =
          PublicationClient.done(
              client.send(
                  csv.bytes(), "name", "random " + i, "header", "true", "null_texts", "NULL"));
      Dataset<Row> table = delta(made);
      String description = "table %d of -Dpublication.seed=%d".formatted(i, seed);
      List<List<String>> read =
          table
              .select(
                  Arrays.stream(table.columns())
                      .map(name -> functions.col("`" + name + "`").cast("string"))
                      .toArray(Column[]::new))
              .collectAsList()
              .stream()
              .map(row -> IntStream.range(0, row.size()).mapToObj(row::getString).toList())
              .toList();
      assertThat(read).as(description).isEqualTo(csv.expected());
      int at = random.nextInt(csv.width());
      // The first row has no nulls.
      String value = csv.expected().get(0).get(at);
      Column column = functions.col("`" + table.columns()[at] + "`");
      // Files are skipped by their statistics.
      assertThat(
              table
                  .where(
                      column.equalTo(
                          functions.lit(value).cast(table.schema().apply(at).dataType())))
                  .count())
          .as(description + ", column " + at)
          .isEqualTo(csv.expected().stream().filter(row -> value.equals(row.get(at))).count());
    }
  }

  /** A table of texts in Spark's spelling, and a file of it in any of the ways there are. */
  private static final class RandomCsv {
    private static final String[] WORDS = {
      "x",
      "",
      " ",
      "a,b",
      "a;b",
      "\"",
      "\"\"",
      "it's",
      "line\nend",
      "tab\tb",
      "|",
      "ü€",
      "NULLS",
      "0012",
      "+1",
      "a".repeat(40),
      "\uD83D\uDE00".repeat(33),
      "z\u0301",
      "-"
    };
    private static final String DELIMITERS = ",;\t|";
    private final Random random;
    private final List<List<String>> expected = new ArrayList<>();
    private final int width;
    private final String text;
    private final Charset charset;

    RandomCsv(Random random) {
      this.random = random;
      this.width = 1 + random.nextInt(8);
      this.charset = random.nextInt(3) == 0 ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
      int[] kinds = random.ints(width, 0, 7).toArray();
      int scale = 1 + random.nextInt(6);
      int rows = 1 + random.nextInt(300);
      for (int i = 0; i < rows; i++) {
        List<String> row = new ArrayList<>();
        for (int kind : kinds) {
          // The first row has no null: the kinds are to be found.
          row.add(i > 0 && random.nextInt(5) == 0 ? null : value(kind, scale));
        }
        expected.add(row);
      }
      this.text =
          text(
              DELIMITERS.charAt(random.nextInt(DELIMITERS.length())),
              random.nextBoolean() ? "\n" : "\r\n");
    }

    int width() {
      return width;
    }

    List<List<String>> expected() {
      return expected;
    }

    byte[] bytes() {
      return ("\uFEFF" + text).getBytes(charset);
    }

    /** Of one kind all values have one spelling. */
    private String value(int kind, int scale) {
      return switch (kind) {
        case 0 -> String.valueOf(random.nextLong());
        case 1 ->
            new BigDecimal(random.nextInt()).movePointLeft(scale).setScale(scale).toPlainString();
        case 2 -> String.valueOf(random.nextBoolean());
        case 3 -> LocalDate.of(1600, 1, 1).plusDays(random.nextInt(200_000)).toString();
        case 4 -> "2024-05-06 07:08:" + (10 + random.nextInt(50)) + "." + (1 + random.nextInt(9));
        case 5 -> WORDS[random.nextInt(WORDS.length)] + random.nextInt(9);
        default -> WORDS[random.nextInt(WORDS.length)];
      };
    }

    private String text(char delimiter, String end) {
      StringBuilder csv = new StringBuilder();
      for (int i = 0; i < width; i++) {
        csv.append(i == 0 ? "" : delimiter).append("name ").append(i);
      }
      for (List<String> row : expected) {
        csv.append(end);
        for (int i = 0; i < width; i++) {
          csv.append(i == 0 ? "" : delimiter).append(field(row.get(i), delimiter));
        }
      }
      return csv.toString();
    }

    private String field(String value, char delimiter) {
      if (value == null) {
        return width == 1 || random.nextBoolean() ? "NULL" : "";
      }
      // Of one column nothing tells which of them it is: all are quoted.
      String delimiters = width == 1 ? DELIMITERS : String.valueOf(delimiter);
      boolean plain =
          !value.isEmpty()
              && value.chars().noneMatch(one -> delimiters.indexOf(one) >= 0)
              && value.indexOf('"') < 0
              && value.indexOf('\n') < 0;
      return plain && random.nextInt(3) > 0 ? value : "\"" + value.replace("\"", "\"\"") + "\"";
    }
  }
}
