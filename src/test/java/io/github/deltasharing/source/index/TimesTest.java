/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.protocol.codec.UntrustedJson;
import io.github.deltasharing.table.FileColumn;
import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FileStatistics;
import io.github.deltasharing.table.FilterColumns;
import io.github.deltasharing.table.FilterValue;
import io.github.deltasharing.table.ValueKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dates, times and numbers that are kept as numbers are what their texts say. */
@Tag("unit")
class TimesTest {
  private static final String SCHEMA =
      "{\"type\":\"struct\",\"fields\":[{\"name\":\"c\",\"type\":\"%s\",\"nullable\":true,\"metadata\":{}}]}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"2024-02-29\",\"0001-01-01\"",
        "\"2024-02-29\",\"9999-12-31\"",
        "\"1969-12-31T23:59:59.999Z\",\"2024-02-29T00:00:00.000Z\"",
        "\"1901-01-01T00:00:00.5Z\",\"2024-02-29T12:00:00.0Z\"",
        "\"1969-12-31T23:59:59.999999\",\"2024-02-29T01:02:03.000001\"",
        "\"1969-12-31T23:59:59\",\"2024-02-29T01:02:03\"",
      })
  void textsComeOutAsTheyWentIn(String both) {
    List<String> quoted = List.of(both.split(","));
    List<String> bare = quoted.stream().map(text -> text.replace("\"", "")).toList();
    for (List<String> texts : List.of(quoted, bare)) {
      Texts kept = Texts.of(texts);
      assertThat(kept).isInstanceOf(Times.class);
      assertThat(List.of(kept.get(0), kept.get(1))).isEqualTo(texts);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-02-29,2023-02-29",
        "2024-02-29,2024-2-29",
        "2024-02-29,2024-02-29T00:00:00",
        "2024-02-29T00:00:00Z,2024-02-29T00:00:01",
        "2024-02-29T00:00:00.0,2024-02-29T00:00:01.00",
        "2024-02-29T00:00:00,2024-02-29T00:00:60",
        "2024-02-29T00:00:00,2024-02-29T24:00:00",
        "2024-02-29 00:00:00,2024-02-29 00:00:01",
        "2024-02-29T00:00:00.0000001,2024-02-29T00:00:00.0000002",
        "2024-02-29T00:00:00+01:00,2024-02-29T00:00:01+01:00",
        "0001-01-01T00:00:00Z,9999-01-01T00:00:00Z",
        "+024-02-29,2024-02-29",
        "-001-01-01,2024-02-29",
        "\"2024-02-29,2024-02-29\"",
        "2024-02-29,\"",
        "\"\",\"2024-02-29\"",
        "Z,2024-02-29T00:00:00Z",
      })
  void whatIsWrittenOtherwiseIsKeptAsText(String both) {
    List<String> texts = List.of(both.split(","));
    Texts kept = Texts.of(texts);
    assertThat(kept).isNotInstanceOf(Times.class);
    assertThat(List.of(kept.get(0), kept.get(1))).isEqualTo(texts);
  }

  @Test
  void valuesAreThoseOfTheTexts() throws Exception {
    for (ValueKind kind : ValueKind.values()) {
      String type = kind == ValueKind.INTEGER ? "long" : kind.name().toLowerCase(Locale.ROOT);
      FileColumn column =
          FileColumn.of(
              new FilterColumns(SCHEMA.formatted(type), List.of(), false).find("c").orElseThrow(),
              text -> Optional.empty());
      for (List<String> values :
          List.of(
              List.of("\"2024-02-29\"", "\"1960-01-01\""),
              List.of("\"2024-02-29T00:00:00.123Z\"", "\"1960-01-01T00:00:00.000Z\""),
              List.of("\"2024-02-29T00:00:00.123\"", "\"1960-01-01T00:00:00.000\""),
              List.of("\"2024-02-29T00:00:00Z\"", "\"1960-01-01T00:00:00Z\""),
              List.of("12", "-5"),
              List.of("1.50", "-2.25"),
              List.of("true", "false"),
              List.of("\"a\"", "\"12\""))) {
        Texts kept = Texts.of(values);
        for (int i = 0; i < 2; i++) {
          int index = i;
          String value = values.get(i);
          JsonNode json = UntrustedJson.MAPPER.readTree(value);
          assertThat(kept.node(i).getNodeType()).isEqualTo(json.getNodeType());
          assertThat(kept.node(i).asText()).isEqualTo(json.asText());
          FileStatistics indexed =
              FileStatistics.of(
                  new FileStatistics.Values() {
                    @Override
                    public JsonNode find(String statistic, List<String> path) {
                      return path.isEmpty() ? null : kept.node(index);
                    }

                    @Override
                    public FilterValue find(String statistic, List<String> path, ValueKind wanted) {
                      return kept.value(index, wanted);
                    }
                  });
          FileStatistics parsed =
              FileStatistics.of((statistic, path) -> path.isEmpty() ? null : json);
          assertThat(column.range(FileFacts.with(Map::of, indexed)))
              .as(kind + " " + value)
              .isEqualTo(column.range(FileFacts.with(Map::of, parsed)));
        }
      }
    }
  }
}
