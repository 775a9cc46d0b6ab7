/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Columns whose type grew after files were written. Delta Lake for Spark 3.5 allows few of the
 * protocol's changes, so the log is written here by hand, and Spark's own CAST of the old files
 * says what is expected.
 */
class TypeWideningTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Name, old type, new type, an expression of the old type over {@code id}. */
  private static final List<String[]> CHANGES =
      List.of(
          new String[] {"b_s", "tinyint", "smallint", "id % 100 - 50"},
          new String[] {"b_l", "tinyint", "bigint", "id % 100 - 50"},
          new String[] {"s_i", "smallint", "int", "id * 3 - 500"},
          new String[] {"s_l", "smallint", "bigint", "id * 3 - 500"},
          new String[] {"i_l", "int", "bigint", "id * 1000003 - 2147483648"},
          new String[] {"i_d", "int", "double", "id * 1000003 - 2147483648"},
          new String[] {"b_d", "tinyint", "double", "id % 100"},
          new String[] {"f_d", "float", "double", "id / 3"},
          new String[] {"d_p", "decimal(5,2)", "decimal(9,2)", "id / 7"},
          new String[] {"d_ps", "decimal(5,2)", "decimal(12,4)", "id / 7"},
          new String[] {"d_big", "decimal(18,4)", "decimal(38,9)", "id * 12345.6789"},
          new String[] {"d_bin", "decimal(20,4)", "decimal(30,4)", "id * 12345.6789"},
          new String[] {"i_dec", "int", "decimal(15,3)", "id * 1000003 - 2147483648"},
          new String[] {"s_dec", "smallint", "decimal(10,0)", "id"},
          new String[] {"l_dec", "bigint", "decimal(25,2)", "id * 1000000007000000"},
          new String[] {
            "dt_ntz", "date", "timestamp_ntz", "date_add(DATE'1960-02-29', CAST(id * 40 AS INT))"
          },
          new String[] {
            "st",
            "struct<x:int,y:string>",
            "struct<x:bigint,y:string>",
            "named_struct('x', int(id), 'y', 'y')"
          },
          new String[] {
            "ar", "array<smallint>", "array<bigint>", "array(smallint(id), null, smallint(1))"
          },
          new String[] {
            "mp",
            "map<int,struct<f:float>>",
            "map<bigint,struct<f:double>>",
            "map(int(id), named_struct('f', float(id / 3)))"
          },
          new String[] {
            "nest",
            "array<array<int>>",
            "array<array<bigint>>",
            "array(array(int(id)), null, array())"
          },
          new String[] {"same", "string", "string", "concat('s', id)"});

  @TempDir static Path directory;
  static TestShare share;
  static Dataset<Row> expected;

  @BeforeAll
  static void write() throws IOException {
    SparkSession spark = TestSpark.session();
    Path table = directory.resolve("widened");
    Dataset<Row> old = file(table, "old", columns(1), 0);
    Dataset<Row> recent = file(table, "new", columns(2), 300);
    String schema =
        CHANGES.stream().map(c -> c[0] + " " + c[2]).collect(Collectors.joining(", "))
            + ", p bigint";
    writeLog(table, StructType.fromDDL(schema));
    List<String> casts =
        new ArrayList<>(
            CHANGES.stream().map(c -> "CAST(%s AS %s) AS %s".formatted(c[0], c[2], c[0])).toList());
    expected =
        old.selectExpr(with(casts, "bigint(7) AS p"))
            .unionAll(recent.selectExpr(with(casts, "bigint(5000000000) AS p")));
    share = TestShare.of(directory, List.of("widened"));
    assertThat(spark.read().parquet(table.resolve("old").toString()).count()).isEqualTo(301);
  }

  @AfterAll
  static void stop() {
    share.close();
  }

  private static String[] with(List<String> expressions, String last) {
    return Stream.concat(expressions.stream(), Stream.of(last)).toArray(String[]::new);
  }

  private static String[] columns(int type) {
    return CHANGES.stream()
        .map(c -> "IF(id %% 17 = 0, NULL, CAST(%s AS %s)) AS %s".formatted(c[3], c[type], c[0]))
        .toArray(String[]::new);
  }

  private static Dataset<Row> file(Path table, String name, String[] columns, long from) {
    String path = table.resolve(name).toString();
    TestSpark.session()
        .range(from, from + 301)
        .coalesce(1)
        .selectExpr(columns)
        .write()
        .parquet(path);
    return TestSpark.session().read().parquet(path);
  }

  private static void writeLog(Path table, StructType schema) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"typeWidening\",\"timestampNtz\"],"
            + "\"writerFeatures\":[\"typeWidening\",\"timestampNtz\"]}}");
    ObjectNode metadata = JSON.createObjectNode();
    ObjectNode inner = metadata.putObject("metaData");
    inner.put("id", "11111111-2222-3333-4444-555555555555");
    inner.putObject("format").put("provider", "parquet").putObject("options");
    inner.put("schemaString", schema.json());
    inner.putArray("partitionColumns").add("p");
    inner.putObject("configuration").put("delta.enableTypeWidening", "true");
    inner.put("createdTime", 1_700_000_000_000L);
    lines.add(metadata.toString());
    for (int i : IntStream.range(0, 2).toArray()) {
      Path file = parquetFile(table.resolve(i == 0 ? "old" : "new"));
      ObjectNode line = JSON.createObjectNode();
      ObjectNode add = line.putObject("add");
      add.put("path", table.relativize(file).toString());
      add.putObject("partitionValues").put("p", i == 0 ? "7" : "5000000000");
      add.put("size", Files.size(file));
      add.put("modificationTime", 1_700_000_000_000L);
      add.put("dataChange", true);
      lines.add(line.toString());
    }
    Path log = Files.createDirectories(table.resolve("_delta_log"));
    Files.write(log.resolve("00000000000000000000.json"), lines);
  }

  private static Path parquetFile(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }

  @ParameterizedTest(name = "columnar {0}")
  @ValueSource(booleans = {true, false})
  void oldFilesAreReadInTheNewTypes(boolean columnar) {
    TestSpark.session().conf().set("spark.sql.parquet.enableVectorizedReader", columnar);
    try {
      Rows.assertSame(share.read("widened"), expected);
      for (String[] change : CHANGES) {
        Rows.assertSame(share.read("widened").select(change[0]), expected.select(change[0]));
      }
      Rows.assertSame(
          share.read("widened").selectExpr("st.x", "mp[301].f", "ar[0]", "p"),
          expected.selectExpr("st.x", "mp[301].f", "ar[0]", "p"));
    } finally {
      TestSpark.session().conf().unset("spark.sql.parquet.enableVectorizedReader");
    }
  }
}
