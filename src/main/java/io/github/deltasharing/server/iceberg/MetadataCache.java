/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.StoredFile;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;

/**
 * Keeps the metadata of the tables that were used last, as it was read from files that never
 * change. Safe for use by several threads; two that miss at once both read.
 */
final class MetadataCache {
  /** Of the files; in memory it is some times as much. */
  private static final long MOST_BYTES = 32L << 20;

  private final int capacity;
  private final Map<URI, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * @param capacity of how many tables metadata is kept
   */
  MetadataCache(int capacity) {
    this.capacity = capacity;
  }

  private record Entry(String path, StoredFile file, TableMetadata metadata) {}

  /** The metadata in a file of a table, read if it is not that which was read last. */
  TableMetadata get(URI table, String path, StoredFile file, Supplier<TableMetadata> reading) {
    Optional<TableMetadata> kept = find(table, path, file);
    if (kept.isPresent()) {
      return kept.get();
    }
    TableMetadata read = reading.get();
    keep(table, new Entry(path, file, read));
    return read;
  }

  /** How long the file was that was read last of a table; 0 if none is kept. */
  synchronized long size(URI table) {
    Entry entry = entries.get(table);
    return entry == null ? 0 : entry.file().size();
  }

  /** Of a table's main branch in the metadata that was read last; empty if none is kept. */
  synchronized OptionalLong version(URI table) {
    Entry entry = entries.get(table);
    Snapshot current = entry == null ? null : entry.metadata().currentSnapshot();
    return current == null
        ? OptionalLong.empty()
        : OptionalLong.of(TableVersion.of(current).version());
  }

  private synchronized Optional<TableMetadata> find(URI table, String path, StoredFile file) {
    return Optional.ofNullable(entries.get(table))
        .filter(entry -> entry.path().equals(path) && entry.file().equals(file))
        .map(Entry::metadata);
  }

  private synchronized void keep(URI table, Entry entry) {
    remove(table);
    if (entry.file().size() > MOST_BYTES) {
      return;
    }
    entries.put(table, entry);
    bytes += entry.file().size();
    while (entries.size() > capacity || bytes > MOST_BYTES) {
      remove(entries.keySet().iterator().next());
    }
  }

  private void remove(URI table) {
    Entry removed = entries.remove(table);
    if (removed != null) {
      bytes -= removed.file().size();
    }
  }
}
