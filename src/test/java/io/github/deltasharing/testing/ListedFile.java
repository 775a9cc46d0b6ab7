/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Optional;

/** What a line of an answer says of its file, in either response format. Immutable. */
record ListedFile(JsonNode partitionValues, JsonNode statistics) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The file of a line; empty when the line is about something else. */
  static Optional<ListedFile> of(JsonNode line) {
    JsonNode file = line.path("file");
    if (file.isMissingNode()) {
      return Optional.empty();
    }
    JsonNode add = file.path("deltaSingleAction").path("add");
    JsonNode source = add.isMissingNode() ? file : add;
    return Optional.of(
        new ListedFile(source.path("partitionValues"), tree(source.path("stats").asText("{}"))));
  }

  /** JSON with fractions as doubles: a big decimal would lose the sign of -0.0. */
  static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  /** Rows as a server counts them that has never heard of deletion vectors. */
  long numRecords() {
    return statistics.path("numRecords").asLong(0);
  }

  /** A statistic of a column; a missing or null node when there is none. */
  JsonNode statistic(String name, List<String> path) {
    JsonNode node = statistics.path(name);
    for (String field : path) {
      node = node.path(field);
    }
    return node.isValueNode() ? node : MissingNode.getInstance();
  }

  boolean hasStatistics(List<String> path) {
    return present(statistic("minValues", path)) || present(statistic("maxValues", path));
  }

  /** Whether the statistics say that the column holds nothing but null. */
  boolean allNull(List<String> path) {
    JsonNode nulls = statistic("nullCount", path);
    return nulls.isIntegralNumber()
        && statistics.path("numRecords").isIntegralNumber()
        && nulls.asLong() == numRecords();
  }

  static boolean present(JsonNode node) {
    return !node.isMissingNode() && !node.isNull();
  }
}
