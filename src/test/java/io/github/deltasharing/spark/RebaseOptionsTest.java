/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ancient dates in a file that no Spark wrote: by which calendar, as for Spark's Parquet source.
 */
class RebaseOptionsTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message m { required int32 d (DATE); required int64 t (TIMESTAMP(MICROS,true)); }");

  @TempDir static Path directory;
  static TestShare share;

  @BeforeAll
  static void write() throws Exception {
    Path table = Files.createDirectories(directory.resolve("t"));
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(
                HadoopOutputFile.fromPath(
                    new org.apache.hadoop.fs.Path(table.resolve("part-0.parquet").toUri()),
                    new Configuration()))
            .withType(SCHEMA)
            .withConf(new Configuration())
            .build()) {
      for (int i = 0; i < 10; i++) {
        writer.write(
            new SimpleGroupFactory(SCHEMA)
                .newGroup()
                .append("d", -200_000 + i)
                .append("t", -17_000_000_000_000_000L + i));
      }
    }
    SPARK.sql("CONVERT TO DELTA parquet.`" + table + "` NO STATISTICS");
    share = TestShare.of(directory, List.of("t"));
  }

  @AfterAll
  static void stop() {
    share.close();
  }

  private static List<Row> shared(String... options) {
    return read("deltaSharing", options).load(share.path("t")).collectAsList();
  }

  private static DataFrameReader read(String format, String... options) {
    DataFrameReader reader = SPARK.read().format(format);
    for (int i = 0; i < options.length; i += 2) {
      reader = reader.option(options[i], options[i + 1]);
    }
    return reader;
  }

  private static String settings() {
    return SPARK.conf().get("spark.sql.parquet.datetimeRebaseModeInRead");
  }

  @ParameterizedTest
  @CsvSource({"CORRECTED", "LEGACY", "legacy"})
  void theyAreReadAsTheOptionSays(String mode) {
    assertThat(shared("datetimeRebaseMode", mode))
        .hasSize(10)
        .containsExactlyInAnyOrderElementsOf(
            read("parquet", "datetimeRebaseMode", mode.toUpperCase(Locale.ROOT))
                .load(directory.resolve("t").toString())
                .collectAsList());
  }

  @Test
  void withoutItTheSessionDecides() {
    String before = settings();
    try {
      SPARK.conf().set("spark.sql.parquet.datetimeRebaseModeInRead", "EXCEPTION");
      assertThat(catchThrowable(RebaseOptionsTest::shared))
          .hasStackTraceContaining("datetimeRebaseMode");
      List<Row> corrected = shared("datetimeRebaseMode", "CORRECTED");
      SPARK.conf().set("spark.sql.parquet.datetimeRebaseModeInRead", "LEGACY");
      assertThat(shared()).hasSize(10).doesNotContainAnyElementsOf(corrected);
    } finally {
      SPARK.conf().set("spark.sql.parquet.datetimeRebaseModeInRead", before);
    }
  }

  @Test
  void aModeThatThereIsNotIsRefused() {
    assertThat(catchThrowable(() -> shared("datetimeRebaseMode", "GREGORIAN")))
        .hasMessageContaining("datetimeRebaseMode")
        .hasMessageContaining("CORRECTED");
  }
}
