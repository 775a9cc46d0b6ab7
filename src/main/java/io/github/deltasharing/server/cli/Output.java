/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Shows what the API said: as it is, or as tables. Used by one thread. */
final class Output {
  private static final String GAP = "  ";

  private final PrintStream out;
  private final AdminOptions.Format format;

  Output(PrintStream out, AdminOptions.Format format) {
    this.out = out;
    this.format = format;
  }

  boolean isJson() {
    return format == AdminOptions.Format.JSON;
  }

  /** A list, of whose items some fields are columns. */
  void list(ObjectNode body, String... fields) {
    if (isJson()) {
      out.println(body);
      return;
    }
    table(List.of(fields), body.path("items"));
  }

  private void table(List<String> fields, Iterable<JsonNode> items) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(fields.stream().map(field -> header(field)).toList());
    items.forEach(item -> rows.add(fields.stream().map(f -> cell(value(item, f))).toList()));
    rows(rows);
  }

  private static String header(String field) {
    return TerminalText.escape(
        field.substring(field.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT));
  }

  private static JsonNode value(JsonNode item, String field) {
    return field.startsWith("/") ? item.at(field) : item.path(field);
  }

  /** Rows of texts, aligned. */
  void rows(List<List<String>> rows) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(i == 0 ? "" : GAP).append(row.get(i));
        line.append(" ".repeat(widths[i] - width(row.get(i))));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  /** One thing: a line for each field; then the lists in it as tables. */
  void show(ObjectNode body) {
    if (isJson()) {
      out.println(body);
      return;
    }
    List<List<String>> lines = new ArrayList<>();
    List<String> lists = new ArrayList<>();
    collect("", body, lines, lists);
    rows(lines);
    for (String pointer : lists) {
      JsonNode list = body.at(pointer);
      Set<String> fields = new LinkedHashSet<>();
      list.forEach(item -> item.fieldNames().forEachRemaining(fields::add));
      out.println();
      out.println(TerminalText.escape(pointer.substring(1)) + ":");
      table(List.copyOf(fields), list);
    }
  }

  private static void collect(
      String place, JsonNode object, List<List<String>> lines, List<String> lists) {
    object
        .fields()
        .forEachRemaining(
            field -> {
              String name = place + field.getKey();
              JsonNode value = field.getValue();
              if (value.isObject() && !value.isEmpty()) {
                collect(name + ".", value, lines, lists);
              } else if (value.isArray() && !value.isEmpty() && value.get(0).isObject()) {
                lists.add("/" + name.replace('.', '/'));
              } else {
                lines.add(List.of(TerminalText.escape(name), cell(value)));
              }
            });
  }

  private static String cell(JsonNode value) {
    if (value.isMissingNode() || value.isNull() || (value.isContainerNode() && value.isEmpty())) {
      return "-";
    }
    if (value.isArray()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(Output::cell)
          .collect(Collectors.joining(", "));
    }
    String text = value.isValueNode() ? value.asText() : value.toString();
    return text.isEmpty() ? "-" : TerminalText.escape(text);
  }

  /** A line that is none of the API's, for people. */
  void note(String line) {
    if (!isJson()) {
      out.println(TerminalText.escape(line));
    }
  }

  /** Text of several lines as it is, but for what a terminal would take for more. */
  void text(String text) {
    out.print(TerminalText.escapeLines(text));
  }
}
