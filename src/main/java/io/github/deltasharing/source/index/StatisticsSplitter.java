/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Takes statistics apart into their shape and their values. Not thread-safe. */
final class StatisticsSplitter {
  private static final int MOST_SHAPES = 1_000;
  private static final int LONGEST = 1 << 20;
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]{0,300})(?:\\.[0-9]{1,300})?(?:[eE][+-]?[0-9]{1,9})?");

  private final Map<String, StatisticsShape> shapes = new HashMap<>();

  /** Statistics apart: their shape, and their values as they were written. */
  record Split(StatisticsShape shape, List<String> values) {}

  Split split(String stats) {
    List<String> values = new ArrayList<>();
    String skeleton = stats.length() > LONGEST ? null : scan(stats, values);
    StatisticsShape shape =
        skeleton == null || !values.stream().allMatch(StatisticsSplitter::isValue)
            ? StatisticsShape.WHOLE
            : shape(skeleton);
    return shape == StatisticsShape.WHOLE
        ? new Split(shape, List.of(stats))
        : new Split(shape, values);
  }

  private StatisticsShape shape(String skeleton) {
    StatisticsShape known = shapes.get(skeleton);
    if (known != null) {
      return known;
    }
    if (shapes.size() >= MOST_SHAPES) {
      return StatisticsShape.WHOLE;
    }
    StatisticsShape shape = StatisticsShape.of(skeleton);
    shapes.put(skeleton, shape);
    return shape;
  }

  /** Collects the values; null if the text is no object of objects and values. */
  private static String scan(String text, List<String> values) {
    StringBuilder skeleton = new StringBuilder();
    int depth = 0;
    boolean value = false;
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int end = i + 1;
      if (c == '"') {
        end = endOfText(text, i);
      } else if (isBare(c)) {
        while (end < text.length() && isBare(text.charAt(end))) {
          end++;
        }
      }
      if (end < 0 || "[]\0".indexOf(c) >= 0 || (isBare(c) && !value)) {
        return null;
      }
      if ((c == '"' || isBare(c)) && value) {
        values.add(text.substring(i, end));
        skeleton.append(StatisticsShape.VALUE);
        value = false;
      } else {
        skeleton.append(text, i, end);
      }
      value = c == ':' || (value && isSpace(c));
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      i = end;
      if (depth == 0) {
        // What follows the object, or what is none.
        return c == '}' && i == text.length() ? skeleton.toString() : null;
      }
    }
    return null;
  }

  private static int endOfText(String text, int start) {
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        return i + 1;
      }
      if (c == '\0') {
        return -1;
      }
      if (c == '\\') {
        i++;
      }
    }
    return -1;
  }

  private static boolean isBare(char c) {
    return !isSpace(c) && "\"{}[]:,\0".indexOf(c) < 0;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  /** Whether the text is one JSON value for any reader. */
  private static boolean isValue(String text) {
    if (Texts.isNumber(text)
        || text.equals("null")
        || text.equals("true")
        || text.equals("false")) {
      return true;
    }
    if (!text.startsWith("\"")) {
      return NUMBER.matcher(text).matches() && StatisticsShape.parsed(text) != null;
    }
    if (StatisticsShape.isPlain(text)) {
      return true;
    }
    JsonNode parsed = StatisticsShape.parsed(text);
    return parsed != null && parsed.isTextual();
  }
}
