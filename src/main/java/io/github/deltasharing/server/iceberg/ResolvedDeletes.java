/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.table.DeletedRows;
import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;

/**
 * The rows that equality deletes delete of the data files that were looked into last, for all
 * tables. Files never change. Safe for use by several threads; two that miss at once both read.
 */
final class ResolvedDeletes {
  private static final long MOST_BYTES = 32L << 20;

  private final Map<Key, DeletedRows> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  private record Key(URI table, String file, long size, TreeSet<String> deletes) {
    long bytes(DeletedRows rows) {
      return 200
          + 2L * file.length()
          + deletes.stream().mapToLong(delete -> 100 + 2L * delete.length()).sum()
          + rows.sizeInBytes();
    }
  }

  /** The rows of a file, which are not to be changed. */
  DeletedRows get(
      IcebergTable table,
      DataFile file,
      Collection<DeleteFile> deletes,
      Supplier<DeletedRows> finding) {
    TreeSet<String> locations = new TreeSet<>();
    deletes.forEach(delete -> locations.add(delete.location()));
    Key key =
        new Key(table.shared().location(), file.location(), file.fileSizeInBytes(), locations);
    synchronized (this) {
      DeletedRows known = kept.get(key);
      if (known != null) {
        return known;
      }
    }
    DeletedRows found = finding.get();
    synchronized (this) {
      if (key.bytes(found) <= MOST_BYTES && kept.put(key, found) == null) {
        bytes += key.bytes(found);
        while (bytes > MOST_BYTES) {
          Map.Entry<Key, DeletedRows> eldest = kept.entrySet().iterator().next();
          kept.remove(eldest.getKey());
          bytes -= eldest.getKey().bytes(eldest.getValue());
        }
      }
    }
    return found;
  }
}
