/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.deltasharing.protocol.codec.UntrustedJson;
import io.github.deltasharing.table.FileStatistics;
import io.github.deltasharing.table.FilterValue;
import io.github.deltasharing.table.ValueKind;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * What is the same in the statistics of many files: the JSON text but for its values. Immutable,
 * safe for use by several threads; equal ones of one {@link StatisticsSplitter} are one.
 */
final class StatisticsShape {
  /** Characters of a number that is read without Jackson. */
  private static final int SHORT = 32;

  /** Stands for a value. */
  static final char VALUE = '\0';

  /** Text that is not taken apart: one value, which is all of it. */
  static final StatisticsShape WHOLE = new StatisticsShape(String.valueOf(VALUE), Map.of());

  private static final ObjectReader STRICT =
      UntrustedJson.MAPPER.reader().with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

  private final String skeleton;
  private final Map<String, Map<List<String>, Integer>> places;
  private final int count;

  private StatisticsShape(String skeleton, Map<List<String>, Integer> all) {
    this.skeleton = skeleton;
    this.count = all.size();
    this.places = new HashMap<>();
    all.forEach(
        (path, place) ->
            places
                .computeIfAbsent(path.get(0), statistic -> new HashMap<>())
                .put(List.copyOf(path.subList(1, path.size())), place));
  }

  /**
   * The shape of a text.
   *
   * @param skeleton the text with {@link #VALUE} for each value
   * @return {@link #WHOLE} if it is not JSON whose values have a place of their own
   */
  static StatisticsShape of(String skeleton) {
    StringBuilder numbered = new StringBuilder();
    int count = 0;
    for (int i = 0; i < skeleton.length(); i++) {
      if (skeleton.charAt(i) == VALUE) {
        numbered.append(count++);
      } else {
        numbered.append(skeleton.charAt(i));
      }
    }
    Map<List<String>, Integer> places = new HashMap<>();
    try {
      JsonNode tree = STRICT.readTree(numbered.toString().getBytes(StandardCharsets.UTF_8));
      collect(tree, new ArrayList<>(), places);
    } catch (IOException e) {
      return WHOLE;
    }
    return places.size() == count ? new StatisticsShape(skeleton, places) : WHOLE;
  }

  private static void collect(JsonNode node, List<String> path, Map<List<String>, Integer> places) {
    if (node.isInt()) {
      places.put(List.copyOf(path), node.intValue());
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      path.add(field.getKey());
      collect(field.getValue(), path, places);
      path.remove(path.size() - 1);
    }
  }

  /** The text with these values. */
  String text(IntFunction<String> values) {
    StringBuilder text = new StringBuilder(2 * skeleton.length());
    int count = 0;
    for (int i = 0; i < skeleton.length(); i++) {
      char c = skeleton.charAt(i);
      if (c == VALUE) {
        text.append(values.apply(count++));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  /**
   * The statistics of one file.
   *
   * @param columns its values, by their places
   * @param index where the file is in each of them
   */
  FileStatistics statistics(Texts[] columns, int index) {
    if (this == WHOLE) {
      return FileStatistics.parse(columns[0].get(index));
    }
    return FileStatistics.of(
        new FileStatistics.Values() {
          @Override
          public JsonNode find(String statistic, List<String> path) {
            Integer place = place(statistic, path);
            return place == null ? null : columns[place].node(index);
          }

          @Override
          public FilterValue find(String statistic, List<String> path, ValueKind kind) {
            Integer place = place(statistic, path);
            return place == null ? null : columns[place].value(index, kind);
          }
        });
  }

  private Integer place(String statistic, List<String> path) {
    return places.getOrDefault(statistic, Map.of()).get(path);
  }

  /** A value as Jackson reads it. */
  static JsonNode node(String value) {
    if (Texts.isNumber(value)) {
      return LongNode.valueOf(Long.parseLong(value));
    }
    if (value.startsWith("\"") && isPlain(value)) {
      return TextNode.valueOf(value.substring(1, value.length() - 1));
    }
    return switch (value) {
      case "true" -> BooleanNode.TRUE;
      case "false" -> BooleanNode.FALSE;
      case "null" -> NullNode.getInstance();
      default -> value.length() <= SHORT && isDigits(value) ? decimal(value) : parsed(value);
    };
  }

  private static boolean isDigits(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < '0' || c > '9') && c != '-' && c != '.') {
        return false;
      }
    }
    return value.indexOf('.') > 0;
  }

  /** The same as Jackson makes of it. */
  private static JsonNode decimal(String value) {
    BigDecimal number = new BigDecimal(value);
    return DecimalNode.valueOf(
        number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros());
  }

  /** Reads any value; null if it is none. */
  static JsonNode parsed(String value) {
    try {
      return UntrustedJson.MAPPER.readTree(value.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      return null;
    }
  }

  /** Whether the text between the quotes is what is meant. */
  static boolean isPlain(String quoted) {
    for (int i = 0; i < quoted.length(); i++) {
      char c = quoted.charAt(i);
      if (c < ' ' || c == '\\' || Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  long heapBytes() {
    return 100 + Texts.heapBytes(skeleton) + 200L * count;
  }
}
