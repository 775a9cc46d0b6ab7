/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.testing.TestSpark;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pages with less in them than their headers say: Parquet's reader waits for ever for the rest, of
 * some codecs, and takes no interrupt.
 */
class ShortPagesTest {
  private static final int ROWS = 5_000;

  @TempDir Path directory;

  static Stream<Arguments> files() {
    return Stream.of("snappy", "lz4_raw", "gzip", "zstd", "uncompressed")
        .flatMap(
            codec ->
                Stream.of("v1", "v2")
                    .flatMap(
                        version ->
                            Stream.of(true, false)
                                .map(columnar -> Arguments.of(codec, version, columnar))));
  }

  @ParameterizedTest
  @MethodSource("files")
  void areRefusedAndWholeOnesAreRead(String codec, String version, boolean columnar)
      throws Exception {
    Path file =
        ServedParquet.write(
            // Long and short runs of literals and matches, and nulls.
            TestSpark.session()
                .range(0, ROWS, 1, 1)
                .selectExpr(
                    "IF(id % 7 = 0, NULL, concat(repeat(chr(97 + int(id % 26)), int(id % 600)), uuid())) AS c"),
            directory.resolve("data"),
            Map.of(
                "compression",
                codec,
                "parquet.enable.dictionary",
                "false",
                "parquet.writer.version",
                version));
    assertThat(read(file, columnar)).isEqualTo(ROWS);
    byte[] damaged = longer(Files.readAllBytes(file));
    Files.write(file, damaged);
    Throwable thrown =
        catchThrowable(
            () -> assertTimeoutPreemptively(Duration.ofSeconds(60), () -> read(file, columnar)));
    if (codec.equals("snappy") || codec.equals("lz4_raw")) {
      // Of rows, Parquet's reader puts it into an exception of its own.
      assertThat(thrown)
          .satisfiesAnyOf(
              e -> assertThat(e).isInstanceOf(SharingException.class),
              e -> assertThat(e).hasRootCauseInstanceOf(SharingException.class))
          .hasStackTraceContaining("of a page that claims");
    } else {
      // Some say so, others read on: all end.
      assertThat(thrown)
          .satisfiesAnyOf(
              e -> assertThat(e).isNull(),
              e -> assertThat(e).isNotInstanceOf(AssertionError.class));
    }
  }

  private static long read(Path file, boolean columnar) throws Exception {
    try (ServedParquet served = new ServedParquet(file)) {
      return served.read(StructType.fromDDL("c STRING"), List.of(), columnar, 1).count();
    }
  }

  /** The first page says that it has one byte more; its header is as long as before. */
  private static byte[] longer(byte[] file) throws IOException {
    ByteArrayInputStream from = new ByteArrayInputStream(file, 4, file.length - 4);
    PageHeader page = Util.readPageHeader(from);
    int before = file.length - 4 - from.available();
    page.setUncompressed_page_size(page.getUncompressed_page_size() + 1);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    Util.writePageHeader(page, header);
    assertThat(header.size()).isEqualTo(before);
    byte[] damaged = file.clone();
    System.arraycopy(header.toByteArray(), 0, damaged, 4, before);
    return damaged;
  }
}
