/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.RangeCache.FileKey;

/**
 * Keeps what is read of files in the cache of the executor's JVM, which the option {@code
 * cacheMemory} switches on. A class, not a record, for Kryo. Immutable.
 */
public final class CachingAccess implements FileAccess {
  private static final long serialVersionUID = 1L;

  private final FileAccess access;
  private final String table;
  private final long mostBytes;

  private CachingAccess(FileAccess access, String table, long mostBytes) {
    this.access = access;
    this.table = table;
    this.mostBytes = mostBytes;
  }

  /**
   * The same way to the bytes, by way of the cache if the settings want one.
   *
   * @param table distinguishes the table from all others, those of other recipients too; null for
   *     one that is not to be cached
   */
  public static FileAccess of(FileAccess access, String table, HttpSettings settings) {
    return table == null || settings.cacheMemory() == 0
        ? access
        : new CachingAccess(access, table, settings.cacheMemory());
  }

  @Override
  public RangeReader open(SharedFile file, IoStats stats) {
    RangeReader reader = access.open(file, stats);
    return file.isCacheable()
        ? new CachingReader(
            reader,
            RangeCache.shared(),
            new FileKey(table, file.key(), file.size(), file.url().place()),
            mostBytes)
        : reader;
  }

  @Override
  public String toString() {
    return "CachingAccess[" + access + "]";
  }
}
