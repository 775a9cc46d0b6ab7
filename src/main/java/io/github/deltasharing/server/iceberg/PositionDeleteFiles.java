/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.DeleteFile;

/**
 * The files of position deletes that were read last, for all tables. They never change. Safe for
 * use by several threads; two that miss at once both read.
 */
final class PositionDeleteFiles {
  private static final long MOST_BYTES = 64L << 20;

  private final ResolvedDeletes resolved = new ResolvedDeletes();
  private final Map<Key, DeletedPositions> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  private record Key(URI table, String location, long size) {}

  /** What equality deletes were found to delete. */
  ResolvedDeletes resolved() {
    return resolved;
  }

  DeletedPositions read(IcebergTable table, DeleteFile file) {
    Key key = new Key(table.shared().location(), file.location(), file.fileSizeInBytes());
    synchronized (this) {
      DeletedPositions found = kept.get(key);
      if (found != null) {
        return found;
      }
    }
    DeletedPositions read = PositionDeleteReader.read(table, file);
    synchronized (this) {
      if (read.bytes() <= MOST_BYTES && kept.put(key, read) == null) {
        bytes += read.bytes();
        while (bytes > MOST_BYTES) {
          Key eldest = kept.keySet().iterator().next();
          bytes -= kept.remove(eldest).bytes();
        }
      }
    }
    return read;
  }
}
