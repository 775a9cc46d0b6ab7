/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.objectstore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.testing.Corpus;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of many files with a row each, whose ids are theirs, of which those of the first and last
 * ten ids are there. Delta Lake writes the log of these, to which the others are added.
 */
final class WideLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private WideLog() {}

  static Path write(Path table, int files) throws IOException {
    Corpus.interpreted(
        () -> {
          TestSpark.session()
              .range(0, 10, 1, 10)
              .union(TestSpark.session().range(files - 10, files, 1, 10))
              .toDF("id")
              .write()
              .format("delta")
              .save(table.toString());
          return null;
        });
    Path commit = table.resolve("_delta_log").resolve("00000000000000000000.json");
    List<String> lines = new ArrayList<>(Files.readAllLines(commit));
    ObjectNode add = null;
    for (String line : lines) {
      JsonNode action = JSON.readTree(line);
      add = action.has("add") ? (ObjectNode) action : add;
    }
    if (add == null) {
      throw new IOException("no file in " + commit);
    }
    for (int id = 10; id < files - 10; id++) {
      ObjectNode file = (ObjectNode) add.get("add");
      file.put("path", "part-" + id + ".parquet");
      file.put(
          "stats",
          "{\"numRecords\":1,\"minValues\":{\"id\":%1$d},\"maxValues\":{\"id\":%1$d},\"nullCount\":{\"id\":0}}"
              .formatted(id));
      lines.add(add.toString());
    }
    Files.write(commit, lines);
    // It has the number of files.
    Files.deleteIfExists(commit.resolveSibling("00000000000000000000.crc"));
    return table;
  }
}
