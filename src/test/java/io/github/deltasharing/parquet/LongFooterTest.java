/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A footer that is longer than the tail which is asked for before its length is known. */
class LongFooterTest {
  private static final String LONG = "_".repeat(300);

  @TempDir Path directory;

  @Test
  void whatTheTailLacksOfItIsOneRequest() throws Exception {
    String[] columns =
        Stream.concat(
                Stream.of("id", "sha2(string(id), 512) AS pad"),
                IntStream.range(0, 300).mapToObj(i -> "id AS `c" + i + LONG + "`"))
            .toArray(String[]::new);
    Path path =
        ServedParquet.write(
            TestSpark.session().range(20_000).selectExpr(columns),
            directory.resolve("wide"),
            Map.of());
    try (ServedParquet file = new ServedParquet(path)) {
      assertThat(
              file.read(new StructType().add("id", DataTypes.LongType, true), List.of(), true, 1)
                  .count())
          .isEqualTo(20_000);
      assertThat(file.size()).isGreaterThan(1 << 20);
      // The tail, the rest of the footer, the column.
      assertThat(file.ranges()).hasSize(3);
    }
  }
}
