/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.server.publish.csv.CsvColumn;
import io.github.deltasharing.server.publish.csv.Values;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bounds in a log are bounds of all values of a file: whoever skips by them loses no row. */
@Tag("unit")
class WrittenStatisticsTest {
  @TempDir Path directory;

  private JsonNode written(String type, List<Object[]> rows) throws Exception {
    Configuration small = DataFileWriter.localDisks();
    small.setLong("parquet.block.size", 4096);
    small.setLong("parquet.block.size.row.check.min", 10);
    small.setLong("parquet.page.size.row.check.min", 10);
    DeltaSchema schema = DeltaSchema.of(List.of(new CsvColumn("c", ColumnType.parse(type))));
    List<DataFile> files =
        new DataFileWriter(small).write(directory.toUri(), schema, rows.iterator());
    assertThat(files).hasSize(1);
    return new ObjectMapper().readTree(files.get(0).statistics());
  }

  private static List<Object[]> rows(String type, String... texts) {
    List<Object[]> rows = new ArrayList<>();
    for (String text : texts) {
      rows.add(new Object[] {text == null ? null : Values.of(ColumnType.parse(type), text)});
    }
    return rows;
  }

  @Test
  void noBoundsOfOneRowGroupStandForAll() throws Exception {
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      rows.add(new Object[] {i == 3 ? Double.NaN : i == 4 ? 1e9 : i * 1.1});
    }
    JsonNode statistics = written("double", rows);
    assertThat(statistics.path("numRecords").asLong()).isEqualTo(20_000);
    JsonNode most = statistics.at("/maxValues/c");
    assertThat(most.isMissingNode() || most.asDouble() >= 1e9).as(statistics.toString()).isTrue();
    List<Object[]> texts = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      texts.add(new Object[] {i == 3 ? "z".repeat(10_000) : "a" + i});
    }
    JsonNode ofTexts = written("string", texts);
    assertThat(ofTexts.at("/maxValues/c").asText("z")).isGreaterThanOrEqualTo("z");
  }

  @Test
  void timesAreRoundedOutwards() throws Exception {
    JsonNode statistics =
        written(
            "timestamp",
            rows("timestamp", "1969-12-31T23:59:59.000001Z", "2024-01-01T00:00:00.000001Z", null));
    assertThat(statistics.at("/minValues/c").asText()).isEqualTo("1969-12-31T23:59:59.000Z");
    assertThat(statistics.at("/maxValues/c").asText()).isEqualTo("2024-01-01T00:00:00.001Z");
    assertThat(statistics.at("/nullCount/c").asLong()).isEqualTo(1);
  }

  @Test
  void aTimeThatNoReaderParsesIsNoBound() throws Exception {
    JsonNode statistics =
        written(
            "timestamp",
            rows("timestamp", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:00:00.000Z"));
    assertThat(statistics.at("/maxValues/c").isMissingNode()).as(statistics.toString()).isTrue();
    assertThat(statistics.at("/minValues/c").asText()).isEqualTo("9999-12-31T23:00:00.000Z");
  }
}
