/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.protocol.codec.UntrustedJson;
import io.github.deltasharing.protocol.compact.PackedText;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The statistics of one data file (the protocol's "Per-file Statistics"), read by column path.
 * Whatever is missing or malformed is simply not known. Immutable.
 *
 * <p>With a deletion vector {@code numRecords} counts deleted rows too and min and max are bounds
 * only. Text is cut to a prefix, timestamps to milliseconds: see {@link FileColumn}.
 */
public final class FileStatistics {
  /** Nothing is known. */
  public static final FileStatistics NONE = new FileStatistics(null);

  private final JsonNode tree;

  private FileStatistics(JsonNode tree) {
    this.tree = tree;
  }

  /** Reads a file's {@code stats} text; null or unreadable text gives {@link #NONE}. */
  public static FileStatistics parse(String stats) {
    return parse(stats == null ? null : PackedText.of(stats));
  }

  static FileStatistics parse(PackedText stats) {
    if (stats == null) {
      return NONE;
    }
    try {
      JsonNode tree = UntrustedJson.MAPPER.readTree(stats.bytes());
      return tree.isObject() ? new FileStatistics(tree) : NONE;
    } catch (IOException e) {
      return NONE;
    }
  }

  /** The rows in the file, those that a deletion vector removes included. */
  public OptionalLong numRecords() {
    return tree == null ? OptionalLong.empty() : number(tree.get("numRecords"));
  }

  /** Whether min, max and null counts are exact rather than bounds; true when not said. */
  public boolean tightBounds() {
    return tree == null || tree.path("tightBounds").asBoolean(true);
  }

  /** A value not above any value of the column, as text. */
  public Optional<String> min(List<String> physicalPath) {
    return text(find("minValues", physicalPath));
  }

  /** A value not below any value of the column, as text. */
  public Optional<String> max(List<String> physicalPath) {
    return text(find("maxValues", physicalPath));
  }

  /** How many of the rows have null in the column. */
  public OptionalLong nullCount(List<String> physicalPath) {
    return number(find("nullCount", physicalPath));
  }

  private JsonNode find(String statistic, List<String> path) {
    JsonNode node = tree == null ? null : tree.get(statistic);
    for (String name : path) {
      node = node == null ? null : node.get(name);
    }
    return node;
  }

  private static Optional<String> text(JsonNode node) {
    return node == null || node.isNull() || !node.isValueNode()
        ? Optional.empty()
        : Optional.of(node.asText());
  }

  private static OptionalLong number(JsonNode node) {
    return node != null && node.canConvertToExactIntegral() && node.canConvertToLong()
        ? OptionalLong.of(node.longValue())
        : OptionalLong.empty();
  }
}
