/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import java.util.Map;
import java.util.Optional;

/**
 * Finds a column's value among a file's partition values. Every file has one of each partition
 * column, null or not (Delta protocol); where the column's own name is not there, the one name that
 * differs from it in case alone is taken for it. Static.
 */
public final class PartitionKeys {
  private PartitionKeys() {}

  /** The key under which the column's value is; empty where none is, or more than one may be. */
  public static Optional<String> find(Map<String, String> partitionValues, String column) {
    if (partitionValues.containsKey(column)) {
      return Optional.of(column);
    }
    String found = null;
    for (String key : partitionValues.keySet()) {
      if (key.equalsIgnoreCase(column)) {
        if (found != null) {
          return Optional.empty();
        }
        found = key;
      }
    }
    return Optional.ofNullable(found);
  }
}
