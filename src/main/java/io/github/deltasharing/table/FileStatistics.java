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
  public static final FileStatistics NONE = new FileStatistics((name, path) -> null);

  private final Values values;

  private FileStatistics(Values values) {
    this.values = values;
  }

  /** Where the values of the statistics are. */
  @FunctionalInterface
  public interface Values {
    /**
     * A value, as JSON has it; null where there is none.
     *
     * @param statistic the field of the whole, such as {@code minValues}
     * @param path below it, outermost first; empty for the field itself
     */
    JsonNode find(String statistic, List<String> path);

    /**
     * The same for values that are kept as numbers: whole numbers, dates, times. Null where it is
     * not, whatever {@link #find} has.
     */
    default FilterValue find(String statistic, List<String> path, ValueKind kind) {
      return null;
    }
  }

  /** Statistics that are not kept as JSON text. */
  public static FileStatistics of(Values values) {
    return new FileStatistics(values);
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
      return tree.isObject()
          ? new FileStatistics((statistic, path) -> find(tree, statistic, path))
          : NONE;
    } catch (IOException e) {
      return NONE;
    }
  }

  /** The rows in the file, those that a deletion vector removes included. */
  public OptionalLong numRecords() {
    return number(values.find("numRecords", List.of()));
  }

  /** Whether min, max and null counts are exact rather than bounds; true when not said. */
  public boolean tightBounds() {
    JsonNode tight = values.find("tightBounds", List.of());
    return tight == null || tight.asBoolean(true);
  }

  /** {@link #min} as a value, if it is kept as one; null if not. */
  FilterValue min(List<String> physicalPath, ValueKind kind) {
    return values.find("minValues", physicalPath, kind);
  }

  /** {@link #max} as a value, if it is kept as one; null if not. */
  FilterValue max(List<String> physicalPath, ValueKind kind) {
    return values.find("maxValues", physicalPath, kind);
  }

  /** A value not above any value of the column, as text. */
  public Optional<String> min(List<String> physicalPath) {
    return text(values.find("minValues", physicalPath));
  }

  /** A value not below any value of the column, as text. */
  public Optional<String> max(List<String> physicalPath) {
    return text(values.find("maxValues", physicalPath));
  }

  /** How many of the rows have null in the column. */
  public OptionalLong nullCount(List<String> physicalPath) {
    return number(values.find("nullCount", physicalPath));
  }

  private static JsonNode find(JsonNode tree, String statistic, List<String> path) {
    JsonNode node = tree.get(statistic);
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
