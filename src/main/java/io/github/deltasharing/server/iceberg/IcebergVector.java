/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.StoredVector;
import io.github.deltasharing.table.DeletedRows;
import io.github.deltasharing.table.DeletionVector;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.iceberg.DeleteFile;

/**
 * The deleted rows of a data file as a deletion vector of Delta's. Immutable.
 *
 * @param file the Puffin file that it is in; empty for one made of position deletes
 */
record IcebergVector(
    Optional<String> file, String inline, OptionalInt offset, int sizeInBytes, long cardinality)
    implements StoredVector {

  /**
   * A vector as it lies in a Puffin file: a blob of the type {@code deletion-vector-v1} has the
   * bytes, length and checksum of Delta's vectors in files.
   */
  static IcebergVector stored(IcebergTable table, DeleteFile vector) {
    Long offset = vector.contentOffset();
    Long size = vector.contentSizeInBytes();
    if (offset == null
        || size == null
        || offset < 0
        || size < DeletionVector.FRAME_BYTES
        || offset > Integer.MAX_VALUE
        || size > Integer.MAX_VALUE
        || offset + size > vector.fileSizeInBytes()) {
      throw table.unsupported(
          "a deletion vector of it is not inside its Puffin file, or behind 2 GiB of one");
    }
    return new IcebergVector(
        Optional.of(table.relative(vector.location())),
        null,
        OptionalInt.of(offset.intValue()),
        size.intValue() - DeletionVector.FRAME_BYTES,
        vector.recordCount());
  }

  static IcebergVector inline(DeletedRows rows) {
    return new IcebergVector(
        Optional.empty(),
        rows.inline(),
        OptionalInt.empty(),
        (int) rows.sizeInBytes(),
        rows.cardinality());
  }
}
