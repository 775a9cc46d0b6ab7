/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import com.fasterxml.jackson.databind.node.TextNode;
import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.server.publish.csv.Values;
import java.util.function.IntConsumer;

/**
 * A value with parts as JSON, for people: structs and maps are objects, and what is no number is a
 * text. It ends where nobody looks any more. Used by one thread, for one value.
 */
final class NestedText {
  private final int longest;
  private final StringBuilder json = new StringBuilder();

  private NestedText(int longest) {
    this.longest = longest;
  }

  /**
   * Writes a value.
   *
   * @param longest after so many characters nothing is added
   */
  static String of(ColumnType type, Object value, int longest) {
    NestedText text = new NestedText(longest);
    text.add(type, value);
    return text.json.toString();
  }

  private void add(ColumnType type, Object value) {
    if (value == null) {
      json.append("null");
      return;
    }
    Object[] parts = type.isNested() ? (Object[]) value : null;
    switch (type.kind()) {
      case STRUCT ->
          all(
              '{',
              parts.length,
              i -> {
                name(type.parts().get(i).name());
                add(type.part(i), parts[i]);
              },
              '}');
      case ARRAY -> all('[', parts.length, i -> add(type.part(0), parts[i]), ']');
      case MAP -> {
        Object[] keys = (Object[]) parts[0];
        Object[] values = (Object[]) parts[1];
        all(
            '{',
            keys.length,
            i -> {
              name(Values.text(type.part(0), keys[i]));
              add(type.part(1), values[i]);
            },
            '}');
      }
      case BOOLEAN, BYTE, SHORT, INTEGER, LONG, DECIMAL -> json.append(Values.text(type, value));
      case FLOAT, DOUBLE -> {
        boolean finite = Double.isFinite(((Number) value).doubleValue());
        json.append(finite ? value.toString() : quoted(value.toString()));
      }
      default -> json.append(quoted(Values.text(type, value)));
    }
  }

  private void all(char start, int count, IntConsumer part, char end) {
    json.append(start);
    for (int i = 0; i < count && json.length() <= longest; i++) {
      json.append(i == 0 ? "" : ",");
      part.accept(i);
    }
    json.append(end);
  }

  private void name(String name) {
    json.append(quoted(name)).append(':');
  }

  private String quoted(String text) {
    return TextNode.valueOf(text.substring(0, Math.min(text.length(), longest + 1))).toString();
  }
}
