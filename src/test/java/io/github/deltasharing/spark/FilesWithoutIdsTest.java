/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static io.github.deltasharing.testing.WrittenLog.add;
import static io.github.deltasharing.testing.WrittenLog.metadata;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import io.github.deltasharing.testing.WrittenLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of tables in column mapping mode {@code id} that have no field ids, or not of all columns,
 * as writers leave them that know names alone. Delta Lake says what is right.
 */
class FilesWithoutIdsTest {
  private static final String PUSHDOWN = "spark.sql.parquet.filterPushdown";
  private static final String VECTORS = "spark.sql.parquet.enableVectorizedReader";
  private static final String COLUMN =
      "{\"name\":\"%s\",\"type\":%s,\"nullable\":true,\"metadata\":{\"delta.columnMapping.id\":%d,\"delta.columnMapping.physicalName\":\"%1$s\"}}";
  private static final String STRUCT = "{\"type\":\"struct\",\"fields\":[%s]}";

  @TempDir Path directory;

  @AfterEach
  void reset() {
    TestSpark.session().conf().unset(VECTORS);
    TestSpark.session().conf().unset(PUSHDOWN);
  }

  /** A table {@code t} of three rows whose file has these ids; none for 0. */
  private TestShare share(int id, int a, int s, int x) throws IOException {
    StructType schema =
        new StructType(
            new StructField[] {
              field("id", DataTypes.LongType, id),
              field("a", DataTypes.LongType, a),
              field("s", new StructType(new StructField[] {field("x", DataTypes.LongType, x)}), s)
            });
    Dataset<Row> rows =
        TestSpark.session()
            .range(0, 3, 1, 1)
            .selectExpr("id", "id + 10 AS a", "IF(id = 1, NULL, named_struct('x', id + 20)) AS s");
    Path written = directory.resolve("written");
    TestSpark.session()
        .createDataFrame(rows.toJavaRDD(), schema)
        .coalesce(1)
        .write()
        .parquet(written.toString());
    Path table = Files.createDirectories(directory.resolve("t"));
    try (Stream<Path> files = Files.list(written)) {
      Path file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.copy(file, table.resolve("f.parquet"));
    }
    new WrittenLog(table)
        .commit(
            0,
            "{\"protocol\":{\"minReaderVersion\":2,\"minWriterVersion\":5}}",
            metadata(
                STRUCT.formatted(
                    String.join(
                        ",",
                        COLUMN.formatted("id", "\"long\"", 1),
                        COLUMN.formatted("a", "\"long\"", 2),
                        COLUMN.formatted(
                            "s", STRUCT.formatted(COLUMN.formatted("x", "\"long\"", 4)), 3))),
                Map.of("delta.columnMapping.mode", "id", "delta.columnMapping.maxColumnId", "4")),
            add("f.parquet", Files.size(table.resolve("f.parquet"))));
    return TestShare.of(directory, List.of("t"));
  }

  private static StructField field(String name, DataType type, int id) {
    Metadata metadata =
        id == 0 ? Metadata.empty() : new MetadataBuilder().putLong("parquet.field.id", id).build();
    return new StructField(name, type, true, metadata);
  }

  private static Dataset<Row> read(TestShare share) {
    return share.read("t", Map.of("responseFormat", "delta"));
  }

  private Dataset<Row> delta() {
    return TestSpark.session().read().format("delta").load(directory.resolve("t").toString());
  }

  @Test
  void aFileWithoutAnyIsRefusedAsByDeltaLake() throws IOException {
    try (TestShare share = share(0, 0, 0, 0)) {
      for (boolean vectors : new boolean[] {true, false}) {
        TestSpark.session().conf().set(VECTORS, vectors);
        assertThatThrownBy(() -> delta().collectAsList()).hasMessageContaining("field Ids");
        // The last is of no row, by the names that the file has.
        for (String filter : List.of("true", "a = 11", "s.x IS NULL", "a > 1000")) {
          assertThatThrownBy(() -> read(share).filter(filter).collectAsList())
              .as(filter)
              .hasMessageContaining("share.schema.t")
              .hasMessageContaining("it has no field ids")
              .hasMessageContaining("Ask the provider");
        }
      }
      assertThat(read(share).count()).isEqualTo(3);
    }
  }

  /**
   * What has no id is not there, whatever its name is; what has one is found by it. Delta Lake's
   * rows are those of its row reader without pushed filters, which it finds by name.
   */
  @ParameterizedTest
  @CsvSource({"1,0,0,0", "0,2,0,4", "0,0,3,4", "0,0,0,4", "2,1,0,0"})
  void columnsWithoutOneAreNull(int id, int a, int s, int x) throws IOException {
    try (TestShare share = share(id, a, s, x)) {
      for (String filter :
          List.of("true", "a = 11", "a IS NULL", "id < 12", "s IS NULL", "s.x = 22")) {
        TestSpark.session().conf().set(VECTORS, false);
        TestSpark.session().conf().set(PUSHDOWN, false);
        List<String> expected = Rows.of(delta().filter(filter));
        TestSpark.session().conf().unset(PUSHDOWN);
        for (boolean vectors : new boolean[] {true, false}) {
          TestSpark.session().conf().set(VECTORS, vectors);
          assertThat(Rows.of(read(share).filter(filter))).as(filter).isEqualTo(expected);
        }
      }
    }
  }

  /** Delta Lake takes a struct of which it reads nothing for null, here as for structs of names. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStructOfColumnsWithoutOneIsStillThere(boolean vectors) throws IOException {
    try (TestShare share = share(1, 0, 3, 0)) {
      TestSpark.session().conf().set(VECTORS, vectors);
      assertThat(Rows.of(read(share)))
          .containsExactly(
              "{id=Long:0, a=null, s={x=null}}",
              "{id=Long:1, a=null, s=null}",
              "{id=Long:2, a=null, s={x=null}}");
      assertThat(Rows.of(read(share).filter("s IS NULL").select("id")))
          .containsExactly("{id=Long:1}");
    }
  }
}
