/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/**
 * Files that are decided about together: a filter that no row of the group can pass is passed by
 * none of its files, for whatever is certain of the group is certain of each of them. What was
 * found out about a column is kept. Safe for use by several threads if its files are.
 */
public final class FileGroup {
  /** Of how many columns the range is kept. */
  public static final int KEPT_COLUMNS = 16;

  private final int size;
  private final IntFunction<FileFacts> files;
  private final Map<Key, ValueRange> ranges = new ConcurrentHashMap<>();

  /**
   * @param size at least one
   * @param files the facts of each; more of them than are in the group do no harm
   */
  public FileGroup(int size, IntFunction<FileFacts> files) {
    this.size = size;
    this.files = files;
  }

  /** Whether the filter may be true for some row of some file. */
  public boolean mayMatch(FileFilter filter) {
    return filter.mayMatch(FileFacts.of(this));
  }

  /** Of how many columns the range is kept by now. */
  public int knownRanges() {
    return ranges.size();
  }

  ValueRange range(FileColumn column) {
    Key key = new Key(column.column(), column.kind());
    ValueRange known = ranges.get(key);
    if (known != null) {
      return known;
    }
    ValueRange all = column.range(files.apply(0));
    for (int i = 1; i < size; i++) {
      all = all.union(column.range(files.apply(i)));
    }
    if (ranges.size() < KEPT_COLUMNS) {
      ranges.put(key, all);
    }
    return all;
  }

  /** A column, and whether and how its values are compared. */
  private record Key(FilterColumn column, ValueKind kind) {}
}
