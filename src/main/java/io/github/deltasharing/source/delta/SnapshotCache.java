/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.internal.SnapshotImpl;
import io.github.deltasharing.source.StoredFile;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Keeps the latest snapshots of the tables that were used last. A snapshot is handed out again
 * while its own commit file is unchanged and the next one is not there. Safe for use by several
 * threads; two that miss at once both load.
 */
final class SnapshotCache {
  /** How old an unchecked snapshot may be when staleness is acceptable. */
  private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final boolean stalenessAcceptable;
  private final Map<URI, Entry> entries;

  SnapshotCache(int capacity, boolean stalenessAcceptable) {
    this.stalenessAcceptable = stalenessAcceptable;
    entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<URI, Entry> eldest) {
            return size() > capacity;
          }
        };
  }

  Latest latest(DeltaTable table, Supplier<SnapshotImpl> load) {
    URI location = table.location();
    Entry kept;
    synchronized (entries) {
      kept = entries.get(location);
    }
    if (kept != null && isCurrent(table, kept)) {
      return new Latest(kept.snapshot(), Optional.of(kept.commit()));
    }
    SnapshotImpl snapshot = load.get();
    long version = snapshot.getVersion(null);
    Optional<StoredFile> commit = table.storage().find(DeltaTable.commit(version));
    synchronized (entries) {
      if (commit.isPresent()) {
        entries.put(location, new Entry(snapshot, version, commit.get(), System.nanoTime()));
      } else {
        entries.remove(location);
      }
    }
    return new Latest(snapshot, commit);
  }

  private boolean isCurrent(DeltaTable table, Entry entry) {
    if (stalenessAcceptable && System.nanoTime() - entry.loadedNanos() < STALE_NANOS) {
      return true;
    }
    return table.storage().find(DeltaTable.commit(entry.version() + 1)).isEmpty()
        && table
            .storage()
            .find(DeltaTable.commit(entry.version()))
            .filter(entry.commit()::equals)
            .isPresent();
  }

  /** A snapshot, and the file of its commit if that is there. */
  record Latest(SnapshotImpl snapshot, Optional<StoredFile> commit) {}

  private record Entry(SnapshotImpl snapshot, long version, StoredFile commit, long loadedNanos) {}
}
