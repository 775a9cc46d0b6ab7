/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.compact.PackedText;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What is known of one data file without reading it. Statistics are parsed when they are first
 * needed. Not thread-safe.
 */
public final class FileFacts {
  private final Supplier<Map<String, String>> partitionValues;
  private final PackedText stats;
  private final long deletedRows;
  private final FileGroup group;
  private FileStatistics statistics;

  private FileFacts(Map<String, String> partitionValues, PackedText stats, long deletedRows) {
    this.partitionValues = () -> partitionValues;
    this.stats = stats;
    this.deletedRows = deletedRows;
    this.group = null;
  }

  private FileFacts(
      Supplier<Map<String, String>> partitionValues, FileStatistics statistics, FileGroup group) {
    this.partitionValues = partitionValues;
    this.stats = null;
    this.deletedRows = 0;
    this.group = group;
    this.statistics = statistics;
  }

  /**
   * The facts of a file.
   *
   * @param partitionValues by physical name; null or empty is SQL null
   * @param stats statistics as JSON, or null to go by partition alone
   */
  public static FileFacts of(Map<String, String> partitionValues, String stats) {
    return new FileFacts(partitionValues, stats == null ? null : PackedText.of(stats), 0);
  }

  /** The facts of a file whose statistics are at hand, and partition values when asked for. */
  public static FileFacts with(
      Supplier<Map<String, String>> partitionValues, FileStatistics statistics) {
    return new FileFacts(partitionValues, statistics, null);
  }

  /** What is true of all files of a group, for filters alone: it is no file's row count. */
  static FileFacts of(FileGroup group) {
    return new FileFacts(Map::of, FileStatistics.NONE, group);
  }

  /** The group of which these are the facts; null if they are one file's. */
  FileGroup group() {
    return group;
  }

  /** The facts of a file, the count of its deleted rows among them. */
  public static FileFacts of(AddFile file) {
    return new FileFacts(
        file.partitionValues(),
        file.packedStats(),
        file.deletionVector() == null ? 0 : file.deletionVector().cardinality());
  }

  /** Its partition values by physical name; null or empty is SQL null. */
  public Map<String, String> partitionValues() {
    return partitionValues.get();
  }

  FileStatistics statistics() {
    if (statistics == null) {
      statistics = FileStatistics.parse(stats);
    }
    return statistics;
  }

  /** The rows that a reader gets from the file, deleted ones taken off; empty when not known. */
  public OptionalLong liveRows() {
    OptionalLong rows = statistics().numRecords();
    return rows.isPresent() && rows.getAsLong() >= deletedRows
        ? OptionalLong.of(rows.getAsLong() - deletedRows)
        : OptionalLong.empty();
  }

  /** Whether statistics may be exact: nothing was deleted since they were taken. */
  boolean isUntouched() {
    return deletedRows == 0 && statistics().tightBounds();
  }
}
