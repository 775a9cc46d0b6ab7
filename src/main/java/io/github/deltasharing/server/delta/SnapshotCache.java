package io.github.deltasharing.server.delta;

import io.delta.kernel.internal.SnapshotImpl;
import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.share.SharedTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Locale;
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
  private final Map<Path, Entry> entries;

  SnapshotCache(ServerSettings settings) {
    stalenessAcceptable = settings.stalenessAcceptable();
    int capacity = settings.deltaTableCacheSize();
    entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Path, Entry> eldest) {
            return size() > capacity;
          }
        };
  }

  SnapshotImpl latest(SharedTable table, Supplier<SnapshotImpl> load) {
    Path directory = table.directory();
    Entry kept;
    synchronized (entries) {
      kept = entries.get(directory);
    }
    if (kept != null && isCurrent(directory, kept)) {
      return kept.snapshot();
    }
    SnapshotImpl snapshot = load.get();
    long version = snapshot.getVersion(null);
    Optional<BasicFileAttributes> commit = commit(directory, version);
    synchronized (entries) {
      if (commit.isPresent()) {
        entries.put(directory, new Entry(snapshot, version, commit.get(), System.nanoTime()));
      } else {
        entries.remove(directory);
      }
    }
    return snapshot;
  }

  private boolean isCurrent(Path directory, Entry entry) {
    if (stalenessAcceptable && System.nanoTime() - entry.loadedNanos() < STALE_NANOS) {
      return true;
    }
    return commit(directory, entry.version() + 1).isEmpty()
        && commit(directory, entry.version()).filter(now -> same(now, entry.commit())).isPresent();
  }

  private static boolean same(BasicFileAttributes a, BasicFileAttributes b) {
    return a.size() == b.size()
        && a.lastModifiedTime().equals(b.lastModifiedTime())
        && java.util.Objects.equals(a.fileKey(), b.fileKey());
  }

  private static Optional<BasicFileAttributes> commit(Path directory, long version) {
    Path file =
        directory.resolve("_delta_log").resolve(String.format(Locale.ROOT, "%020d.json", version));
    try {
      return Optional.of(Files.readAttributes(file, BasicFileAttributes.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private record Entry(
      SnapshotImpl snapshot, long version, BasicFileAttributes commit, long loadedNanos) {}
}
