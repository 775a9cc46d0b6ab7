/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What a file would be as a table. Stateless. */
final class PreviewTable {
  private static final int VALUES = 3;

  private PreviewTable() {}

  static void show(ObjectNode preview, Output output) {
    StringBuilder line = new StringBuilder(preview.path("file_name").asText());
    line.append(": ").append(preview.path("rows").asText()).append(" rows");
    for (String field : List.of("encoding", "delimiter", "header")) {
      if (preview.has(field)) {
        line.append(", ").append(field).append(' ').append(preview.get(field).asText());
      }
    }
    output.note(line.toString());
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("COLUMN", "TYPE", "FIRST VALUES"));
    int index = 0;
    for (JsonNode column : preview.path("columns")) {
      rows.add(
          List.of(
              TerminalText.escape(column.path("name").asText()),
              TerminalText.escape(column.path("type").asText()),
              firstValues(preview.path("first_rows"), index++)));
    }
    output.rows(rows);
    for (JsonNode defect : preview.path("defects")) {
      output.note("line " + defect.path("line").asText() + ": " + defect.path("problem").asText());
    }
    for (JsonNode problem : preview.path("problems")) {
      output.note(problem.asText());
    }
  }

  private static String firstValues(JsonNode rows, int column) {
    List<String> values = new ArrayList<>();
    for (JsonNode row : rows) {
      if (values.size() < VALUES) {
        JsonNode value = row.path(column);
        values.add(value.isNull() ? "null" : TerminalText.escape(value.asText()));
      }
    }
    return String.join(", ", values);
  }
}
