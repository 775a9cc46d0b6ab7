/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static io.github.deltasharing.testing.WrittenLog.PROTOCOL;
import static io.github.deltasharing.testing.WrittenLog.add;
import static io.github.deltasharing.testing.WrittenLog.field;
import static io.github.deltasharing.testing.WrittenLog.metadata;
import static io.github.deltasharing.testing.WrittenLog.remove;
import static org.assertj.core.api.Assertions.assertThat;

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
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of writers other than Delta Lake on Spark: the same rows as Delta Lake reads. */
class WrittenLogsTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final String STRUCT = "{\"type\":\"struct\",\"fields\":[%s]}";

  @TempDir static Path directory;

  /** A Parquet file of three rows: {@code id}, and {@code s} with {@code a}. */
  private static Path data;

  @BeforeAll
  static void write() throws IOException {
    Path written = directory.resolve("data");
    SPARK
        .range(0, 3, 1, 1)
        .selectExpr("id", "named_struct('a', id) AS s")
        .write()
        .parquet(written.toString());
    try (Stream<Path> files = Files.list(written)) {
      data = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }

  private static WrittenLog table(String name, String... files) throws IOException {
    Path table = Files.createDirectories(directory.resolve(name));
    for (String file : files) {
      Files.copy(data, table.resolve(file));
    }
    return new WrittenLog(table);
  }

  private static Dataset<Row> delta(String table) {
    return SPARK.read().format("delta").load(directory.resolve(table).toString());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "void_top | \"void\"",
        "void_old | \"null\"",
        "void_in_struct | {\"type\":\"struct\",\"fields\":[%1$s,%2$s]}",
      })
  void voidColumnsAreLeftOutAsByDeltaLake(String name, String type) throws IOException {
    String s = type.formatted(field("a", "\"long\""), field("nothing", "\"void\""));
    WrittenLog log = table(name, "f.parquet");
    log.commit(
        0,
        PROTOCOL,
        metadata(STRUCT.formatted(field("id", "\"long\"") + "," + field("s", s))),
        add("f.parquet", Files.size(data)));
    try (TestShare share = TestShare.withHistory(directory, List.of(name))) {
      Rows.assertSame(share.read(name), delta(name));
      Rows.assertSame(share.read(name, Map.of("responseFormat", "delta")), delta(name));
    }
  }

  /**
   * The file has the struct, of which nothing is left to read: it is there. Delta Lake on this
   * Spark has null, as for every struct of which it reads nothing.
   */
  @Test
  void aStructOfNothingButVoidIsStillThere() throws IOException {
    table("void_alone_in_struct", "f.parquet")
        .commit(
            0,
            PROTOCOL,
            metadata(
                STRUCT.formatted(
                    field("id", "\"long\"")
                        + ","
                        + field(
                            "s",
                            "{\"type\":\"struct\",\"fields\":[%s]}"
                                .formatted(field("nothing", "\"void\""))))),
            add("f.parquet", Files.size(data)));
    try (TestShare share = TestShare.withHistory(directory, List.of("void_alone_in_struct"))) {
      assertThat(Rows.of(share.read("void_alone_in_struct").selectExpr("id", "s IS NULL AS n")))
          .containsExactly(
              "{id=Long:0, n=Boolean:false}",
              "{id=Long:1, n=Boolean:false}",
              "{id=Long:2, n=Boolean:false}");
    }
  }

  /** Delta Lake refuses them; no file can hold a value, so nothing is lost without them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "void_list | {\"type\":\"array\",\"elementType\":\"void\",\"containsNull\":true}",
        "void_map | {\"type\":\"map\",\"keyType\":\"string\",\"valueType\":\"void\",\"valueContainsNull\":true}",
      })
  void listsAndMapsOfVoidAreLeftOut(String name, String type) throws IOException {
    table(name, "f.parquet")
        .commit(
            0,
            PROTOCOL,
            metadata(STRUCT.formatted(field("id", "\"long\"") + "," + field("v", type))),
            add("f.parquet", Files.size(data)));
    try (TestShare share = TestShare.withHistory(directory, List.of(name))) {
      Dataset<Row> read = share.read(name);
      assertThat(read.columns()).containsExactly("id");
      assertThat(Rows.of(read)).containsExactly("{id=Long:0}", "{id=Long:1}", "{id=Long:2}");
    }
  }

  /** With a checkpoint, which Kernel reads by another way than commits. */
  @Test
  void voidColumnsInACheckpoint() {
    String name = "void_in_checkpoint";
    String table = "delta.`" + directory.resolve(name) + "`";
    SPARK.sql(
        "CREATE TABLE %s (id BIGINT, nothing VOID, s STRUCT<a: BIGINT, n: VOID>) USING delta TBLPROPERTIES ('delta.checkpointInterval'='2')"
            .formatted(table));
    for (int i = 0; i < 3; i++) {
      SPARK.sql("INSERT INTO %s (id) VALUES (%d)".formatted(table, i));
    }
    assertThat(directory.resolve(name + "/_delta_log/00000000000000000002.checkpoint.parquet"))
        .exists();
    try (TestShare share = TestShare.withHistory(directory, List.of(name))) {
      Rows.assertSame(share.read(name), delta(name));
      assertThat(share.read(name, Map.of("versionAsOf", "2")).count()).isEqualTo(2);
    }
  }

  @Test
  void spellingsThatDeltaLakeTakesForOne() throws IOException {
    String name = "spelled";
    WrittenLog log = table(name, "a.parquet", "b.parquet", "c d.parquet", "e.parquet");
    String root = directory.resolve(name).toRealPath().toString();
    long size = Files.size(data);
    log.commit(
        0,
        "",
        PROTOCOL,
        metadata(STRUCT.formatted(field("id", "\"long\""))),
        add("./a.parquet", size),
        add("file://" + root + "/b.parquet", size),
        add("c%20d.parquet", size),
        "",
        add("x/../e.parquet", size));
    log.commit(1, remove("a.parquet"), remove(root + "/b.parquet"));
    try (TestShare share = TestShare.withHistory(directory, List.of(name))) {
      Rows.assertSame(share.read(name), delta(name));
      assertThat(share.read(name).count()).isEqualTo(6);
      assertThat(share.read(name, Map.of("versionAsOf", "0")).count()).isEqualTo(12);
    }
  }
}
