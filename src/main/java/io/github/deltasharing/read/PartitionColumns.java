/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.table.PartitionKeys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Takes the values of some partition columns out of a file's. A column that has none, or that is
 * never null and has null, is an error: the value would be made up. Immutable.
 */
public final class PartitionColumns {
  private final StructType columns;
  private final List<String> keys;
  private final int read;

  /**
   * @param columns those that are read, then others whose values are to be right too
   * @param keys their names on the wire
   * @param read how many are read
   */
  public PartitionColumns(StructType columns, List<String> keys, int read) {
    this.columns = columns;
    this.keys = List.copyOf(keys);
    this.read = read;
  }

  /** Columns that are all read. */
  public static PartitionColumns of(StructType columns, List<String> keys) {
    return new PartitionColumns(columns, keys, columns.length());
  }

  /**
   * The texts of those that are read; null for null.
   *
   * @param table for messages
   * @throws io.github.deltasharing.error.SharingException if a value is missing
   */
  public String[] texts(String table, String fileId, Map<String, String> values) {
    return texts(table, fileId, values, false);
  }

  /** The same of a file that a commit removed: Delta Lake leaves nulls out when it writes one. */
  public String[] textsOfRemoved(String table, String fileId, Map<String, String> values) {
    return texts(table, fileId, values, true);
  }

  private String[] texts(
      String table, String fileId, Map<String, String> values, boolean withoutNulls) {
    String[] texts = new String[read];
    for (int i = 0; i < keys.size(); i++) {
      StructField column = columns.fields()[i];
      String name = keys.get(i);
      Optional<String> key = PartitionKeys.find(values, name);
      if (key.isEmpty()
          && !(withoutNulls && values.keySet().stream().noneMatch(name::equalsIgnoreCase))) {
        throw FileErrors.missingPartitionValue(table, fileId, column.name());
      }
      String text = key.map(values::get).orElse(null);
      if (!column.nullable() && (text == null || text.isEmpty())) {
        throw FileErrors.nullPartitionValue(table, fileId, column.name());
      }
      if (i < read) {
        texts[i] = text;
      }
    }
    return texts;
  }
}
