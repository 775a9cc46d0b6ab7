/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What tasks of this JVM fetched of shared files and may need again: ranges of bytes, by table,
 * file and place, never by a URL's query. The last ones used are kept, up to a bound for all tables
 * together. Data files never change: the same name, length and place in the store mean the same
 * bytes, and a table that changes has other files. Thread-safe.
 */
final class RangeCache {
  /** What a range takes besides its bytes. */
  static final int ENTRY_BYTES = 256;

  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * A file. Its name should be unique in its table; servers that number the files of each response
   * are why its place in the store has to be the same too.
   *
   * @param table distinguishes it from tables of other ids and other servers
   * @param name the file's in its table
   * @param size in bytes
   * @param place its URL without the query
   */
  record FileKey(String table, String name, long size, String place) {}

  private record Key(FileKey file, long start, long end) {}

  /**
   * A range.
   *
   * @param bytes never recycled
   * @param etag of the response that it is from, or null for none
   */
  record Entry(PooledBytes bytes, String etag) {}

  /** The cache of this JVM. */
  static RangeCache shared() {
    return ExecutorResources.shared(RangeCache.class, RangeCache::new);
  }

  /** The bytes {@code [start, end)} of a file; null where exactly these are not here. */
  synchronized Entry get(FileKey file, long start, long end) {
    return entries.get(new Key(file, start, end));
  }

  /**
   * Keeps a range, and drops those that were not used for longest.
   *
   * @param most how many bytes there may be, all ranges together
   * @return whether it was kept: it is not if it is too long by itself
   */
  synchronized boolean put(FileKey file, long start, long end, Entry entry, long most) {
    if (cost(entry) > most) {
      return false;
    }
    Entry before = entries.put(new Key(file, start, end), entry);
    bytes += cost(entry) - (before == null ? 0 : cost(before));
    Iterator<Entry> oldest = entries.values().iterator();
    while (bytes > most) {
      bytes -= cost(oldest.next());
      oldest.remove();
    }
    return true;
  }

  /** Drops what is here of a file. */
  synchronized void forget(FileKey file) {
    Iterator<Map.Entry<Key, Entry>> all = entries.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Key, Entry> entry = all.next();
      if (entry.getKey().file().equals(file)) {
        bytes -= cost(entry.getValue());
        all.remove();
      }
    }
  }

  /** How much memory is taken. */
  synchronized long bytes() {
    return bytes;
  }

  synchronized void clear() {
    entries.clear();
    bytes = 0;
  }

  private static long cost(Entry entry) {
    return entry.bytes().length() + ENTRY_BYTES;
  }
}
