/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.table.DeletedRows;
import java.util.Map;

/**
 * What a file of position deletes says: the deleted rows of each data file, by its location as the
 * metadata spells it. Immutable.
 *
 * @param bytes what this takes of the heap, roughly
 */
record DeletedPositions(Map<String, DeletedRows> rows, long bytes) {
  static DeletedPositions of(Map<String, DeletedRows> rows) {
    long bytes = 0;
    for (Map.Entry<String, DeletedRows> file : rows.entrySet()) {
      file.getValue().trim();
      bytes += 200 + 2L * file.getKey().length() + file.getValue().sizeInBytes();
    }
    return new DeletedPositions(rows, bytes);
  }
}
